import type { CheckResult, Report, Sample } from '../../src/model/check.js';

/** A check that passed, but for what is said otherwise. */
export function checkOf(change: Partial<CheckResult>): CheckResult {
  return { id: 'bytes/a.png', group: 'bytes', title: 'a.png comes whole', status: 'passed', tookMs: 12, ...change };
}

/** A report on these checks. */
export function reportOf(results: readonly CheckResult[], samples: readonly Sample[] = []): Report {
  const count = (status: CheckResult['status']) => results.filter((result) => result.status === status).length;
  return {
    target: 'local',
    account: '123456789012',
    region: 'eu-west-1',
    name: 'holiday',
    stage: 'dev',
    url: 'http://127.0.0.1:4510/dev',
    startedAt: '2026-11-23T00:00:00Z',
    tookMs: 2400,
    passed: count('passed'),
    failed: count('failed'),
    inconclusive: count('inconclusive'),
    skipped: count('skipped'),
    results,
    samples,
    images: [],
  };
}
