import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Config, MountConfig } from '../../src/config/config.js';
import { checkKey } from '../../src/files/check-key.js';
import { asNobody } from '../files/temp-folder.js';
import {
  COLLISIONS,
  CONTENT,
  FILES,
  type FolderRow,
  IMPOSSIBLE_KEYS,
  picture,
  REFUSED_KEYS,
  SERVED_KEYS,
} from './family-rows.js';
import { startWriter, type Versions, type Writer } from './family-writer.js';
import { changing, newWorld, type Weather, type World } from './world.js';

const PREFIX = 'images/';
const SAMPLES = path.resolve(import.meta.dirname, '../../samples');
/** What no terminal may be sent. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  gif: 'image/gif',
  svg: 'image/svg+xml',
};

const fileOf = ({ folder }: World, key: string): string => path.join(folder, 'images', key);
const typeOf = (key: string): string => TYPES[key.replace(/^.*\./, '').toLowerCase()] ?? 'none';
const say = (line: string): void => void process.stdout.write(`upload: ${line}\n`);
const byBytes = (one: string, two: string): number => Buffer.compare(Buffer.from(one), Buffer.from(two));

/** A world whose folder is empty, and the images that reached S3, in order. */
function newEmptyWorld(weather: Weather = (request, handle) => handle(request)) {
  const puts: { readonly key: string; readonly body: Buffer }[] = [];
  const world = newWorld((request, handle) =>
    weather(request, (is) => {
      const start = is.path.indexOf(`/${PREFIX}`);
      if (is.method === 'PUT' && start !== -1) {
        const key = decodeURIComponent(is.path.slice(start + 1 + PREFIX.length));
        puts.push({ key, body: Buffer.from(is.body) });
      }
      return handle(is);
    }),
  );
  rmSync(path.join(world.folder, 'images'), { recursive: true });
  mkdirSync(path.join(world.folder, 'images'));
  return { world, puts };
}

function write(world: World, files: Readonly<Record<string, Buffer>>): void {
  for (const [key, bytes] of Object.entries(files)) {
    mkdirSync(path.dirname(fileOf(world, key)), { recursive: true });
    writeFileSync(fileOf(world, key), bytes);
  }
}

async function bucketOf(world: World): Promise<string> {
  const [bucket] = await (await world.aws()).s3.listBuckets('pixgate-');
  return bucket?.name ?? '';
}

/** ETags of what is online below the prefix, in the order of S3. */
async function online(world: World): Promise<Map<string, string>> {
  const listed = await (await world.aws()).s3.listObjects(await bucketOf(world), PREFIX);
  return new Map(listed.map(({ key, etag }) => [key.slice(PREFIX.length), etag]));
}

/** The ETag of what is sent in one piece. */
const etagOf = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex');

/** Keys under which something else is online than in their files, or nothing. */
async function differing(world: World, keys: readonly string[]): Promise<string[]> {
  const there = await online(world);
  return keys.filter((key) => there.get(key) !== etagOf(readFileSync(fileOf(world, key))));
}

/** What is wrong with how an image is served under an address; undefined when nothing is. */
async function faultOf(world: World, key: string, url: string): Promise<string | undefined> {
  const { status, headers, body } = await world.get(url);
  if (status !== 200) return `${key}: ${url} answers ${status}`;
  if (headers['content-type'] !== typeOf(key)) return `${key}: ${url} is ${headers['content-type']}`;
  return body.equals(readFileSync(fileOf(world, key))) ? undefined : `${key}: ${url} has other bytes`;
}

const encodeAll = (key: string): string =>
  [...Buffer.from(key)].map((byte) => (byte === 0x2f ? '/' : `%${byte.toString(16).padStart(2, '0')}`)).join('');

