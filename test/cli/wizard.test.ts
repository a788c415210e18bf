import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, type TestContext, test, vi } from 'vitest';
import { createEmulator, serve } from '../../src/emulator/index.js';
import { bin, sit } from './sit.js';

const run = promisify(execFile);
const ENTER = '\r';
const DOWN = '\u001b[B';
const CLEAR = '\u0015';
const YES = ['Go ahead?', `y${ENTER}`] as const;

async function folderWithImage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pixgate-'));
  await mkdir(join(folder, 'images'));
  await writeFile(join(folder, 'images', 'cat.png'), 'cat');
  await mkdir(join(folder, 'empty'));
  await cp(join(folder, 'images'), join(folder, "it's my own"), { recursive: true });
  return folder;
}

/** Runs a command line in a shell, as somebody would who pastes it; no terminal. */
async function paste(cwd: string, line: string, more: Readonly<Record<string, string>> = {}) {
  const script = `pixgate() { ${JSON.stringify(process.execPath)} ${JSON.stringify(bin)} "$@"; }\n${line}`;
  const env = { PATH: process.env['PATH'] ?? '', HOME: cwd, ...more };
  return run('/bin/sh', ['-c', script], { cwd, env });
}

/** Variables that lead to an account of its own: of the local cloud, or of one behind a port that stands for AWS. */
async function openAccount(
  target: 'aws' | 'local',
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
): Promise<Record<string, string>> {
  if (target === 'local') return { PIXGATE_TARGET: 'local' };
  const emulator = createEmulator();
  const server = await serve(emulator, { port: 0, host: '127.0.0.1' });
  onTestFinished(async () => {
    await server.close();
    emulator.close();
  });
  const { accessKeyId, secretAccessKey } = emulator.credentials;
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_ENDPOINT_URL: server.url };
}

/** A bucket of the account that belongs to another project. */
async function makeBucket(cwd: string, account: Readonly<Record<string, string>>): Promise<void> {
  await paste(
    cwd,
    'pixgate init --config other.yaml --name other --bucket my-photos --region us-east-1 --source images --access iam --yes',
    account,
  );
}

/** The flags that a run printed, as they would be copied. */
function printedFlags(text: string): string {
  return /The same without questions:\n((?:.*\\\n)*.*)\n/.exec(text)?.[1] ?? 'exit 1 # none printed';
}

const asked = [
  ['Which folder', ENTER],
  ['What is this project called', `holiday${ENTER}`],
  ['Under which path', ENTER],
] as const;
const askedOnAws = [...asked.slice(0, 2), ['In which AWS Region', ENTER] as const, ...asked.slice(2)];
const made = [['Which bucket?', ENTER]] as const;
const used = [
  ['Which bucket?', DOWN + ENTER],
  ['What is the bucket called', `my-photos${ENTER}`],
] as const;
const corrected = [
  ['Which folder', `nope${ENTER}`],
  ['There is no such folder.', `${CLEAR}empty${ENTER}`],
  ['This folder is empty. Press Enter again', `${CLEAR}./images/cat.png${ENTER}`],
  ['This is a file', `${CLEAR}it's my own${ENTER}`],
  ['What is this project called', `A${ENTER}`],
  ['The name must be', `${CLEAR}it-is${ENTER}`],
  ['In which AWS Region', `us-esat-1${ENTER}`],
  ['did you mean us-east-1?', `${CLEAR}us-east-1${ENTER}`],
  ['Under which path', `a/b${ENTER}`],
  ['The path must be', `${CLEAR}/photos${ENTER}`],
  ['Which bucket?', DOWN + ENTER],
  ['What is the bucket called', `My_Photos${ENTER}`],
  ['The bucket must be', `${CLEAR}auto${ENTER}`],
  ['Type the name of a bucket that exists', `${CLEAR}my-photo${ENTER}`],
  ['There is no such bucket. Press Enter again', `${CLEAR}my-photos${ENTER}`],
] as const;
const cache = (key: string) => ['Cache answers', key] as const;
const access = (downs: number) => ['Who may see the images', DOWN.repeat(downs) + ENTER] as const;

