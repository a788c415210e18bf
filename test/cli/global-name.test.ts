import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import Init from '../../commands/init.js';
import { createEmulator, type Emulator, serve } from '../../src/emulator/index.js';
import { runCommand } from './run-command.js';
import { sit as sitAt } from './sit.js';

const ENTER = '\r';
const AS_IT_IS = ['Change pixgate.yaml first?', ENTER] as const;
const QUESTION = 'account-regional bucket names. Use a global name for /images';
const FILE = `# ours
version: 1
name: holiday
region: eu-west-1
mounts:
  - path: /images   # served
    source: ./images
    access: public
`;
const WITH_GLOBAL = FILE.replace('# served\n', '# served\n    bucket: { namespace: global }\n');
const BY_FLAGS = ['--source', 'images', '--access', 'public', '--region', 'eu-west-1', '--name', 'holiday'];

/** A cloud behind a port whose S3 has no account-regional names anywhere, and a folder beside it. */
async function stage(file?: string) {
  const emulator = createEmulator({ seed: 'names' });
  const refusing: Emulator = {
    ...emulator,
    handle: async (request) => {
      if (request.headers['x-amz-bucket-namespace'] !== 'account-regional') return emulator.handle(request);
      const xml = '<Error><Code>InvalidNamespaceHeader</Code><Message>Not in this Region.</Message></Error>';
      return { status: 400, headers: { 'content-type': 'application/xml' }, body: Buffer.from(xml) };
    },
  };
  const server = await serve(refusing, { port: 0, host: '127.0.0.1' });
  onTestFinished(async () => {
    await server.close();
    emulator.close();
  });
  const cwd = await mkdtemp(join(tmpdir(), 'pixgate-'));
  await mkdir(join(cwd, 'images'));
  const path = join(cwd, 'pixgate.yaml');
  if (file !== undefined) await writeFile(path, file);
  const { accessKeyId, secretAccessKey } = emulator.credentials;
  return {
    cwd,
    path,
    env: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_ENDPOINT_URL: server.url },
    buckets: () => emulator.store.list<{ name: string }>('s3/bucket').map(({ value }) => value.name),
  };
}

/** Sits at a wide terminal in a world. */
const sit = (
  { cwd, env }: { cwd: string; env: Record<string, string> },
  argv: readonly string[],
  script: Parameters<typeof sitAt>[2],
) => sitAt(cwd, argv, script, 200, env);

test('init at a terminal takes a global name when told to, keeps the comments, and the next run finds the bucket', async () => {
  const world = await stage(FILE);

  const { exitCode, text } = await sit(
    world,
    ['init'],
    [AS_IT_IS, ['Go ahead?', `y${ENTER}`], [QUESTION, `y${ENTER}`], ['Go ahead?', `y${ENTER}`]],
  );
  const again = await runCommand(Init, ['--json'], world.cwd, world.env);

  expect(exitCode).toBe(0);
  expect(await readFile(world.path, 'utf8')).toBe(WITH_GLOBAL);
  expect(world.buckets()).toEqual([expect.stringMatching(/^pixgate-holiday-dev-images-[0-9a-f]{6}$/)]);
  expect(text).toContain('Wrote namespace: global for the bucket of /images to');
  expect(again.exitCode).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({ changed: 0 });
});

test('init at a terminal asks for each mount, and makes what is left after each answer', async () => {
  const second = '  - { path: /more, source: ./images, access: public }\n';
  const world = await stage(FILE + second);
  const go = ['Go ahead?', `y${ENTER}`] as const;
  const more = QUESTION.replace('/images', '/more');

  const { exitCode } = await sit(world, ['init'], [AS_IT_IS, go, [QUESTION, `y${ENTER}`], go, [more, `y${ENTER}`], go]);
  const again = await runCommand(Init, ['--json'], world.cwd, world.env);

  expect(exitCode).toBe(0);
  expect(await readFile(world.path, 'utf8')).toBe(
    WITH_GLOBAL + second.replace('public }', 'public, bucket: { namespace: global } }'),
  );
  expect(world.buckets()).toHaveLength(2);
  expect(JSON.parse(again.stdout)).toMatchObject({ changed: 0 });
});

test.each([
  ['no by Enter', ENTER, 4, 'set bucket.namespace to global in pixgate.yaml'],
  ['Ctrl-C', '\u0003', 130, 'Cancelled: nothing else was changed.'],
])('init at a terminal changes neither file nor cloud on %s', async (_name, key, code, said) => {
  const world = await stage(FILE);
  const script = [AS_IT_IS, ['Go ahead?', `y${ENTER}`] as const, [QUESTION, key] as const];

  const { exitCode, text } = await sit(world, ['init'], script);

  expect(exitCode).toBe(code);
  expect(text).toContain(said);
  expect(await readFile(world.path, 'utf8')).toBe(FILE);
  expect(world.buckets()).toEqual([]);
});