/** Serves images under these keys, takes each away again by itself, and then everything. Answers what went wrong. */
async function goRound(keys: readonly string[]): Promise<string[]> {
  const { world } = newEmptyWorld();
  const before = world.everything();
  write(world, Object.fromEntries([...keys, 'stays.png'].map((key) => [key, picture(encodeURIComponent(key))])));
  const wrong: string[] = [];
  const { upload, urls = [] } = await world.run('up');
  if (upload?.sent !== keys.length + 1 || upload.refused.length > 0) wrong.push(JSON.stringify(upload));

  const left = await online(world);
  if ([...left.keys()].join('\n') !== [...keys, 'stays.png'].sort(byBytes).join('\n')) wrong.push('other keys listed');
  for (const key of await differing(world, keys)) wrong.push(`${key}: other bytes in S3`);
  for (const key of keys) {
    const url = urls.find((is) => is.key === key)?.url ?? '';
    const whole = `${url.slice(0, url.indexOf('/images/'))}/images/${encodeAll(key)}`;
    for (const address of [url, whole]) {
      const fault = await faultOf(world, key, address);
      if (fault !== undefined) wrong.push(fault);
    }
  }
  for (const key of keys) {
    rmSync(fileOf(world, key));
    const { upload: pruned } = await world.run('upload', undefined, { prune: true });
    left.delete(key);
    const now = [...(await online(world)).keys()].join('\n');
    if (pruned?.removed !== 1 || now !== [...left.keys()].join('\n')) wrong.push(`${key}: --delete left ${now}`);
  }
  const gone = await world.run('teardown');
  if (gone.left?.length !== 0) wrong.push(`teardown left ${gone.left?.join()}`);
  expect(world.everything()).toEqual(before);
  return wrong;
}

it('upload of every name that a disk holds goes the whole way round, or is refused and named safely', async () => {
  const wrong: string[] = [];
  // An address is named for 20 images.
  for (let at = 0; at < SERVED_KEYS.length; at += 18) wrong.push(...(await goRound(SERVED_KEYS.slice(at, at + 18))));
  const { world, puts } = newEmptyWorld();
  write(world, { 'ok.png': picture('ok') });
  write(world, Object.fromEntries(REFUSED_KEYS.map(([key]) => [key, picture('refused')])));

  const { upload } = await world.run('up');

  for (const [key, why] of REFUSED_KEYS) {
    const shown = key.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (is) => {
      const code = is.charCodeAt(0);
      return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
    });
    if (upload?.refused.find(({ file }) => file === shown)?.reason.includes(why) !== true)
      wrong.push(`${shown}: ${upload?.refused.find(({ file }) => file === shown)?.reason}`);
  }
  for (const { file, reason } of upload?.refused ?? []) if (UNSAFE.test(file + reason)) wrong.push(`${file} is unsafe`);
  for (const [key, why] of IMPOSSIBLE_KEYS) {
    const verdict = checkKey(key);
    if (verdict.ok || !verdict.reason.includes(why)) wrong.push(`${JSON.stringify(key)}: ${JSON.stringify(verdict)}`);
  }

  const rows = SERVED_KEYS.length + REFUSED_KEYS.length + IMPOSSIBLE_KEYS.length;
  say(`keys ${rows - wrong.length}/${rows}`);
  expect(wrong).toEqual([]);
  expect(upload).toMatchObject({ sent: 1, failed: [] });
  expect(upload?.refused).toHaveLength(REFUSED_KEYS.length);
  expect(puts.map(({ key }) => key)).toEqual(['ok.png']);
  expect([...(await online(world)).keys()]).toEqual(['ok.png']);
});

/** What follows a name that begins a sentence; '' where it does not. */
const after = (sentence: string, name: string): string =>
  sentence.startsWith(name) ? sentence.slice(name.length) : '';

