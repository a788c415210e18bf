import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ListedObjects } from '../../src/aws/listed-objects.js';
import { listInParts, type ReadPage } from '../../src/aws/object-listing.js';
import { createS3, type ListedObject, type S3 } from '../../src/aws/s3.js';
import { type CallRecord, createEmulator } from '../../src/emulator/index.js';
import { targetOn } from '../../src/targets/local.js';

const BUCKET = 'pixgate-listing';
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const isAfter = (a: string, b: string): boolean => byBytes(a, b) > 0;

/** S3 with these keys, and with pages of so many. */
function bucketOf(keys: readonly string[], pageSize: number) {
  const sorted = [...keys].sort(byBytes);
  const state = { asked: 0, waiting: 0, mostWaiting: 0, given: 0, signals: new Set<AbortSignal>() };
  const answer = async (prefix: string, { after = '', token }: Parameters<ReadPage>[0]) => {
    state.asked += 1;
    state.waiting += 1;
    state.mostWaiting = Math.max(state.mostWaiting, state.waiting);
    await setImmediate();
    state.waiting -= 1;
    const behind = sorted.filter((key) => key.startsWith(prefix) && isAfter(key, token ?? after));
    const given = behind.slice(0, pageSize);
    state.given += given.length;
    return { items: pageOf(given), next: behind.length > pageSize ? given.at(-1) : undefined };
  };
  const readFor =
    (prefix: string): ReadPage =>
    (start, signal) => {
      state.signals.add(signal);
      return answer(prefix, start);
    };
  return { state, readFor };
}

