import type { Step } from '../model/plan.js';
import { poolAccess } from '../resources/pool.js';
import { findOwnPools, rememberedPool } from '../resources/pool-sight.js';
import { unlessDenied } from '../resources/things.js';
import type { Context } from './context.js';

/** What is to be known of the user pool and of the people in it, in sentences. */
export async function noticePool(context: Context, steps: readonly Step[]): Promise<string[]> {
  const step = steps.find(({ address }) => address === 'pool');
  if (step?.action === 'remove') return noticeUsers(context);
  if (step?.action !== 'keep' || poolAccess(context.config) !== undefined) return [];
  return [`User pool "${step.label}" stays with its users until teardown, though no mount asks for it any more.`];
}

/** How many people lose their accounts; and that somebody meant to keep a pool from going. */
async function noticeUsers({ aws, environment, ledger }: Context): Promise<string[]> {
  const notices: string[] = [];
  for (const { id, name, settings } of await findOwnPools(
    { aws, environment },
    rememberedPool(ledger.memo('pool'))?.id,
  )) {
    const users = await unlessDenied(aws.userPools.listUsers(id));
    const what = users === undefined ? 'its users, whom you may not list' : `its users: ${users.length}`;
    if (users?.length !== 0) notices.push(`User pool "${name}" (${id}) goes with ${what}.`);
    if (settings.deletionProtection)
      notices.push(`Somebody protected user pool "${name}" (${id}) from being deleted: it is deleted all the same.`);
  }
  return notices;
}