/** Uploads the rows, each in a folder of its own, and serves what is sent. Answers what went wrong. */
async function upRows(rows: readonly FolderRow[]): Promise<string[]> {
  const { world, puts } = newEmptyWorld();
  const folders = rows.map((_, at) => `row${at}`);
  for (const [at, row] of rows.entries()) {
    mkdirSync(fileOf(world, `row${at}`));
    await row.make(fileOf(world, `row${at}`));
  }
  write(world, { 'ok.png': picture('ok') });
  const { upload, url = '' } = await world.run('up');
  const all = await online(world);
  const wrong: string[] = [];
  for (const [at, { what, sent, refused = {}, warned = [] }] of rows.entries()) {
    const start = `${folders[at]}/`;
    const keys = [...all.keys()].filter((key) => key.startsWith(start));
    const reasons = (upload?.refused ?? []).filter(({ file }) => file.startsWith(start));
    if (keys.map((key) => key.slice(start.length)).join() !== sent.join())
      wrong.push(`${what}: ${keys.join()} is online`);
    for (const key of keys) {
      const fault = await faultOf(world, key, `${url}/images/${key}`);
      if (fault !== undefined) wrong.push(`${what}: ${fault}`);
    }
    const isRefused = ([name, why]: [string, string]): boolean =>
      reasons.some(({ file, reason }) => {
        const is = file.slice(start.length);
        return (is === name || (name.endsWith('/') && is.startsWith(name))) && reason.includes(why);
      });
    const expected = Object.entries(refused);
    if (reasons.length !== expected.length || !expected.every(isRefused))
      wrong.push(`${what}: refused ${JSON.stringify(reasons).slice(-400)}`);
    if (sent.length === 0) continue;
    const { notices } = await world.plan('upload', undefined, { paths: [fileOf(world, start)] });
    const warnings = notices.filter((notice) =>
      sent.some((name) => /^[: ](?!is not sent)/.test(after(notice, start + name))),
    );
    if (warnings.length !== warned.length || !warned.every((text, is) => warnings[is]?.includes(text)))
      wrong.push(`${what}: warned ${JSON.stringify(warnings)}`);
  }
  expect(upload?.failed).toEqual([]);
  expect(upload?.refused.filter(({ file, reason }) => UNSAFE.test(file + reason))).toEqual([]);
  expect(puts.map(({ key }) => key).sort(byBytes)).toEqual([...all.keys()]);
  const again = puts.length;
  expect((await world.run('upload')).changed).toBe(0);
  expect(puts).toHaveLength(again);
  return wrong;
}

it.each([
  ['collisions', COLLISIONS],
  ['files', FILES],
  ['content', CONTENT],
] as const)('upload makes of every row of %s what it should, and serves what it sends', async (family, rows) => {
  const wrong = await upRows(rows);

  say(`${family} ${rows.length - new Set(wrong.map((is) => is.split(':')[0])).size}/${rows.length}`);
  expect(wrong).toEqual([]);
});

it('upload refuses a file that its user may not read, and sends the rest', async () => {
  const { world } = newEmptyWorld();
  chmodSync(world.folder, 0o777);
  write(world, { 'closed.png': picture('closed'), 'ok.png': picture('ok') });
  chmodSync(fileOf(world, 'closed.png'), 0);

  const { upload } = await asNobody(() => world.run('up'));

  expect(upload).toMatchObject({ sent: 1, failed: [] });
  expect(upload?.refused).toEqual([{ file: 'closed.png', reason: 'cannot be read: permission denied' }]);
  expect([...(await online(world)).keys()]).toEqual(['ok.png']);
});

it('upload sends 10,000 files, each one whole, and none of them twice', async () => {
  const { world, puts } = newEmptyWorld();
  const keys = Array.from({ length: 10_000 }, (_, at) => `f${at % 20}/${at}.png`);
  write(world, Object.fromEntries(keys.map((key) => [key, picture(key)])));
  await world.run('init');

  const first = await world.run('upload');
  const second = await world.run('upload');

  expect([first.upload?.sent, first.upload?.failed, second.changed]).toEqual([keys.length, [], 0]);
  expect(puts.length).toBe(keys.length);
  expect(puts.filter(({ key, body }) => !body.equals(picture(key)))).toEqual([]);
});

/** Two mounts in one bucket of somebody else's, whose prefixes lead to the same key. */
function twoMounts(world: World): Config {
  const [first] = world.config().mounts;
  if (first === undefined) throw new Error('the world has no mount');
  const mount = (id: string, prefix: string): MountConfig => ({
    ...first,
    id,
    path: `/${id}`,
    source: path.join(world.folder, id),
    bucket: { name: 'their-bucket', create: false, prefix, versioning: false },
  });
  return world.config({ mounts: [mount('outer', 'a/'), mount('inner', 'a/b/')] });
}