describe.concurrent('the wizard', () => {
  test.for([
    ['local', 'a new bucket, no cache, public', 'public', [...asked, ...made, cache(ENTER), access(0)]],
    ['local', 'a new bucket, no cache, api-key', 'api-key', [...asked, ...made, cache(ENTER), access(1)]],
    ['local', 'a bucket that exists, a cache, cognito', 'cognito', [...asked, ...used, cache(`y${ENTER}`), access(2)]],
    ['local', 'a new bucket, a cache, iam', 'iam', [...asked, ...made, cache(`y${ENTER}`), access(3)]],
    ['aws', 'a new bucket, no cache, iam', 'iam', [...askedOnAws, ...made, cache(ENTER), access(0)]],
    ['aws', 'a new bucket, a cache, public', 'public', [...askedOnAws, ...made, cache(`y${ENTER}`), access(1)]],
    ['aws', 'a new bucket, no cache, api-key', 'api-key', [...askedOnAws, ...made, cache(ENTER), access(2)]],
    ['aws', 'a bad answer to each question first', 'public', [...corrected, cache(ENTER), access(1)]],
  ] as const)(
    'prints flags that make the same file and account: %s, %s',
    { timeout: 60_000 },
    async ([target, _name, chosen, script], context) => {
      const [here, there] = [await folderWithImage(), await folderWithImage()];
      const [account, other] = [await openAccount(target, context), await openAccount(target, context)];
      await makeBucket(here, account);
      await makeBucket(there, other);

      const { exitCode, text } = await sit(here, ['init'], [...script, YES], 80, account);
      await paste(there, printedFlags(text), other);

      expect(exitCode).toBe(0);
      const files = await Promise.all([here, there].map((cwd) => readFile(join(cwd, 'pixgate.yaml'), 'utf8')));
      expect(files[1]).toBe(files[0]);
      expect(files[0]).toContain(chosen);
      const plans = await Promise.all(
        [account, other].map((each, at) => paste([here, there][at] ?? '', 'pixgate init --plan --verbose', each)),
      );
      expect(plans[1]?.stdout).toBe(plans[0]?.stdout);
      expect(plans[0]?.stdout).toContain('Nothing to change.');
    },
  );

  test('takes a folder without images when it is answered twice', async () => {
    const cwd = await folderWithImage();

    const { exitCode } = await sit(
      cwd,
      ['init', '--target', 'local', '--access', 'iam', '--name', 'holiday', '--region', 'us-east-1', '--mount', '/m'],
      [['Which folder', `empty${ENTER}`], ['Press Enter again', ENTER], ...made, cache(ENTER), YES],
    );

    expect(exitCode).toBe(0);
    expect(await readFile(join(cwd, 'pixgate.yaml'), 'utf8')).toContain('source: ./empty');
  }, 60_000);

  test('says in which Region a bucket is that is not in the chosen one', async () => {
    const cwd = await folderWithImage();
    await makeBucket(cwd, { PIXGATE_TARGET: 'local' });
    const there = ['This bucket is in us-east-1, not in eu-west-1. Press Enter again', '\u001b'] as const;

    const { exitCode } = await sit(
      cwd,
      ['init', '--target', 'local', '--region', 'eu-west-1'],
      [...asked, ...used, there],
    );

    expect(exitCode).toBe(130);
  }, 60_000);

  test('gives the answers back as flags when the plan cannot be made', async () => {
    const cwd = await folderWithImage();

    const { exitCode, text } = await sit(
      cwd,
      ['init', '--target', 'local'],
      [...asked, ...used, ['There is no such bucket.', ENTER], cache(ENTER), access(0)],
    );

    expect(exitCode).toBe(3);
    expect(text).toContain('Cannot use bucket "my-photos": it does not exist.');
    expect(text).toMatch(/Your answers as flags:\n {2}pixgate init --name holiday [\s\S]*--bucket my-photos/);
    expect(await readdir(cwd)).not.toContain('pixgate.yaml');
  }, 60_000);

  test('breaks no word of its own at 40 columns', async () => {
    const cwd = await folderWithImage();
    const [folder, , ...rest] = asked;
    const script = [folder, ...rest, ...made, cache(ENTER), access(3), ['Go ahead?', ENTER] as const];

    const { text } = await sit(cwd, ['init', '--target', 'local', '--name', 'holiday'], script, 40);

    // What is typed is drawn again and again on the line of its question.
    const lines = text.slice(0, text.indexOf(cwd)).split(/\n|(?=[?✔❯] )|(?<=select)/);
    expect(lines.filter((line) => line.length > 40)).toEqual([]);
    expect(lines).toEqual(
      expect.arrayContaining(['Part of every address: with /images,', 'cat.jpg is served as /images/cat.jpg.']),
    );
  }, 60_000);
});

