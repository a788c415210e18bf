import { runChecks } from '../checks/index.js';
import { AwsError } from '../errors.js';
import type { CheckResult, Report } from '../model/check.js';
import type { Listener } from '../model/event.js';
import { surfaceOf } from '../resources/api.js';
import type { Context } from './context.js';
import { findStage } from './find-stage.js';
import { openKeyDesk } from './key-desk.js';
import { type MadeCredentials, makeCredentials } from './made-credentials.js';
import { openProbe } from './probe.js';
import type { VerifyOptions } from './project.js';

/** Does what is to be done, takes away what was made for it, however it ends, and tells of what stays. */
async function withUndo<T>(work: () => Promise<T>, undo: MadeCredentials['undo'], listener: Listener): Promise<T> {
  try {
    return await work();
  } finally {
    for (const label of await undo()) {
      const text = `${label} was made for the run and could not be taken away: pixgate access  lists and deletes it`;
      listener({ type: 'warning', address: '', text });
    }
  }
}

/** What the run shows to be let in: what it was given, else the first API key, else what it makes for itself. */
async function gather(
  context: Context,
  { credentials = {}, makeCredentials: makes = false }: VerifyOptions,
): Promise<MadeCredentials> {
  if (makes) return makeCredentials(context, credentials);
  // A key with a quota is not spent on checks unasked: it may be somebody's.
  const wantsKey = context.config.mounts.some(({ access }) => access.kind === 'api-key' && access.quota === undefined);
  const apiKey = credentials.apiKey ?? (wantsKey ? await firstKey(context) : undefined);
  return { credentials: { ...credentials, apiKey }, undo: async () => [] };
}

/** Value of the oldest key that works; undefined where there is none, or who runs the checks may not see it. */
async function firstKey(context: Context): Promise<string | undefined> {
  try {
    const desk = openKeyDesk(context);
    const key = (await desk.list()).find(({ enabled }) => enabled);
    return key === undefined ? undefined : await desk.reveal(key.id);
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}

/**
 * Asks the finished API everything that the drawing and the uploads promise. Changes nothing, unless it is to make credentials for itself.
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
  const { credentials, undo } = await gather(context, options);
  const probe = openProbe(context, { url, api, stage: found }, credentials);
  const hear = (result: CheckResult, done: number, total: number): void =>
    listener({ type: 'check', result, done, total });
  const outcome = await withUndo(() => runChecks(ask, probe, hear, signal), undo, listener);
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
