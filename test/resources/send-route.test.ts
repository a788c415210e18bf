import { describe, expect, it } from 'vitest';
import type { AccelerationStatus } from '../../src/aws/acceleration.js';
import type { BucketSighting, ObjectToPut, S3 } from '../../src/aws/s3.js';
import { AwsError, CancelledError } from '../../src/errors.js';
import { chooseRoute } from '../../src/resources/send-route.js';
import { newWorld } from '../stories/world.js';

const BUCKET = 'my-photos';
const IMAGE: ObjectToPut = { key: 'a.png', body: Buffer.from('bytes'), contentType: 'image/png', headers: {} };

interface Line {
  /** How long each look takes; the first opens the connection. */
  readonly looksMs: readonly number[];
  readonly look?: () => BucketSighting;
  /** Stands before each put. */
  readonly put?: () => void;
}

/** A bucket in the local cloud with two ways to it, whose latencies are handed in, and a stopwatch that only they move. */
async function newLines(accelerated: Line, plain: Line, status: AccelerationStatus = 'Enabled') {
  const { s3 } = await newWorld().aws();
  await s3.createBucket(BUCKET, {});
  if (status !== 'Off') await s3.settings.write(BUCKET, 'acceleration', status);
  const said: string[] = [];
  const puts: string[] = [];
  let nowMs = 0;
  const lineOf = (name: string, { looksMs, look, put }: Line): S3 => {
    let looks = 0;
    return {
      ...s3,
      lookAtBucket: async () => {
        nowMs += looksMs[looks] ?? 0;
        looks += 1;
        return look?.() ?? { kind: 'present' };
      },
      replaceObject: async (...given) => {
        puts.push(name);
        put?.();
        return s3.replaceObject(...given);
      },
      putObject: async (...given) => {
        puts.push(name);
        put?.();
        return s3.putObject(...given);
      },
    };
  };
  const lines = { plain: lineOf('plain', plain), accelerated: lineOf('accelerated', accelerated) };
  const choice = {
    ...lines,
    bucket: BUCKET,
    region: 'eu-west-1',
    now: () => nowMs,
    say: (text: string) => said.push(text),
  };
  return { s3, said, puts, choice };
}

const fast: Line = { looksMs: [900, 39, 41, 700] };
const slow: Line = { looksMs: [300, 96, 20, 99] };

/** A failure of S3 as the switchboard tells it. */
function failure(awsCode: string, code = 'AWS', status?: number): AwsError {
  const details = { service: 'S3', operation: 'PutObject', awsCode, ...(status === undefined ? {} : { status }) };
  return new AwsError(`S3 answered ${awsCode}.`, details, { code });
}

function failing(error: Error): () => never {
  return () => {
    throw error;
  };
}

describe('chooseRoute()', () => {
  it.each<[string, Line, Line, string, 'accelerated' | 'plain']>([
    ['a fast endpoint', fast, slow, '41 ms against 96 ms: used', 'accelerated'],
    ['a slow one', slow, fast, 'not used: 96 ms against 41 ms: plain is faster', 'plain'],
    [
      'a tenth less',
      { looksMs: [0, 90, 90, 90] },
      { looksMs: [0, 100, 100, 100] },
      '90 ms against 100 ms: used',
      'accelerated',
    ],
    [
      'less than a tenth less',
      { looksMs: [0, 91, 91, 91] },
      { looksMs: [0, 100, 100, 100] },
      'not used: 91 ms against 100 ms: plain is as fast',
      'plain',
    ],
    [
      'a gain of a few milliseconds',
      { looksMs: [0, 4, 4, 4] },
      { looksMs: [0, 8, 8, 8] },
      'not used: 4 ms against 8 ms: plain is as fast',
      'plain',
    ],
    [
      'an endpoint without a name yet',
      { looksMs: [], look: failing(failure('ENOTFOUND', 'REGION_UNREACHABLE')) },
      slow,
      'not used: its endpoint does not answer yet, up to 30 minutes after it is switched on',
      'plain',
    ],
    [
      'an endpoint that does not know of it yet',
      { looksMs: [], look: failing(failure('400', 'AWS', 400)) },
      slow,
      'not used: its endpoint does not answer yet, up to 30 minutes after it is switched on',
      'plain',
    ],
    [
      'an endpoint that may not be used',
      { looksMs: [], look: () => ({ kind: 'forbidden' }) },
      slow,
      'not used: its endpoint shuts us out',
      'plain',
    ],
  ])('%s: sends by the way that is faster, and says why', async (_what, accelerated, plain, sentence, way) => {
    const { said, puts, choice } = await newLines(accelerated, plain);

    const s3 = await chooseRoute(choice);
    await s3.putObject(BUCKET, IMAGE);
    await s3.replaceObject(BUCKET, { ...IMAGE, key: 'b.png' }, 'nothing');

    expect(said).toEqual([`acceleration: ${sentence}`]);
    expect(puts).toEqual([way, way]);
  });

  it.each(['Off', 'Suspended'] as const)(
    'of a bucket whose acceleration is %s says so, and measures nothing',
    async (status) => {
      const { said, choice } = await newLines({ looksMs: [], look: failing(new Error('asked')) }, fast, status);

      const s3 = await chooseRoute(choice);

      expect(s3).toBe(choice.plain);
      expect(said).toEqual(['acceleration: not used: the bucket does not have it']);
    },
  );

  it.each<[string, (choice: Parameters<typeof chooseRoute>[0]) => Parameters<typeof chooseRoute>[0], string]>([
    [
      'behind another endpoint',
      (choice) => ({ ...choice, accelerated: undefined }),
      'AWS is reached by an endpoint of its own',
    ],
    ['in a Region that has none', (choice) => ({ ...choice, region: 'eu-north-1' }), 'eu-north-1 has none'],
    [
      'of a bucket whose settings are kept from us',
      (choice) => {
        const readAcceleration = failing(failure('AccessDenied', 'ACCESS_DENIED', 403));
        return { ...choice, plain: { ...choice.plain, settings: { ...choice.plain.settings, readAcceleration } } };
      },
      'whether the bucket has it is kept from us: s3:GetAccelerateConfiguration is not allowed',
    ],
  ])('%s goes plain, and says so', async (_what, change, why) => {
    const { said, puts, choice } = await newLines(fast, slow);

    const s3 = await chooseRoute(change(choice));
    await s3.putObject(BUCKET, IMAGE);

    expect(puts).toEqual(['plain']);
    expect(said).toEqual([`acceleration: not used: ${why}`]);
  });

  it('passes on what stops the whole run', async () => {
    const stop = new CancelledError('Stopped as asked.');
    const { choice } = await newLines({ looksMs: [], look: failing(stop) }, slow);

    await expect(chooseRoute(choice)).rejects.toBe(stop);
  });
});