it('upload refuses a key that with its prefix is an object of another mount, and leaves that one', async () => {
  const { world } = newEmptyWorld();
  const { s3 } = await world.aws();
  await s3.createBucket('their-bucket', {});
  for (const [key, text] of [
    ['outer/b/x.png', 'outer'],
    ['inner/x.png', 'inner'],
  ] as const) {
    mkdirSync(path.dirname(path.join(world.folder, key)), { recursive: true });
    writeFileSync(path.join(world.folder, key), picture(text));
  }

  const refused = world.run('up', twoMounts(world));

  await expect(refused).rejects.toMatchObject({
    code: 'OBJECT_NOT_OURS',
    message: expect.stringContaining('"x.png" to bucket "their-bucket"') as string,
  });
  const there = await s3.findObject('their-bucket', 'a/b/x.png');
  expect(Buffer.from(there?.bytes ?? [])).toEqual(picture('outer'));
  expect((await world.run('teardown', twoMounts(world))).left).toEqual([]);
  expect(await s3.listObjects('their-bucket', '')).toEqual([]);
});

/** How many files are changed while they are sent, and how often that is tried. */
const CHANGING = { files: 200, seeds: 20 };

it(`upload of ${CHANGING.files} files that are written meanwhile sends none that never was, and all are right afterwards`, async () => {
  const counts = { changes: 0, sent: 0, failed: 0, torn: 0, wrong: 0 };
  for (let seed = 1; seed <= CHANGING.seeds; seed++) {
    let writer: Writer | undefined;
    const { world, puts } = newEmptyWorld(async (request, handle) => {
      // What is sent is listed first: from then on files change.
      if (request.method === 'PUT' && request.path.endsWith('.images.ndjson'))
        writer ??= await startWriter(world.folder, files, seed);
      return handle(request);
    });
    const files = Object.fromEntries(
      Array.from({ length: CHANGING.files }, (_, at) => [`${at}.png`, versionsOf(`${seed}/${at}`)]),
    );
    write(world, Object.fromEntries(Object.entries(files).map(([key, versions]) => [key, versions[0]])));
    await world.run('init');

    const { upload } = await world.run('upload');
    counts.changes += (await writer?.stop()) ?? 0;
    const torn = puts.filter(({ key, body }) => files[key]?.some((version) => version.equals(body)) !== true);
    const quiet = await world.run('upload');

    const wrong = await differing(world, Object.keys(files));
    expect(quiet.upload).toMatchObject({ refused: [], failed: [] });
    expect((await world.run('upload')).changed).toBe(0);
    counts.sent += upload?.sent ?? 0;
    counts.failed += upload?.failed.length ?? 0;
    counts.torn += torn.length;
    counts.wrong += wrong.length;
  }

  const { changes, sent, failed, torn } = counts;
  say(`changing ${CHANGING.seeds} seeds ${torn} torn, ${changes} changes, ${sent} sent, ${failed} failed`);
  expect(counts).toMatchObject({ torn: 0, wrong: 0 });
  expect(counts.changes).toBeGreaterThan(CHANGING.files * 5);
}, 120_000);

/** Versions of one file: the last one is the first with something behind it. */
function versionsOf(name: string): Versions {
  const version = (n: number, length: number): Buffer => {
    const mark = createHash('sha256').update(`${name}:${n}`).digest('hex');
    return picture(`${name} version ${n} ${mark.repeat(length)}`);
  };
  const first = version(0, 20);
  return [first, version(1, 100), version(2, 500), Buffer.concat([first, Buffer.from(`behind ${name}`)])];
}

const KILLS = { files: 60, seeds: 30, concurrency: 8 };

