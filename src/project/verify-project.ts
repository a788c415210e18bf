import { runChecks } from '../checks/index.js';
import { RefusedError } from '../errors.js';
import type { Report } from '../model/check.js';
import type { Listener } from '../model/event.js';
import { type ApiHave, surfaceOf } from '../resources/api.js';
import { urlOf } from './apply-plan.js';
import type { Context } from './context.js';
import { jobOf } from './job.js';
import { openProbe } from './probe.js';
import type { VerifyOptions } from './project.js';

/**
 * Asks the finished API everything that the drawing and the uploads promise. Changes nothing.
 *
 * @throws {RefusedError} when there is no API to ask yet.
 */
export async function verifyProject(
  context: Context,
  options: VerifyOptions,
  listener: Listener,
  signal?: AbortSignal,
): Promise<Report> {
  const { config, environment, target } = context;
  const start = target.clock.now();
  const { url, api } = await locate(context);
  const surface = surfaceOf(environment, config);
  const ask = {
    surface,
    mounts: config.mounts.map(({ id, path }) => ({ id, path })),
    accessLog: config.logs.access,
    stage: config.stage,
    ...(config.cache === undefined ? {} : { cache: { ttlSeconds: config.cache.ttlSeconds } }),
    ...(config.cors === undefined ? {} : { cors: config.cors }),
    ...(options.sample === undefined ? {} : { sample: options.sample }),
  };
  const outcome = await runChecks(
    ask,
    openProbe(context, url, api),
    (result, done, total) => listener({ type: 'check', result, done, total }),
    signal,
  );
  const count = (status: string): number => outcome.results.filter((result) => result.status === status).length;
  const { account, region, name, stage } = environment;
  return {
    target: target.name,
    account,
    region,
    name,
    stage,
    url,
    startedAt: new Date(start).toISOString(),
    tookMs: target.clock.now() - start,
    passed: count('passed'),
    failed: count('failed'),
    inconclusive: count('inconclusive'),
    skipped: count('skipped'),
    ...outcome,
  };
}

/** The API of the environment and the address of its stage; drift is for the checks to find. */
async function locate(context: Context): Promise<{ url: string; api: ApiHave }> {
  const { config, environment } = context;
  const job = jobOf(context, { prune: false, readFolders: false, removing: false });
  const known = new Map<string, unknown>();
  for (const address of ['api', 'stage']) {
    const resource = job.resources.find((is) => is.address === address);
    if (resource === undefined) continue;
    const have = await resource.observe(job.world, await resource.desire(config, known), context.ledger.memo(address));
    if (have !== undefined) known.set(address, have);
  }
  const url = urlOf(context, known);
  if (url !== undefined) return { url, api: known.get('api') as ApiHave };
  throw new RefusedError(
    `Cannot test "${environment.name}", stage "${environment.stage}": it has no ${known.has('api') ? 'stage' : 'API'} yet.`,
    {
      code: 'NOTHING_TO_TEST',
      suggestions: ['pixgate wire', 'pixgate up'],
    },
  );
}