const doubt = ['There is no such bucket', ENTER] as const;
const everything = [...asked, ...used, doubt, cache(ENTER), access(0)];
const keys = [
  ['Esc', '\u001b'],
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
] as const;

describe.concurrent('leaving the wizard', () => {
  test.each(
    everything.flatMap(([question], index) =>
      // The answer that is doubted stands on the line, so that Ctrl-D is no end of input there.
      (question === doubt[0] ? keys.slice(0, 2) : keys).map(([name, key]) => [name, question, key, index] as const),
    ),
  )(
    '%s at "%s" ends with 130 and one sentence, and leaves nothing',
    async (_name, question, key, index) => {
      const cwd = await folderWithImage();

      const script = [...everything.slice(0, index), [question, key] as const];
      const { exitCode, text } = await sit(cwd, ['init', '--target', 'local'], script);

      expect(exitCode).toBe(130);
      expect(text.trimEnd().endsWith('\nCancelled: nothing was changed.')).toBe(true);
      expect(await readdir(cwd)).toEqual(['empty', 'images', "it's my own"]);
    },
    60_000,
  );

  test('who says no to the plan is told the answers as flags', async () => {
    const cwd = await folderWithImage();

    const script = [...asked, ...made, cache(ENTER), access(0), ['Go ahead?', `n${ENTER}`] as const];
    const { exitCode, text } = await sit(cwd, ['init', '--target', 'local'], script);

    expect(exitCode).toBe(130);
    expect(text).toMatch(/\nYour answers as flags:\n *pixgate init .*\nCancelled: nothing was changed\.\n?$/s);
    expect(await readdir(cwd)).toEqual(['empty', 'images', "it's my own"]);
  }, 60_000);

  test('Esc at "In which AWS Region" leaves nothing', async (context) => {
    const cwd = await folderWithImage();

    const script = [...askedOnAws.slice(0, 2), ['In which AWS Region', '\u001b'] as const];
    const { exitCode, text } = await sit(cwd, ['init'], script, 80, await openAccount('aws', context));

    expect(exitCode).toBe(130);
    expect(text.trimEnd().endsWith('\nCancelled: nothing was changed.')).toBe(true);
    expect(await readdir(cwd)).toEqual(['empty', 'images', "it's my own"]);
  }, 60_000);

  test.each([...keys, ['no', `n${ENTER}`] as const])(
    '%s at the plan leaves nothing',
    async (_name, key) => {
      const cwd = await folderWithImage();
      const flags = ['--source', 'images', '--access', 'iam', '--region', 'us-east-1', '--target', 'local'];

      const { exitCode, text } = await sit(cwd, ['init', ...flags], [['Go ahead?', key]]);

      expect(exitCode).toBe(130);
      expect(text.trimEnd().endsWith('\nCancelled: nothing was changed.')).toBe(true);
      expect(await readdir(cwd)).toEqual(['empty', 'images', "it's my own"]);
    },
    60_000,
  );
});

const FILE = `# ours
version: 1
name: holiday       # the name
region: us-east-1
cache: { sizeGb: 1.6, ttlSeconds: 60 }   # costly
tags: { team: web }
mounts:
  # the first
  - path: /images   # served
    source: ./images
    access:
      cognito:
        mfa: required
    headers: { X-Kind: photo }   # fixed
`;

const change = ['Change pixgate.yaml first?', `y${ENTER}`] as const;
const kept = [...asked.slice(0, 1), ['What is this project called', ENTER] as const, ...asked.slice(2)];

