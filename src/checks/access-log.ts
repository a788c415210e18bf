import type { Answer } from '../model/check.js';
import type { Inspection } from './inspection.js';

/** One line of the access log by field. */
export type LogLine = Readonly<Record<string, string>>;

/** The access log of the stage, read with patience. */
export interface AccessLog {
  /**
   * Finds the lines of answers, waiting until all are there or patience is at an end.
   *
   * Lines come by the index of the answer; those that did not arrive are undefined. The whole is undefined when the
   * stage has no access log.
   */
  find(answers: readonly Answer[]): Promise<readonly (LogLine | undefined)[] | undefined>;
}

/** How long lines are waited for over the whole run, in milliseconds: CloudWatch delivers within minutes. */
const PATIENCE_MS = 300_000;
/** Pause between two looks, in milliseconds. */
const PAUSE_MS = 5_000;
/** How far the clocks of AWS and of this machine may be apart, in milliseconds. */
const SKEW_MS = 60_000;

/** Opens the access log as of now. Patience is one for all, so that a log that never comes is waited for once. */
export function openAccessLog({ probe, goOn }: Inspection): AccessLog {
  const since = probe.now() - SKEW_MS;
  let deadline: number | undefined;
  return {
    async find(answers) {
      const ids = answers.map(({ headers }) => headers['x-amz-apigw-id']);
      deadline ??= probe.now() + PATIENCE_MS;
      for (;;) {
        goOn();
        const lines = await probe.accessLog(since);
        if (lines === undefined) return undefined;
        const byId = new Map(lines.map((line) => [line['extendedRequestId'], line]));
        const found = ids.map((id) => (id === undefined ? undefined : byId.get(id)));
        if (!found.includes(undefined) || probe.now() >= deadline) return found;
        await probe.sleep(PAUSE_MS);
      }
    },
  };
}

/**
 * Whether a line tells of an answer out of the stage cache.
 *
 * AWS: the integration is not called on a hit, so its variables print as "-" (inferred from "unset variables print -";
 * no published recording shows it).
 */
export function isHit(line: LogLine): boolean {
  return line['integrationStatus'] === '-' || line['integrationLatency'] === '-';
}
