import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { type Aws, openAws, openSts } from '../../src/aws/aws.js';
import { renderHtmlReport, renderJunit } from '../../src/checks/index.js';
import type { Config, MountConfig } from '../../src/config/config.js';
import {
  type CallRecord,
  createEmulator,
  type Emulator,
  type EmulatorOptions,
  type WireRequest,
} from '../../src/emulator/index.js';
import type { Report } from '../../src/model/check.js';
import type { Event } from '../../src/model/event.js';
import type { Phase, Plan } from '../../src/model/plan.js';
import type { ApplyResult } from '../../src/model/result.js';
import { openProjectOn } from '../../src/project/open-project.js';
import type { PlanOptions, Project, VerifyOptions } from '../../src/project/project.js';
import { targetOn } from '../../src/targets/local.js';
import { fileWatch, lookThrough } from '../secrets.js';

export const REGION = 'eu-west-1';
const SAMPLES = path.resolve(import.meta.dirname, '../../samples');

/** A project folder with the sample images, and an account of its own. */
export interface World {
  readonly folder: string;
  readonly emulator: Emulator;
  /** Every call that reached the local cloud, in order. */
  readonly calls: CallRecord[];
  /** Everything the engine said. */
  readonly events: Event[];
  config(change?: Partial<Config>, mount?: Partial<MountConfig>): Config;
  open(config?: Config): Promise<Project>;
  plan(phase: Phase, config?: Config, options?: PlanOptions): Promise<Plan>;
  /** Plans and applies a phase in a project opened anew, as a command does. */
  run(phase: Phase, config?: Config, options?: PlanOptions): Promise<ApplyResult>;
  verify(config?: Config, options?: VerifyOptions): Promise<Report>;
  /** AWS as the product speaks it. */
  aws(): Promise<Aws>;
  /** Everything the account holds, by table and key. */
  everything(): Record<string, unknown>;
  /** Asks the served API; `target` is the raw path and query. */
  get(
    url: string,
    headers?: Record<string, string>,
    method?: string,
  ): Promise<{ status: number; headers: Readonly<Record<string, string>>; body: Buffer }>;
}

/** Stands between the product and the local cloud, and may make a call fail. */
export type Weather = (request: WireRequest, handle: Emulator['handle']) => ReturnType<Emulator['handle']>;

/**
 * Makes a world in memory; it goes when the test ends. `settings` are knobs of its local cloud, `skewMs` says how far AWS's
 * clock is ahead of this machine's.
 */
