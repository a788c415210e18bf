import type { MountConfig } from '../config/config.js';
import type { Listener } from '../model/event.js';
import type { ApiAnswer } from '../targets/target.js';
import type { Context } from './context.js';

/** How many good answers in a row mean that every server knows the deployment. */
const GOOD_IN_A_ROW = 3;
const PAUSE_MS = 2_000;
/** AWS: a new role takes up to 30 s, and a new stage goes back and forth for some 10 s. */
const BUDGET_MS = 60_000;

/**
 * Waits until each mount answers for an image that cannot exist as the drawing says, several times in a row. Answers
 * after 60 s in any case: the checks say then what is wrong.
 */
export async function settle(
  { config, target, aws }: Context,
  url: string,
  listener: Listener,
  signal: AbortSignal,
): Promise<boolean> {
  const start = target.clock.now();
  let good = 0;
  let asked = 0;
  while (good < GOOD_IN_A_ROW && !signal.aborted) {
    asked += 1;
    // A path of its own each time: the cache keeps refusals too, and would say the same for the whole of its TTL.
    const path = `/pixgate-settling-${asked}`;
    const ask = async (mount: MountConfig): Promise<boolean> => {
      const plain = { method: 'GET', url: `${url}${mount.path}${path}`, headers: {} };
      const headers = mount.access.kind === 'iam' ? await aws.signInvoke(plain) : {};
      return target.ask({ ...plain, headers }).then(
        (answer) => isGood(answer, mount),
        () => false,
      );
    };
    const answers = await Promise.all(config.mounts.map(ask));
    good = answers.every(Boolean) ? good + 1 : 0;
    const elapsedMs = target.clock.now() - start;
    if (good === GOOD_IN_A_ROW) return true;
    if (elapsedMs > BUDGET_MS) return false;
    if (good > 0) continue;
    listener({ type: 'wait', address: 'stage', for: 'the first good answers', elapsedMs, expectedMs: 20_000 });
    await target.clock.sleep(PAUSE_MS);
  }
  return good === GOOD_IN_A_ROW;
}

function isGood({ status, headers, body }: ApiAnswer, { access }: MountConfig): boolean {
  const text = Buffer.from(body).toString();
  switch (access.kind) {
    case 'public':
      return status === 404 && text.includes('ImageNotFound');
    case 'iam':
      // Whoever sets up a mount need not be one of those who may see it; but then its policies are known already.
      return (
        (status === 404 && text.includes('ImageNotFound')) ||
        (headers['x-amzn-errortype'] ?? '').startsWith('AccessDenied')
      );
    case 'api-key':
      return status === 403 && text.includes('API key');
    default:
      return status === 401 && text.includes('Unauthorized');
  }
}
