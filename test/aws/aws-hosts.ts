import { readdirSync, readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import nock from 'nock';
import { onTestFinished, vi } from 'vitest';
import { type AwsAccess, clientConfig } from '../../src/aws/access.js';
import type { Config } from '../../src/config/config.js';
import type { WireResponse } from '../../src/emulator/index.js';
import type { Event } from '../../src/model/event.js';
import type { Phase, Plan } from '../../src/model/plan.js';
import type { ApplyResult } from '../../src/model/result.js';
import { openProjectOn } from '../../src/project/open-project.js';
import type { Project } from '../../src/project/project.js';
import { openAwsTarget } from '../../src/targets/aws.js';
import { newWorld, type World } from '../stories/world.js';

/** One request that left for a host of AWS over HTTPS, and what came back. */
export interface SentRequest {
  readonly method: string;
  readonly host: string;
  /** Raw, still percent-encoded. */
  readonly path: string;
  /** Raw, without `?`. */
  readonly query: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** HTTP status; undefined when the reply was lost or never came. */
  readonly status: number | undefined;
  readonly reply: Buffer;
}

/** What stands between a request and AWS: answers it, loses it, or lets it through by calling `pass`. */
export type Weather = (request: SentRequest, pass: () => Promise<WireResponse>) => Promise<WireResponse>;

/** How the hosts of AWS behave in one test. */
export interface HostOptions {
  /** @default 'eu-west-1' */
  readonly region?: string;
  /** What the product signs with. @default the account's administrator; null: what the SDK finds by itself */
  readonly credentials?: AwsAccess['credentials'] | null;
  /** @default every request passes */
  readonly weather?: Weather;
  /** Time to wait for an answer in place of the product's 30 s, in milliseconds. */
  readonly requestTimeout?: number;
}

/** The hosts of AWS, with an account behind them and no network. */
export interface AwsHosts {
  readonly world: World;
  /** Every request that left, in order of leaving. */
  readonly sent: SentRequest[];
  /** Requests for any other host. They fail. */
  readonly strays: string[];
  /** Everything the engine said, and every plan and result. */
  readonly said: (Event | Plan | ApplyResult)[];
  config(change?: Partial<Config>): Config;
  open(config?: Config): Promise<Project>;
  /** Plans and applies a phase in a project opened anew, as a command does. */
  run(phase: Phase, config?: Config): Promise<ApplyResult>;
}

/** Everything in the environment that would lead the SDK elsewhere or lend it somebody's keys. */
const LEADS = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_PROFILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_ROLE_ARN',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_ENDPOINT_URL',
];
const VERBS = ['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS'];

/**
 * Takes the place of every `https://*.amazonaws.com`: requests are written down and answered by an account in memory,
 * which checks their signatures. Any other host, and plain HTTP, cannot be reached, not even after the test.
 */
export function newAwsHosts({
  region = 'eu-west-1',
  credentials,
  weather,
  requestTimeout,
}: HostOptions = {}): AwsHosts {
  const world = newWorld();
  const sent: SentRequest[] = [];
  const strays = fence();
  intercept(world, sent, weather ?? ((_request, pass) => pass()));
  const said: AwsHosts['said'] = [];
  const aws = openAwsTarget({ region });
  const keys = credentials === undefined ? world.emulator.credentials : credentials;
  const access: AwsAccess = {
    ...aws.access,
    clock: world.emulator.clock,
    ...(keys === null ? {} : { credentials: keys }),
    ...(requestTimeout === undefined
      ? {}
      : { requestHandler: { ...clientConfig(aws.access).requestHandler, requestTimeout } }),
  };
  const target = { ...aws, access, clock: world.emulator.clock };
  const hosts: AwsHosts = {
    world,
    sent,
    strays,
    said,
    // One upload at a time, so that the order of requests is the same in every run.
    config: (change = {}) => world.config({ region, concurrency: 1, ...change }),
    open: (config = hosts.config()) => openProjectOn(target, config, 'ann@laptop'),
    async run(phase, config) {
      const project = await hosts.open(config);
      const plan = await project.plan(phase);
      said.push(plan);
      const result = await project.apply(plan, (event) => said.push(event));
      said.push(result);
      return result;
    },
  };
  return hosts;
}

/** The ledger that a run left in the project's folder, as it is on disk. */
export function ledgerOf({ world }: AwsHosts): string {
  const folder = path.join(world.folder, '.pixgate', 'state');
  const [file = ''] = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return readFileSync(path.join(folder, file), 'utf8');
}

/** Shuts every way out, and answers where somebody tried. */
function fence(): string[] {
  const strays: string[] = [];
  const heard = (request: { host?: string; options?: { host?: string } }): void => {
    strays.push(request.host ?? request.options?.host ?? 'unknown');
  };
  for (const name of LEADS) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
  // One set of hosts at a time: the newest answers. The fence itself stays for as long as the process lives.
  nock.cleanAll();
  nock.disableNetConnect();
  // nock swaps the functions of node:http and node:https; named imports of them see that only after this.
  syncBuiltinESMExports();
  nock.emitter.on('no match', heard);
  onTestFinished(() => {
    nock.emitter.off('no match', heard);
    nock.cleanAll();
    vi.unstubAllEnvs();
  });
  return strays;
}

function intercept(world: World, sent: SentRequest[], weather: Weather): void {
  const scope = nock(/^https:\/\/[^/]+\.amazonaws\.com(:443)?$/).persist();
  const bodies = new WeakMap<object, string>();
  scope.on('request', (request: object, _interceptor: unknown, body: string) => bodies.set(request, body));
  for (const verb of VERBS) {
    scope
      .intercept(() => true, verb)
      .reply(async function (target) {
        const headers = flat(this.req.headers);
        const [rawPath, query] = splitOnce(target, '?');
        const { host = '' } = headers;
        const body = toBytes(bodies.get(this.req) ?? '', headers);
        const request = {
          method: verb,
          host,
          path: rawPath,
          query,
          headers,
          body,
          status: undefined,
          reply: Buffer.alloc(0),
        };
        const place = sent.push(request) - 1;
        const answer = await weather(request, () =>
          world.emulator.handle({ method: verb, host, path: rawPath, query, headers, body }),
        );
        sent[place] = { ...request, status: answer.status, reply: Buffer.from(answer.body) };
        return [answer.status, Buffer.from(answer.body), { ...answer.headers }];
      });
  }
}

/** nock hands a body that is no UTF-8 over as hexadecimal digits, and says nowhere that it did: the length tells. */
function toBytes(text: string, headers: Readonly<Record<string, string>>): Buffer {
  const isHex = Number(headers['content-length'] ?? 0) * 2 === text.length;
  return Buffer.from(text, isHex ? 'hex' : 'utf8');
}

function flat(headers: Readonly<Record<string, string | readonly string[]>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
