import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { createS3, type S3 } from '../../src/aws/s3.js';
import { systemClock } from '../../src/clock.js';
import { type CallRecord, createEmulator } from '../../src/emulator/index.js';
import { targetOn } from '../../src/targets/local.js';

const BUCKET = 'pixgate-lines';
const KEY = 'list.txt';
const MIB = 1024 ** 2;
/** What is read at once. */
const STRETCH = MIB / 2;

interface Cloud {
  readonly s3: S3;
  /** Statuses of the reads that reached it. */
  readonly reads: () => number[];
  put(body: string | Uint8Array): Promise<string>;
}

/** A bucket in a new local cloud. */
async function emulated(): Promise<Cloud> {
  const calls: CallRecord[] = [];
  const emulator = createEmulator({ observe: (record) => calls.push(record) });
  onTestFinished(() => emulator.close());
  const { access } = targetOn(emulator, 'eu-west-1', 4510);
  const s3 = createS3(access, { account: emulator.accountId, partition: 'aws' });
  await s3.createBucket(BUCKET, {});
  return {
    s3,
    reads: () => calls.filter(({ operation }) => operation === 'GetObject').map(({ status }) => status),
    put: (body) => s3.putObject(BUCKET, { key: KEY, body: Buffer.from(body), contentType: 'text/plain', headers: {} }),
  };
}

/** S3 whose answers a function writes, and its open connections. */
async function answered(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ s3: S3; connections: () => Promise<number> }> {
  const server: Server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' };
  const access = { region: 'eu-west-1', clock: systemClock, credentials, endpointUrl: `http://127.0.0.1:${port}` };
  return {
    s3: createS3(access, { account: '000000000000', partition: 'aws' }),
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
  };
}

/** Headers of the answer to a stretch that begins at a byte, of an object of 2 MiB. */
function headersOf(first: number): Record<string, string> {
  return {
    'x-amz-request-id': 'r',
    etag: '"e1"',
    'last-modified': 'Wed, 01 Apr 2026 10:00:00 GMT',
    'content-length': `${STRETCH}`,
    'content-range': `bytes ${first}-${first + STRETCH - 1}/${2 * MIB}`,
  };
}

async function linesOf(s3: S3): Promise<string[] | undefined> {
  const found = await s3.readObjectLines(BUCKET, KEY);
  if (found === undefined) return undefined;
  const lines: string[] = [];
  for await (const batch of found.lines) lines.push(...batch);
  return lines;
}

test.each<[string, string, readonly string[]]>([
  ['nothing', '', []],
  ['one line without its end', 'a', ['a']],
  ['one line', 'a\n', ['a']],
  ['empty lines', '\n\na\n\n', ['', '', 'a', '']],
  ['carriage returns, which are part of the line', 'a\r\nb\r', ['a\r', 'b\r']],
  ['a byte order mark, which is part of the line', '\ufeffa\nb', ['\ufeffa', 'b']],
  ['a last line without its end', 'é\n日\n🦋', ['é', '日', '🦋']],
])('readObjectLines() reads an object of %s', async (_, body, expected) => {
  const { s3, put } = await emulated();
  await put(body);

  expect(await linesOf(s3)).toEqual(expected);
});

test('readObjectLines() answers undefined where there is no object or no bucket', async () => {
  const { s3 } = await emulated();

  expect(await s3.readObjectLines(BUCKET, KEY)).toBeUndefined();
  expect(await s3.readObjectLines('pixgate-no-bucket', KEY)).toBeUndefined();
});

test('readObjectLines() answers the ETag and the time of what it reads', async () => {
  const { s3, put } = await emulated();
  const etag = await put('a\n');
  const [listed] = await s3.listObjects(BUCKET, '');

  expect(await s3.readObjectLines(BUCKET, KEY)).toMatchObject({ etag, modifiedMs: listed?.modifiedMs });
});