test('nobody is asked anything who has no credentials for AWS', async () => {
  const cwd = await folderWithImage();

  const { exitCode, text } = await sit(cwd, ['init', '--region', 'eu-west-1'], []);

  expect(exitCode).toBe(4);
  expect(text).toContain('no AWS credentials are found');
  expect(text.replaceAll(/\s+/g, ' ')).toContain('try it without an account: add --target local');
  expect(text).not.toContain('?');
}, 60_000);

describe.concurrent('two at once', () => {
  const flags = ['--access', 'iam', '--region', 'us-east-1', '--name', 'holiday', '--target', 'local'];
  /** Nobody says yes before both are asked. */
  const both = (cwd: string, sources: readonly string[]) => {
    let asked = 0;
    const all = async (): Promise<void> => {
      asked += 1;
      await vi.waitFor(() => expect(asked).toBe(sources.length), { timeout: 15_000, interval: 20 });
    };
    return Promise.all(sources.map((source) => sit(cwd, ['init', '--source', source, ...flags], [[...YES, all]])));
  };

  test('the second is told that another file was written meanwhile', async () => {
    const cwd = await folderWithImage();

    const ends = await both(cwd, ['images', 'empty']);

    expect(ends.map(({ exitCode }) => exitCode).sort()).toEqual([0, 3]);
    const loser = ends.find(({ exitCode }) => exitCode === 3);
    expect(loser?.text.replaceAll('\n', ' ')).toContain('somebody else, perhaps another pixgate, wrote it meanwhile.');
  }, 60_000);

  test('the second takes the file when it says the same, and is told who works or finds all done', async () => {
    const cwd = await folderWithImage();

    const ends = await both(cwd, ['images', 'images']);

    expect(ends.some(({ exitCode }) => exitCode === 0)).toBe(true);
    for (const { exitCode, text } of ends) {
      expect(text).not.toContain('Cannot write');
      expect([exitCode, text.replaceAll('\n', ' ')]).toEqual(
        exitCode === 0
          ? [0, expect.anything()]
          : [6, expect.stringMatching(/process \d+ on .* does\.|another process has begun this environment/)],
      );
    }
  }, 60_000);
});

describe.concurrent('a config that is there', () => {
  test.each([
    ['nothing', [...kept, ...made, cache(ENTER), access(0)], FILE],
    [
      'the name, the cache and the access',
      [
        ...kept.slice(0, 1),
        ['What is this project called', `winter${ENTER}`] as const,
        ...kept.slice(2),
        ...made,
        cache(`n${ENTER}`),
        access(1),
      ],
      FILE.replace('name: holiday', 'name: winter')
        .replace(/cache: .*\n/, '')
        .replace(/access:\n.*\n.*\n/, 'access: iam\n'),
    ],
    [
      'the bucket',
      [...kept, ...used, cache(ENTER), access(0)],
      FILE.replace('# served\n', '# served\n    bucket: { name: my-photos, create: false }\n'),
    ],
  ])(
    'is edited: %s',
    async (_name, script, expected) => {
      const cwd = await folderWithImage();
      await makeBucket(cwd, { PIXGATE_TARGET: 'local' });
      await writeFile(join(cwd, 'pixgate.yaml'), FILE);
      const go = expected.includes('my-photos') ? [['Go ahead?', `y${ENTER}`] as const] : [YES];

      const { exitCode } = await sit(cwd, ['init', '--target', 'local'], [change, ...script, ...go]);

      expect(exitCode).toBe(0);
      expect(await readFile(join(cwd, 'pixgate.yaml'), 'utf8')).toBe(expected);
    },
    60_000,
  );

  test.each(keys)(
    'stays as it is on %s',
    async (_name, key) => {
      const cwd = await folderWithImage();
      await writeFile(join(cwd, 'pixgate.yaml'), FILE);

      const { exitCode } = await sit(
        cwd,
        ['init', '--target', 'local'],
        [change, ...kept.slice(0, 2), [kept[2]?.[0] ?? '', key]],
      );

      expect(exitCode).toBe(130);
      expect(await readFile(join(cwd, 'pixgate.yaml'), 'utf8')).toBe(FILE);
      expect(await readdir(cwd)).toEqual(['empty', 'images', "it's my own", 'pixgate.yaml']);
    },
    60_000,
  );
});