export function newWorld(
  weather?: Weather,
  settings: NonNullable<EmulatorOptions['settings']> = {},
  skewMs = 0,
): World {
  const folder = mkdtempSync(path.join(tmpdir(), 'pixgate-story-'));
  cpSync(SAMPLES, path.join(folder, 'images'), { recursive: true });
  const calls: CallRecord[] = [];
  const events: Event[] = [];
  const emulator = fileWatch.watch(
    createEmulator({
      seed: 'story',
      settings,
      wall: { now: () => Date.now() + skewMs },
      observe: (record) => calls.push(record),
    }),
  );
  const reached =
    weather === undefined ? emulator : { ...emulator, handle: (is: WireRequest) => weather(is, emulator.handle) };
  const target = targetOn(reached, REGION, 4510);
  const shared = { ...target, close: () => Promise.resolve() };
  onTestFinished(() => {
    lookThroughLife(emulator, folder, events);
    emulator.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const world: World = {
    folder,
    emulator,
    calls,
    events,
    config: (change = {}, mount = {}) => ({
      version: 1,
      name: 'holiday',
      region: REGION,
      stage: 'dev',
      endpoint: 'regional',
      cache: { sizeGb: 0.5, ttlSeconds: 300 },
      logs: { level: 'error', access: true, retentionDays: 30 },
      throttle: { rate: 1000, burst: 2000 },
      cors: { origin: '*' },
      tracing: false,
      tags: {},
      concurrency: 8,
      directory: folder,
      mounts: [
        {
          id: 'images',
          path: '/images',
          source: path.join(folder, 'images'),
          access: { kind: 'public' },
          headers: {},
          upload: [{ match: '**/*', headers: { 'Cache-Control': 'public, max-age=300' } }],
          ...mount,
          bucket: { name: 'auto', create: true, prefix: 'images/', versioning: false, ...mount.bucket },
        },
      ],
      ...change,
    }),
    open: async (config = world.config()) => looked(await openProjectOn(shared, config, 'ann@laptop')),
    plan: async (phase, config, options) => (await world.open(config)).plan(phase, options),
    async run(phase, config, options) {
      const project = await world.open(config);
      return project.apply(await project.plan(phase, options), (event) => events.push(event));
    },
    verify: async (config, options) => (await world.open(config)).verify(options),
    aws: async () => openAws(shared.access, await openSts(shared.access).getIdentity()),
    everything: () => dump(emulator),
    async get(url, headers = {}, method = 'GET') {
      const { status, headers: answered, body } = await target.ask({ method, url, headers });
      return { status, headers: answered, body: Buffer.from(body) };
    },
  };
  return world;
}

/** Looks through all that this project's life left where somebody may see it: events, files, and the gateway's logs. */
function lookThroughLife({ store }: Emulator, folder: string, events: readonly Event[]): void {
  const state = path.join(folder, '.pixgate');
  const files = existsSync(state) ? readdirSync(state, { recursive: true, withFileTypes: true }) : [];
  for (const is of files.filter((each) => each.isFile()))
    lookThrough('a file of the project', readFileSync(path.join(is.parentPath, is.name), 'latin1'));
  // The execution log has cookies and queries as they came; some requests put their own session into those.
  const lines = store.tables().flatMap((table) => (table.startsWith('logs/') ? store.list(table) : []));
  const written = lines.map(({ value }) => JSON.stringify(value).replace(/(?:Cookie=|query string: ).*/, ''));
  lookThrough('the logs', written.join('\n'));
  lookThrough('events', events);
}

/** Looks through what a project answers and how it fails; what its desks answer is what was asked to be revealed. */
function looked(project: Project): Project {
  const through = <T extends object>(part: T, isAnswerSeen: boolean): T =>
    new Proxy(part, {
      get(target, name) {
        const is: unknown = Reflect.get(target, name);
        if (typeof is !== 'function') return name === 'keys' || name === 'users' ? through(is as object, false) : is;
        return async (...args: unknown[]) => {
          try {
            const answer: unknown = await Reflect.apply(is, target, args);
            if (isAnswerSeen) lookThrough(`the answer of ${String(name)}`, answer);
            if (name === 'verify')
              for (const render of [renderHtmlReport, renderJunit]) lookThrough('a report', render(answer as Report));
            return answer;
          } catch (error) {
            lookThrough(`an error of ${String(name)}`, error);
            throw error;
          }
        };
      },
    });
  return through(project, true);
}

/** Tables that say nothing about what the account holds: the clock, ids handed out, throttles, metrics, and the cache. */
const PASSING = /^(meta|emulator|execute-api|clock|ids)\b/;

function dump({ store }: Emulator): Record<string, unknown> {
  const tables = store.tables().filter((table) => !PASSING.test(table));
  const rows = tables.flatMap((table) =>
    store.list<Record<string, unknown>>(table).map(({ key, value }) => [`${table}: ${key}`, value] as const),
  );
  // An account without a setting is as good as one whose settings were never touched.
  return Object.fromEntries(rows.filter(([, value]) => Object.keys(value).length > 0));
}

/** The calls that could have changed something. */
export function changing(calls: readonly CallRecord[]): string[] {
  return calls.filter((call) => call.mutating).map((call) => `${call.service} ${call.operation}`);
}