test('readObjectLines() reads a large object in batches, whole characters whatever borders they lie on', async () => {
  const { s3, put, reads } = await emulated();
  const given = fc.record({
    shift: fc.integer({ min: 0, max: 5 }),
    unit: fc.constantFrom('é', '日', '🦋', 'a'),
    width: fc.constantFrom(1, 50, 997, 70_000, 3 * MIB),
  });

  await fc.assert(
    fc.asyncProperty(given, async ({ shift, unit, width }) => {
      const line = unit.repeat(Math.ceil(width / Buffer.byteLength(unit)));
      const count = Math.ceil((4.5 * MIB) / (Buffer.byteLength(line) + 1));
      const text = `${'x'.repeat(shift)}\n${`${line}\n`.repeat(count)}end`;
      await put(text);
      const before = reads().length;
      const lines: string[] = [];
      let largest = 0;

      const found = await s3.readObjectLines(BUCKET, KEY);
      for await (const batch of found?.lines ?? []) {
        lines.push(...batch);
        largest = Math.max(largest, batch.length);
      }

      expect(lines.join('\n') === text).toBe(true);
      expect(largest).toBeLessThanOrEqual(64 * 1024);
      expect(reads().slice(before)).toEqual(Array(Math.ceil(Buffer.byteLength(text) / STRETCH)).fill(206));
    }),
    { numRuns: 12 },
  );
});

test('readObjectLines() reads one version and no other: it fails when the object is replaced or removed meanwhile', async () => {
  const { s3, put } = await emulated();
  await put('old line\n'.repeat(MIB));
  const replaced = await s3.readObjectLines(BUCKET, KEY);
  await put('new line\n'.repeat(MIB));
  const removed = await s3.readObjectLines(BUCKET, KEY);
  const read = async (found: typeof replaced): Promise<Set<string>> => {
    const seen = new Set<string>();
    for await (const batch of found?.lines ?? []) for (const line of batch) seen.add(line);
    return seen;
  };

  await expect(read(replaced)).rejects.toMatchObject({
    name: 'AwsError',
    failure: { operation: 'GetObject', awsCode: 'PreconditionFailed' },
  });
  await s3.deleteObject(BUCKET, KEY);
  await expect(read(removed)).rejects.toMatchObject({ name: 'AwsError', failure: { awsCode: 'NoSuchKey' } });
});

test('readObjectLines() is one stretch ahead of a slow taker, and reads nothing more for one that leaves', async () => {
  const { s3, put, reads } = await emulated();
  await put('a line\n'.repeat(2 * MIB));

  const found = await s3.readObjectLines(BUCKET, KEY);
  expect(reads()).toHaveLength(1);
  for await (const batch of found?.lines ?? []) {
    expect(batch[0]).toBe('a line');
    await expect.poll(reads).toHaveLength(2);
    break;
  }

  for (let n = 0; n < 20; n += 1) await setImmediate();
  expect(reads()).toHaveLength(2);
});

test('readObjectLines() closes the connection of what is on its way when the taker leaves', async () => {
  const body = Buffer.alloc(STRETCH, 'a line\n');
  let asked = 0;
  const { s3, connections } = await answered((request, response) => {
    const isFirst = request.headers.range?.startsWith('bytes=0-') === true;
    response.writeHead(206, headersOf(isFirst ? 0 : STRETCH));
    asked += 1;
    // The second stretch never ends.
    if (isFirst) response.end(body);
    else response.write('x');
  });

  const found = await s3.readObjectLines(BUCKET, KEY);
  for await (const batch of found?.lines ?? []) {
    expect(batch[0]).toBe('a line');
    await expect.poll(() => asked).toBe(2);
    expect(await connections()).toBeGreaterThan(0);
    break;
  }

  await expect.poll(connections).toBe(0);
});

test.each<[string, string]>([
  ['the first stretch', 'bytes=0-'],
  ['a later one', `bytes=${MIB}-`],
])('readObjectLines() fails as findObject() does when the connection breaks in %s', async (_, broken) => {
  const body = Buffer.alloc(STRETCH, 'a line\n');
  const { s3 } = await answered(({ headers: { range = 'bytes=0-' } }, response) => {
    response.writeHead(206, headersOf(Number(/\d+/.exec(range)?.[0])));
    if (range.startsWith(broken)) response.write(body.subarray(0, STRETCH / 2), () => response.destroy());
    else response.end(body);
  });
  const expected = { name: 'AwsError', code: 'CONNECTION_LOST', failure: { operation: 'GetObject' } };

  await expect(linesOf(s3)).rejects.toMatchObject(expected);
  if (broken === 'bytes=0-') await expect(s3.findObject(BUCKET, KEY)).rejects.toMatchObject(expected);
});