/** As S3 writes it. */
function pageOf(keys: readonly string[]): ListedObjects {
  const all = keys.map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`);
  return new ListedObjects(Buffer.from(all.join('')));
}

/** Keys `000000`, `000001` and so on. */
function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `${n}`.padStart(6, '0'));
}

async function keysOf(pages: AsyncIterable<Iterable<ListedObject>>): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of pages) for (const { key } of page) keys.push(key);
  return keys;
}

describe('listInParts()', () => {
  const unit = fc.constantFrom('a', 'b', '/', '!', 'é', '\ud7ff', '\ue000', '\uffee', '\u{10000}', '\u{1f600}');
  const key = fc.array(unit, { minLength: 1, maxLength: 4 }).map((units) => units.join(''));

  test('listInParts() gives each key once and in order, whatever the splits are, at a page for each', async () => {
    const given = fc.record({
      keys: fc.uniqueArray(key, { maxLength: 60 }),
      others: fc.array(key, { maxLength: 12 }),
      isSplit: fc.infiniteStream(fc.boolean()),
      pageSize: fc.integer({ min: 1, max: 7 }),
      prefix: fc.constantFrom('', 'a', '\ue000'),
      sorts: fc.boolean(),
    });

    await fc.assert(
      fc.asyncProperty(given, async ({ keys, others, isSplit, pageSize, prefix, sorts }) => {
        const bucket = bucketOf(keys, pageSize);
        const some = [...others, '', ...keys.filter(() => isSplit.next().value)];
        const splits = sorts ? some.sort(byBytes) : some;

        const listed = await keysOf(listInParts(bucket.readFor(prefix), prefix, splits));

        const expected = keys.filter((is) => is.startsWith(prefix)).sort(byBytes);
        expect(listed).toEqual(expected);
        const pages = Math.floor(expected.length / pageSize) + 1;
        expect(bucket.state.asked).toBeLessThanOrEqual(pages + splits.length);
      }),
      { numRuns: 500 },
    );
  });

  test.each<[string, readonly string[], number]>([
    ['without a split', [], 11],
    ['with a split at each page', numbered(105).filter((_, n) => n % 10 === 9), 11],
    ['with a split every nine objects', numbered(105).filter((_, n) => n % 9 === 8), 12],
    [
      'with splits of which the keys are gone',
      numbered(105)
        .filter((_, n) => n % 10 === 9)
        .map((is) => `${is}!`),
      21,
    ],
    ['with more splits than objects', numbered(400).map((is) => `${is}-`), 401],
    ['with the same split over and over', Array.from({ length: 50 }, () => '000050'), 12],
    ['with splits before and behind everything', ['!', '~', '~~'], 14],
  ])('listInParts() reads 105 objects by pages of 10, %s', async (_, splits, asked) => {
    const bucket = bucketOf(numbered(105), 10);

    expect(await keysOf(listInParts(bucket.readFor(''), '', splits))).toEqual(numbered(105));

    expect(bucket.state.asked).toBe(asked);
  });

  test('listInParts() asks for no part that the prefix rules out', async () => {
    const bucket = bucketOf(['a/1', 'b/1', 'b/2', 'c/1'], 10);

    expect(await keysOf(listInParts(bucket.readFor('b/'), 'b/', ['a/1', 'b', 'c', 'c/1']))).toEqual(['b/1', 'b/2']);

    expect(bucket.state.asked).toBe(1);
  });

  test('listInParts() asks for nothing until a page is taken, and is four pages ahead of a slow taker', async () => {
    const keys = numbered(1_000);
    const bucket = bucketOf(keys, 10);
    const splits = keys.filter((_, n) => n % 10 === 9);
    let drawn = 0;
    const counted = (function* () {
      for (const split of splits) {
        drawn += 1;
        yield split;
      }
    })();

    const pages = listInParts(bucket.readFor(''), '', counted);
    for (let n = 0; n < 5; n += 1) await setImmediate();
    expect(bucket.state.asked).toBe(0);
    for (let taken = 1; taken <= 30; taken += 1) {
      const { value: page } = await pages.next();
      for (let n = 0; n < 5; n += 1) await setImmediate();
      expect([...(page ?? [])]).toHaveLength(10);
      expect(bucket.state.given).toBe((taken + 4) * 10);
      expect(drawn).toBe(taken + 4);
    }

    expect(bucket.state.mostWaiting).toBe(4);
  });

  test('listInParts() is one page ahead within a part', async () => {
    const bucket = bucketOf(numbered(100), 10);
    const pages = listInParts(bucket.readFor(''), '', []);

    for (let taken = 1; taken <= 9; taken += 1) {
      await pages.next();
      await setImmediate();
      expect(bucket.state.asked).toBe(taken + 1);
    }
  });

  test('listInParts() calls off what it has asked for when the taker leaves, and a failure of that harms nobody', async () => {
    const asked: AbortSignal[] = [];
    let closed = false;
    const splits = (function* () {
      try {
        yield* numbered(100);
      } finally {
        closed = true;
      }
    })();
    const read: ReadPage = async ({ after }, signal) => {
      asked.push(signal);
      if (after === undefined) return { items: pageOf(['000000']), next: undefined };
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('called off'))));
    };

    for await (const page of listInParts(read, '', splits)) {
      expect([...page].map(({ key }) => key)).toEqual(['000000']);
      break;
    }
    // Vitest fails the run for a rejection that nobody handles.
    await setImmediate();

    expect(asked).toHaveLength(5);
    expect(asked.every(({ aborted }) => aborted)).toBe(true);
    expect(closed).toBe(true);
  });

  test('listInParts() fails at the place of the failure, once, and calls off the rest', async () => {
    const keys = numbered(100);
    const bucket = bucketOf(keys, 10);
    const splits = keys.filter((_, n) => n % 10 === 9);
    const inner = bucket.readFor('');
    const read: ReadPage = async (start, signal) => {
      // The page that fails does so long before its turn, and so does one behind it.
      if (start.after === '000029' || start.after === '000049') throw new Error(`no page behind ${start.after}`);
      return inner(start, signal);
    };
    const taken: string[] = [];

    const reading = (async () => {
      for await (const page of listInParts(read, '', splits)) {
        for (const { key } of page) taken.push(key);
        await setImmediate();
      }
    })();

    await expect(reading).rejects.toThrow('no page behind 000029');
    expect(taken).toEqual(numbered(30));
    expect([...bucket.state.signals].map(({ aborted }) => aborted)).toEqual([true]);
  });
});

describe('listObjectPages()', () => {
  /** A bucket with these objects in a new local cloud of pages of ten, and how often they are listed. */
  async function emulated(keys: readonly string[]): Promise<{ s3: S3; stranger: S3; lists: () => number }> {
    const calls: CallRecord[] = [];
    const emulator = createEmulator({ settings: { pageSize: 10 }, observe: (record) => calls.push(record) });
    onTestFinished(() => emulator.close());
    const { access } = targetOn(emulator, 'eu-west-1', 4510);
    const identity = { account: emulator.accountId, partition: 'aws' };
    const s3 = createS3(access, identity);
    await s3.createBucket(BUCKET, {});
    for (const key of keys)
      await s3.putObject(BUCKET, { key, body: Buffer.from('x'), contentType: 'image/png', headers: {} });
    return {
      s3,
      stranger: createS3({ ...access, credentials: { accessKeyId: 'AKIANOBODY', secretAccessKey: 'no' } }, identity),
      lists: () => calls.filter(({ operation }) => operation === 'ListObjectsV2').length,
    };
  }

  test.each<[string, readonly number[], number]>([
    ['no splits', [], 3],
    ['a split at each page', [9, 19], 3],
    ['a split in the midst', [12], 3],
    ['splits of which one has more than a page behind it', [2, 15], 4],
  ])('listObjectPages() lists a bucket of 21 objects with %s', async (_, places, requests) => {
    const keys = numbered(21);
    const { s3, lists } = await emulated(keys);
    const splits = places.map((place) => keys[place] ?? '');

    expect(await keysOf(s3.listObjectPages(BUCKET, '', splits))).toEqual(keys);

    expect(lists()).toBe(requests);
  });

  test('listObjectPages() tells what an object is, and nothing of a bucket that is not there', async () => {
    const { s3 } = await emulated(['a.png']);

    expect(await s3.listObjects(BUCKET, '', ['a'])).toEqual([
      { key: 'a.png', etag: '9dd4e461268c8034f5c8564e155c67a6', sizeBytes: 1, modifiedMs: expect.any(Number) },
    ]);
    expect(await s3.listObjects('pixgate-no-bucket', '', ['a'])).toEqual([]);
  });

  test('listObjectPages() fails as every call does', async () => {
    const { stranger } = await emulated(numbered(21));

    const listing = keysOf(stranger.listObjectPages(BUCKET, '', numbered(21)));

    await expect(listing).rejects.toMatchObject({ name: 'AwsError', failure: { operation: 'ListObjectsV2' } });
  });

  test('listObjectPages() may be left early while pages are on their way', async () => {
    const { s3, lists } = await emulated(numbered(21));

    for await (const page of s3.listObjectPages(BUCKET, '', numbered(21))) {
      expect([...page].map(({ key }) => key)).toEqual(['000000']);
      break;
    }
    // Vitest fails the run for a rejection that nobody handles.
    for (let n = 0; n < 20; n += 1) await setImmediate();

    expect(lists()).toBe(5);
  });
});
