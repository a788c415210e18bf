import { RefusedError } from '../errors.js';
import type { ApiHave } from '../resources/api.js';
import type { StageHave } from '../resources/stage.js';
import type { Context } from './context.js';
import { jobOf } from './job.js';

/** The finished API of an environment. */
export interface FoundStage {
  /** Address of the stage, without a trailing slash. */
  readonly url: string;
  readonly api: ApiHave;
  readonly stage: StageHave;
}

/**
 * Finds the API of the environment and its stage, as they are. Changes nothing.
 *
 * @throws {RefusedError} when either is missing; `intent` begins its sentence: 'Cannot flush'.
 */
export async function findStage(context: Context, intent: string): Promise<FoundStage> {
  const { config, environment, ledger } = context;
  const job = jobOf(context, { prune: false, readFolders: false, removing: false });
  const known = new Map<string, unknown>();
  for (const address of ['api', 'stage']) {
    const resource = job.resources.find((is) => is.address === address);
    if (resource === undefined) continue;
    const have = await resource.observe(job.world, await resource.desire(config, known), ledger.memo(address));
    if (have !== undefined) known.set(address, have);
  }
  const url = urlOf(context, known);
  if (url !== undefined) return { url, api: known.get('api') as ApiHave, stage: known.get('stage') as StageHave };
  throw new RefusedError(
    `${intent} "${environment.name}", stage "${environment.stage}": it has no ${known.has('api') ? 'stage' : 'API'} yet.`,
    { code: 'NOT_WIRED', suggestions: ['pixgate wire', 'pixgate up'] },
  );
}

/** Address of the stage, once both it and its API are known to exist. */
export function urlOf({ target, environment }: Context, known: ReadonlyMap<string, unknown>): string | undefined {
  const api = known.get('api') as ApiHave | undefined;
  if (api === undefined || !known.has('stage')) return undefined;
  return target.stageUrl({
    apiId: api.id,
    region: environment.region,
    partition: environment.partition,
    stage: environment.stage,
  });
}
