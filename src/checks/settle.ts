import type { Answer } from '../model/check.js';
import { jsonBody } from './expectation.js';
import { type Inspection, imagePath, missingPath } from './inspection.js';

/** How long a new deployment or role may take to be known everywhere, in milliseconds. */
const GRACE_MS = 60_000;
/** Pause between two looks at a gateway that has not settled, in milliseconds. */
const PAUSE_MS = 3_000;
/** Good answers in a row that count as settled. */
const IN_A_ROW = 3;

/** Waits, once a run, until the gateway answers like one that is there; gives up after the grace, and the checks say why. */
export async function settle(inspection: Inspection): Promise<void> {
  const { probe, questions } = inspection;
  const [mount] = inspection.mounts;
  if (mount === undefined) return;
  const path = mount.model === undefined ? missingPath(inspection, mount.path) : imagePath(mount.path, mount.model.key);
  const deadline = probe.now() + GRACE_MS;
  for (let good = 0; good < IN_A_ROW; ) {
    const answer = await inspection.fetch({ method: 'GET', path });
    if (isSettled(answer, questions.unrouted.error)) {
      good++;
    } else if (probe.now() >= deadline) {
      return;
    } else {
      good = 0;
      await probe.sleep(PAUSE_MS);
    }
  }
}

/** Whether an answer is none of those that a gateway gives while a deployment, a stage or a role spreads. */
function isSettled(answer: Answer, unroutedError: string | undefined): boolean {
  if (answer.status === 0 || answer.status >= 500) return false;
  const json = jsonBody(answer);
  const early = ['Forbidden', 'Missing Authentication Token'].some((text) => json?.['message'] === text);
  return !early && (unroutedError === undefined || json?.['error'] !== unroutedError);
}
