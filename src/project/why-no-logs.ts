import { isServed, type LoggingHave } from '../resources/logging.js';
import { isSilent, type StageHave } from '../resources/stage.js';
import type { Context } from './context.js';
import { jobOf } from './job.js';

/** What to do when a stage is without logs that are wanted. */
export const WAYS_TO_LOG =
  "an administrator names a role for API Gateway's logs in the account, then pixgate wire; or logs: { level: off, access: false }";

/**
 * Says why a stage writes no logs that are wanted; undefined where it is not for want of a role, or where the role went
 * after wire had set it.
 */
export function excuseSilence(
  { ledger }: Pick<Context, 'ledger'>,
  logging: LoggingHave | undefined,
  stage: StageHave | undefined,
): string | undefined {
  if (logging === undefined || isServed(logging) || stage === undefined) return undefined;
  const settled = ledger.memo('logging')?.settled as { readonly alive?: boolean } | undefined;
  // Without a ledger a silent stage tells: one whose role went later would still be told to write.
  if (settled?.alive !== false && !isSilent(stage)) return undefined;
  return 'API Gateway has no role to write logs with in this account and Region, so the stage is without logs';
}

/** Looks up whether a stage is silent for want of a role; undefined where logs are off in the config. */
export async function findExcuse(context: Context, stage: StageHave): Promise<string | undefined> {
  const job = jobOf(context, { prune: false, readFolders: false, removing: false });
  const resource = job.resources.find(({ address }) => address === 'logging');
  const want = await resource?.desire(job.config, new Map());
  const have = await resource?.observe(job.world, want);
  return excuseSilence(context, have as LoggingHave | undefined, stage);
}
