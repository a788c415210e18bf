import type { Answer } from '../model/check.js';
import { jsonBody } from './expectation.js';
import { type Inspection, imagePath, type MountSubject, missingPath } from './inspection.js';

/** How long a new deployment or role may take to be known everywhere, in milliseconds. */
const GRACE_MS = 60_000;
/** AWS: how long a new API key may take, in milliseconds. From LocalStack's tests on AWS (test_api_key_required_for_methods). */
const KEY_GRACE_MS = 120_000;
/** Pause between two looks at a gateway that has not settled, in milliseconds. */
const PAUSE_MS = 3_000;
/** Good answers in a row that count as settled. */
const IN_A_ROW = 3;

/** Waits, once a run, until the gateway answers like one that is there; gives up after the grace, and the checks say why. */
export async function settle(inspection: Inspection): Promise<void> {
  const { mounts } = inspection;
  const first = mounts.find(({ visitors }) => visitors.length === 0) ?? mounts.find(hasViewer);
  if (first !== undefined) await settleMount(inspection, first);
  for (const mount of mounts.filter((is) => is !== first && isOpenedByKey(is))) await settleMount(inspection, mount);
}

async function settleMount(inspection: Inspection, mount: MountSubject): Promise<void> {
  const { probe, questions } = inspection;
  const path = pathOf(inspection, mount);
  const deadline = probe.now() + (isOpenedByKey(mount) ? KEY_GRACE_MS : GRACE_MS);
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

/**
 * Finds out of which mounts this run may see nothing, where what they ask for may keep out even one of the right kind; their
 * checks are passed over then.
 */
export async function findShutOut(inspection: Inspection): Promise<void> {
  for (const mount of inspection.mounts) {
    const viewer = mount.visitors.find(({ admitted }) => admitted);
    if (viewer?.doubt === undefined) continue;
    const { status } = await inspection.fetch({ method: 'GET', path: pathOf(inspection, mount), visitor: viewer });
    if (status === 401 || status === 403)
      inspection.shutOut.set(mount.id, `the credentials of this run are kept out: ${viewer.doubt}`);
  }
}

function isOpenedByKey({ visitors }: MountSubject): boolean {
  return visitors.some(({ id, admitted }) => id === 'key' && admitted);
}

function hasViewer({ visitors }: MountSubject): boolean {
  return visitors.some(({ admitted }) => admitted);
}

function pathOf(inspection: Inspection, { path, model }: MountSubject): string {
  return model === undefined ? missingPath(inspection, path) : imagePath(path, model.key);
}

/** Whether an answer is none of those that a gateway gives while a deployment, a stage or a role spreads. */
function isSettled(answer: Answer, unroutedError: string | undefined): boolean {
  if (answer.status === 0 || answer.status >= 500) return false;
  const json = jsonBody(answer);
  if (['Forbidden', 'Missing Authentication Token'].some((text) => json?.['message'] === text)) return false;
  // AWS: a refusal by policy has the same shape here, but says that the method is known.
  if ((answer.headers['x-amzn-errortype'] ?? '').startsWith('AccessDenied')) return true;
  return unroutedError === undefined || json?.['error'] !== unroutedError;
}
