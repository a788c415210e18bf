import type { CheckResult, Report } from '../../src/model/check.js';

/** Text that breaks out of whatever is not escaped. */
export const HOSTILE = `"><script>alert('x')</script>&\u0000\u001B[31m`;

/** One result, passed unless told otherwise. */
export function result(part: Partial<CheckResult> = {}): CheckResult {
  return { id: 'bytes/images/cat.png/s3', group: 'bytes', title: 'S3 has it.', status: 'passed', tookMs: 12, ...part };
}

/** A report of some results, counted. */
export function report(results: readonly CheckResult[], part: Partial<Report> = {}): Report {
  const count = (status: CheckResult['status']) => results.filter((result) => result.status === status).length;
  return {
    target: 'local',
    account: '123456789012',
    region: 'eu-west-1',
    name: 'holiday',
    stage: 'dev',
    url: 'https://abc.execute-api.eu-west-1.amazonaws.com/dev',
    startedAt: '2026-11-23T04:00:00.123Z',
    tookMs: 8423,
    passed: count('passed'),
    failed: count('failed'),
    inconclusive: count('inconclusive'),
    skipped: count('skipped'),
    results,
    samples: [],
    images: [],
    ...part,
  };
}