it(`upload that is cut off anywhere sends only the rest when it runs again`, async () => {
  const wrong: string[] = [];
  let [cutOff, inTheMiddle, sentTwice] = [0, 0, 0];
  for (let seed = 1; seed <= KILLS.seeds; seed++) {
    const controller = new AbortController();
    const isAborted = seed % 2 === 0;
    const cutAt = 1 + ((seed * 37) % 64);
    let [calls, isOff] = [0, true];
    const { world, puts } = newEmptyWorld(async (request, handle) => {
      calls += 1;
      if (isOff || calls < cutAt) return handle(request);
      if (isAborted) controller.abort();
      else if (calls > cutAt) throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
      const answer = await handle(request);
      if (isAborted) return answer;
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    });
    const keys = Array.from({ length: KILLS.files }, (_, at) => `${at}.png`);
    write(world, Object.fromEntries(keys.map((key) => [key, picture(`${seed}/${key}`)])));
    await world.run('init');
    const project = await world.open();
    const plan = await project.plan('upload');
    [calls, isOff] = [0, false];
    const cut = await project.apply(plan, undefined, controller.signal).catch((error: unknown) => error);
    isOff = true;
    const before = await online(world);
    const reached = puts.length;

    const { upload } = await world.run('upload');

    if (cut instanceof Error) cutOff += 1;
    if (before.size > 0 && before.size < KILLS.files) inTheMiddle += 1;
    sentTwice += puts.length - KILLS.files;
    if (puts.length - reached !== KILLS.files - before.size || upload?.sent !== KILLS.files - before.size)
      wrong.push(`${seed}: ${before.size} were online, ${puts.length - reached} were sent`);
    const others = await differing(world, keys);
    if (others.length > 0) wrong.push(`${seed}: ${others.join()} are not as their files`);
    if (puts.length < KILLS.files || puts.length > KILLS.files + KILLS.concurrency)
      wrong.push(`${seed}: ${puts.length} puts in all`);
  }

  say(
    `kills ${KILLS.seeds - wrong.length}/${KILLS.seeds}, ${cutOff} cut, ${inTheMiddle} with some sent, ${sentTwice} sent twice`,
  );
  expect(wrong).toEqual([]);
  expect(cutOff).toBe(KILLS.seeds);
  expect(inTheMiddle).toBeGreaterThan(KILLS.seeds / 2);
});

it('upload that runs again reads no file that did not change, and changes nothing', async (context) => {
  if (!existsSync('/proc/self/io')) return context.skip('this system does not count what is read');
  const world = newWorld();
  // These files are old enough to be remembered.
  const config = world.config({}, { source: SAMPLES });
  await world.run('init', config);
  const before = bytesRead();
  const first = await world.run('upload', config);
  const between = bytesRead();
  world.calls.length = 0;

  const second = await world.run('upload', config);

  const [read, readAgain] = [between - before, bytesRead() - between];
  expect([second.upload?.sent, second.changed, changing(world.calls)]).toEqual([0, 0, []]);
  expect(read).toBeGreaterThan(first.upload?.bytesSent ?? Number.POSITIVE_INFINITY);
  expect(readAgain).toBeLessThan((first.upload?.bytesSent ?? 0) / 4);
});

/** Bytes that this process has read by now, as the system counts them. */
function bytesRead(): number {
  return Number(/^rchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
}

const memoOf = ({ folder }: World): string => path.join(folder, '.pixgate', 'digests', 'images.ndjson');

it.each<[what: string, make: (world: World) => void]>([
  ['whose folder is a file', (world) => writeFileSync(path.dirname(memoOf(world)), '')],
  ['that is a folder', (world) => mkdirSync(memoOf(world), { recursive: true })],
  [
    'of garbage',
    (world) => {
      mkdirSync(path.dirname(memoOf(world)), { recursive: true });
      writeFileSync(memoOf(world), '{"pixgate":"digests","version":1,"sha256":"');
    },
  ],
])('upload with a memo %s sends everything, once', async (_what, make) => {
  const { world, puts } = newEmptyWorld();
  write(world, { 'a.png': picture('a'), 'b/c.png': picture('c') });
  await world.run('init');
  make(world);

  const first = await world.run('upload');
  const second = await world.run('upload');

  expect([first.upload?.sent, first.upload?.failed, second.changed]).toEqual([2, [], 0]);
  expect(puts.map(({ key }) => key).sort(byBytes)).toEqual(['a.png', 'b/c.png']);
});
