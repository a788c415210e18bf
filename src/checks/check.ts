import type { CheckGroup, CheckResult, CheckStatus } from '../model/check.js';

/** One question, ready to be asked. */
export interface Check {
  /** Stable within one configuration. */
  readonly id: string;
  /** The family it is shown in. */
  readonly group: CheckGroup;
  /** One sentence that is true when the check passes. */
  readonly title: string;
  /** Asks, and judges the answer. */
  run(): Promise<Finding>;
}

/** What one check found out; the runner adds its name and the time it took. */
export interface Finding {
  /** The verdict. */
  readonly status: CheckStatus;
  /** What was asked. */
  readonly asked?: string;
  /** What must come back. */
  readonly expected?: string;
  /** What came back. */
  readonly got?: string;
  /** The probable cause, in one sentence. */
  readonly cause?: string;
  /** What to type or change. */
  readonly fix?: string;
}

/** Puts a finding under the name of its check. */
export function toResult(check: Check, finding: Finding, tookMs: number): CheckResult {
  const { id, group, title } = check;
  return { id, group, title, ...finding, tookMs };
}

/** A check that needs no asking, because what it would ask for is not there. */
export function foregone(id: string, group: CheckGroup, title: string, finding: Finding): Check {
  return { id, group, title, run: () => Promise.resolve(finding) };
}
