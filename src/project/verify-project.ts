import { runChecks } from '../checks/index.js';
import type { Report } from '../model/check.js';
import type { Listener } from '../model/event.js';
import { surfaceOf } from '../resources/api.js';
import type { Context } from './context.js';
import { findStage } from './find-stage.js';
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
  const { url, api, stage: found } = await findStage(context, 'Cannot test');
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
    openProbe(context, { url, api, stage: found }),
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
