import { expect, it } from 'vitest';
import { judgeAnswer } from '../corpus/judge.js';
import type { RawAnswer } from '../corpus/raw-socket.js';
import { NOT_ALLOWED } from '../corpus/row.js';
import { LET_IN, ROWS } from './access-rows.js';
import { type Cast, imageOf, openCast } from './access-rows-cast.js';
import { FOREIGN, type SentRequest } from './access-rows-hall.js';
import { toRequest } from './access-rows-request.js';
import type { AccessRow } from './access-rows-row.js';

const STATES = ['off', 'cold', 'warm'] as const;
type State = (typeof STATES)[number];

const CACHE = { sizeGb: 0.5, ttlSeconds: 300 };
/** Longer than a flush takes. */
const FLUSH_MS = 5000;

/** Headers that tell something of an image, even that there is one. */
const TELLING = ['etag', 'last-modified', 'accept-ranges', 'content-range', 'x-object-size'];

/** What is wrong with the answer to somebody who must stay out; empty when nothing is. */
function leaksOf({ hall, keys }: Cast, request: SentRequest, answer: RawAnswer): readonly string[] {
  const { images, buckets, world } = hall;
  const secrets = [...keys.values()].flatMap((is) => [is.secretAccessKey, is.sessionToken ?? is.secretAccessKey]);
  const verb = request.headers['X-HTTP-Method-Override'] ?? request.method;
  const around = {
    images,
    canaries: [...images.values()].map((image) => image.toString('latin1')),
    secrets: [...buckets, world.emulator.accountId, FOREIGN, 'arn:aws:', ...secrets],
    bucket: '',
  };
  return [
    ...judgeAnswer(`${verb} ${request.target}`, [NOT_ALLOWED], answer, around),
    ...TELLING.filter((name) => answer.headers.has(name)).map((name) => `tells ${name}`),
    ...(verb === 'HEAD' && answer.body.byteLength > 0 ? ['HEAD has a body'] : []),
  ];
}

/** What somebody was let in to, in the words of the rows. */
function describe({ hall }: Cast, { target }: SentRequest, { status, body }: RawAnswer): string {
  if (body.byteLength === 0) return `${status}, its headers`;
  return body.equals(imageOf(hall, target)) ? `${status}, the image` : `${status}, ${body.toString('latin1', 0, 200)}`;
}

/** How often the cache had an answer. */
function hitsOf({ hall: { world, apiId } }: Cast): number {
  const metrics = world.emulator.store.get<{ CacheHitCount: number }>('execute-api/metrics', `${apiId}/dev`);
  return metrics?.CacheHitCount ?? 0;
}

const GOOD: AccessRow = { what: 'a signature', by: 'reader' };

/** Empties a cache that is to be cold. */
async function prepare(cast: Cast, state: State): Promise<void> {
  const { world, apiId } = cast.hall;
  if (state !== 'cold') return;
  await (await world.aws()).apiGateway.flushStageCache(apiId, 'dev');
  await world.emulator.clock.sleep(FLUSH_MS);
}

/** Asks for the image as its reader, who must get it, and from the cache if and only if it is warm. */
async function readerFaults(cast: Cast, state: State): Promise<readonly string[]> {
  const before = hitsOf(cast);
  const request = await toRequest(cast, GOOD);
  const got = describe(cast, request, await cast.hall.send(request));
  const isHit = hitsOf(cast) > before;
  return [
    ...(got === '200, the image' ? [] : [`its reader gets ${got}`]),
    ...(isHit === (state === 'warm') ? [] : [`its reader gets it from ${isHit ? 'the cache' : 'S3'}`]),
  ];
}

async function send(cast: Cast, row: AccessRow): Promise<{ request: SentRequest; answer: RawAnswer }> {
  const request = await toRequest(cast, row);
  return { request, answer: await cast.hall.send(request) };
}

/** Sends a row to a cache in some state and says what is wrong with that. */
async function faultsOf(cast: Cast, state: State, row: AccessRow): Promise<readonly string[]> {
  await prepare(cast, state);
  if (row.preflight) await send(cast, { what: 'leave', verb: 'OPTIONS' });
  if (row.withdrawn) cast.setReader(false);
  const { request, answer } = await send(cast, row);
  cast.setReader(true);
  return [...leaksOf(cast, request, answer), ...(await readerFaults(cast, state))];
}

it('nobody but its readers gets a byte of an iam mount, with the cache off, cold and warm', async () => {
  const off = await openCast(undefined);
  const cached = await openCast(CACHE);
  const failures: string[] = [];
  for (const state of STATES) {
    const cast = state === 'off' ? off : cached;
    await prepare(cast, 'cold');
    if (state === 'warm') await send(cast, GOOD);
    for (const row of ROWS) {
      const faults = await faultsOf(cast, state, row);
      const { what, by = 'nobody', verb = 'GET', query = '' } = row;
      if (faults.length > 0) failures.push(`${what} by ${by} (${verb} ${query}), cache ${state}: ${faults.join('; ')}`);
    }
  }

  process.stdout.write(`access: ${ROWS.length} rows x ${STATES.length} cache states, ${failures.length} let in\n`);
  expect(failures).toEqual([]);
});

it.each([
  ['off', undefined],
  ['on', CACHE],
])('with the cache %s, the same requests as they should be are let in', async (_state, cache) => {
  const cast = await openCast(cache);

  const got = [];
  for (const row of [...LET_IN, ...LET_IN]) {
    const { request, answer } = await send(cast, row);
    got.push(describe(cast, request, answer));
  }

  expect(got).toEqual([...LET_IN, ...LET_IN].map(({ gets }) => gets));
});

it('nobody gets in by a signature to which the name of a header was added', async () => {
  const cast = await openCast(undefined);
  const edit = [/SignedHeaders=host/, 'SignedHeaders=accept;host'] as const;

  const { request, answer } = await send(cast, { ...GOOD, edit });

  expect(leaksOf(cast, request, answer)).toEqual([]);
});