describe('the accelerated way', () => {
  it.each<[string, AwsError]>([
    ['loses its connection', failure('ECONNRESET', 'CONNECTION_LOST')],
    ['does not answer', failure('TimeoutError', 'NO_ANSWER')],
    ['is out of order', failure('InternalError', 'AWS', 500)],
    ['is switched off', failure('InvalidRequest', 'AWS', 400)],
    ['ends at a page to log in', failure('SyntaxError', 'NOT_AWS', 200)],
  ])('that %s meanwhile is given up once, and every image arrives', async (_what, error) => {
    const { s3, said, puts, choice } = await newLines({ ...fast, put: failing(error) }, slow);
    const route = await chooseRoute(choice);
    const keys = ['a.png', 'b.png', 'c.png'];

    await Promise.all(keys.map((key) => route.replaceObject(BUCKET, { ...IMAGE, key }, 'nothing')));
    await route.replaceObject(BUCKET, { ...IMAGE, key: 'd.png' }, 'nothing');

    expect(said.slice(1)).toEqual([
      `acceleration: given up after ${error.failure.awsCode}: the rest goes the plain way`,
    ]);
    expect(puts).toEqual([...keys.map(() => 'accelerated'), ...keys.map(() => 'plain'), 'plain']);
    expect((await s3.listObjects(BUCKET, '')).map(({ key }) => key)).toEqual([...keys, 'd.png']);
  });

  it.each<[string, Error]>([
    ['what is not allowed', failure('AccessDenied', 'ACCESS_DENIED', 403)],
    ['credentials that expired', failure('ExpiredToken', 'CREDENTIALS_EXPIRED', 400)],
    ['credentials that are gone', failure('CredentialsProviderError', 'NO_CREDENTIALS')],
    ['a store that asks to slow down', failure('SlowDown', 'AWS', 503)],
    ['a run that is stopped', new CancelledError('Stopped as asked.')],
  ])('is not left for %s, which would fail the plain way too', async (_what, error) => {
    const { said, puts, choice } = await newLines({ ...fast, put: failing(error) }, slow);
    const route = await chooseRoute(choice);

    await expect(route.putObject(BUCKET, IMAGE)).rejects.toBe(error);

    expect(puts).toEqual(['accelerated']);
    expect(said).toHaveLength(1);
  });

  it('that was left is not gone again when the plain way fails too', async () => {
    const broken = failure('InternalError', 'AWS', 500);
    const { puts, choice } = await newLines({ ...fast, put: failing(broken) }, { ...slow, put: failing(broken) });
    const route = await chooseRoute(choice);

    await expect(route.putObject(BUCKET, IMAGE)).rejects.toBe(broken);
    await expect(route.putObject(BUCKET, IMAGE)).rejects.toBe(broken);

    expect(puts).toEqual(['accelerated', 'plain', 'plain']);
  });
});