test('init at a terminal puts the global name into the file that it has just written', async () => {
  const world = await stage();

  const { exitCode } = await sit(
    world,
    ['init', ...BY_FLAGS],
    [
      ['Go ahead?', `y${ENTER}`],
      [QUESTION, `y${ENTER}`],
      ['Go ahead?', `y${ENTER}`],
    ],
  );
  const again = await runCommand(Init, ['--json'], world.cwd, world.env);

  expect(exitCode).toBe(0);
  expect(await readFile(world.path, 'utf8')).toContain('bucket: { namespace: global }');
  expect(JSON.parse(again.stdout)).toMatchObject({ changed: 0 });
});

test('init at a terminal says what it left when the plan with the global name is not approved', async () => {
  const world = await stage(FILE);

  const { exitCode, text } = await sit(
    world,
    ['init'],
    [AS_IT_IS, ['Go ahead?', `y${ENTER}`], [QUESTION, `y${ENTER}`], ['Go ahead?', ENTER]],
  );

  expect(exitCode).toBe(130);
  expect(text).toContain('Cancelled: nothing else was changed.');
  expect(await readFile(world.path, 'utf8')).toBe(WITH_GLOBAL);
  expect(world.buckets()).toEqual([]);
});

test('init --yes at a terminal asks nothing and refuses', async () => {
  const world = await stage(FILE);

  const { exitCode, text } = await sit(world, ['init', '--yes'], []);

  expect(exitCode).toBe(4);
  expect(text).not.toContain(QUESTION);
  expect(await readFile(world.path, 'utf8')).toBe(FILE);
});

test('init --json refuses off a terminal with code, mount and Region, and goes on once the field is written', async () => {
  const world = await stage(FILE);

  const refused = await runCommand(Init, ['--json', '--yes'], world.cwd, world.env);
  const file = await readFile(world.path, 'utf8');
  await writeFile(world.path, WITH_GLOBAL);
  const resumed = await runCommand(Init, ['--json', '--yes'], world.cwd, world.env);

  expect(refused.exitCode).toBe(4);
  expect(JSON.parse(refused.stdout).error).toMatchObject({
    code: 'NAMESPACE_NOT_AVAILABLE',
    suggestions: ['set bucket.namespace to global in pixgate.yaml'],
    mount: '/images',
    region: 'eu-west-1',
  });
  expect(file).toBe(FILE);
  expect(resumed.exitCode).toBe(0);
  expect(JSON.parse(resumed.stdout)).toMatchObject({ changed: 1 });
});

const ASKED = `The Region me-south-1 has no ${QUESTION}`;
const THERE = FILE.replace('eu-west-1', 'me-south-1');

test.each([
  [
    'yes',
    [
      [ASKED, `y${ENTER}`],
      ['Go ahead?', `y${ENTER}`],
    ] as const,
    0,
    WITH_GLOBAL,
  ],
  ['no by Enter', [[ASKED, ENTER]] as const, 3, FILE],
])('init in a Region known to have none asks before any plan, and takes %s', async (_name, script, code, file) => {
  const world = await stage(THERE);

  const { exitCode } = await sit(world, ['init', '--target', 'local'], [AS_IT_IS, ...script]);

  expect(exitCode).toBe(code);
  expect(await readFile(world.path, 'utf8')).toBe(file.replace('eu-west-1', 'me-south-1'));
});

test('init in a Region known to have none drafts the global name into the file that it shows', async () => {
  const world = await stage();
  const flags = [...BY_FLAGS, '--region', 'me-south-1', '--target', 'local'].filter(
    (word, at, all) => !(word === 'eu-west-1' || all[at + 1] === 'eu-west-1'),
  );

  const { exitCode, text } = await sit(
    world,
    ['init', ...flags],
    [
      [ASKED, `y${ENTER}`],
      ['Go ahead?', `y${ENTER}`],
    ],
  );
  const again = await runCommand(Init, ['--json', '--target', 'local'], world.cwd);

  expect(exitCode).toBe(0);
  expect(text).toContain('      bucket: { namespace: global }');
  expect(await readFile(world.path, 'utf8')).toContain('    bucket: { namespace: global }');
  expect(JSON.parse(again.stdout)).toMatchObject({ changed: 0 });
});

test('init --json without a file in a Region known to have none names what to write, and writes nothing', async () => {
  const world = await stage();
  const flags = ['--source', 'images', '--access', 'public', '--region', 'me-south-1', '--target', 'local'];

  const { exitCode, stdout } = await runCommand(Init, [...flags, '--json', '--yes'], world.cwd);

  expect(exitCode).toBe(3);
  expect(JSON.parse(stdout).error).toMatchObject({
    code: 'NAMESPACE_NOT_AVAILABLE',
    suggestions: [
      'write a pixgate.yaml, and in it at mount /images:  bucket: { namespace: global }',
      'choose the name yourself: add --bucket NAME',
    ],
  });
  expect(await readdir(world.cwd)).not.toContain('pixgate.yaml');
});

test('init --plan at a terminal in a Region known to have none changes nothing, so it does not ask', async () => {
  const world = await stage(THERE);

  const { exitCode, text } = await sit(world, ['init', '--plan', '--target', 'local'], []);

  expect(exitCode).toBe(3);
  expect(text).not.toContain(QUESTION);
  expect(await readFile(world.path, 'utf8')).toBe(THERE);
});
