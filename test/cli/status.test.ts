import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { commands } from './commands.js';
import { runCommand } from './run-command.js';

const samples = fileURLToPath(new URL('../../samples', import.meta.url));
const LOCAL = ['--target', 'local'];
const FRESH = ['--source', 'images', '--access', 'public', '--name', 'holiday', '--yes', '--quiet'];

/** A folder with one image and a gateway on the local cloud. */
async function newGateway(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pixgate-'));
  await mkdir(join(folder, 'images'));
  await cp(join(samples, 'kite.svg'), join(folder, 'images', 'kite.svg'));
  const seen = await runCommand(commands.up, [...LOCAL, ...FRESH], folder);
  expect(seen.exitCode).toBe(0);
  return folder;
}

test('status of an environment in order says so, passes --check, and prints one document with --json', async () => {
  const folder = await newGateway();

  const seen = await runCommand(commands.status, ['--check', ...LOCAL], folder);
  const json = await runCommand(commands.status, ['--json', ...LOCAL], folder);

  expect(seen.exitCode).toBe(0);
  expect(seen.stdout).toContain('  Everything is as configured, and every edit is deployed.\n');
  expect(seen.stderr).toContain('Next: pixgate test --target local\n');
  expect(JSON.parse(json.stdout)).toMatchObject({ name: 'holiday', exists: true, drifted: 0, deployment: 'current' });
});

test('status --check leaves with 1 where the config asks for something else, and plain status with 0', async () => {
  const folder = await newGateway();
  await runCommand(commands.teardown, ['--yes', '--quiet', '--keep-bucket', ...LOCAL], folder);

  const plain = await runCommand(commands.status, LOCAL, folder);
  const check = await runCommand(commands.status, ['--check', ...LOCAL], folder);
  const json = await runCommand(commands.status, ['--check', '--json', ...LOCAL], folder);

  expect([plain.exitCode, check.exitCode, json.exitCode]).toEqual([0, 1, 1]);
  expect(plain.stdout).toContain('missing: holiday-dev');
  expect(plain.stdout).toMatch(/\d+ things missing\.\n$/);
  expect(check.stdout + check.stderr).toMatch(
    /^(?:(?!things missing)[\s\S])*things missing(?:(?!things missing)[\s\S])*$/,
  );
  expect(check.stderr).toContain('Try this: pixgate wire --target local');
  expect(JSON.parse(json.stdout)).toMatchObject({ exists: true, error: { code: 'DRIFT' } });
});

test('status leads to the one command that mends all that differs, of images and of the API', async () => {
  const folder = await newGateway();
  const file = join(folder, 'pixgate.yaml');
  const text = await readFile(file, 'utf8');

  await writeFile(file, text.replace('access: public', 'access: api-key'));
  const both = await runCommand(commands.status, LOCAL, folder);
  const check = await runCommand(commands.status, ['--check', ...LOCAL], folder);
  await runCommand(commands.upload, ['--yes', ...LOCAL], folder);
  const api = await runCommand(commands.status, LOCAL, folder);
  const plan = await runCommand(commands.wire, ['--plan', ...LOCAL], folder);

  const ends = [both, check, api, plan].map(({ stderr }) => stderr.trimEnd().split('\n').at(-1));
  expect(ends).toEqual([
    'Next: pixgate up --target local',
    'Try this: pixgate up --target local',
    'Next: pixgate wire --target local',
    'Next: pixgate wire --target local',
  ]);
});

test('status --check and upload --plan --check leave with 1 while files of the folder cannot be sent, and name them', async () => {
  const folder = await newGateway();
  await writeFile(join(folder, 'images', 'notes.png'), 'milk');

  const plain = await runCommand(commands.status, LOCAL, folder);
  const status = await runCommand(commands.status, ['--check', '--json', ...LOCAL], folder);
  const text = await runCommand(commands.upload, ['--plan', '--check', ...LOCAL], folder);
  const json = await runCommand(commands.upload, ['--plan', '--check', '--json', ...LOCAL], folder);
  const up = await runCommand(commands.up, ['--plan', '--check', ...LOCAL], folder);
  const wire = await runCommand(commands.wire, ['--plan', '--check', ...LOCAL], folder);
  await rm(join(folder, 'images', 'kite.svg'));
  const none = await runCommand(commands.status, ['--check', '--json', ...LOCAL], folder);

  const sentence = '1 file of the folder cannot be sent: notes.png is named .png but holds text.';
  expect([plain, status, text, json, up, wire, none].map(({ exitCode }) => exitCode)).toEqual([0, 1, 1, 1, 1, 0, 1]);
  expect(plain.stdout.replace(/\s+/g, ' ')).toContain(sentence);
  expect(JSON.parse(status.stdout)).toMatchObject({
    drifted: 0,
    refused: [{ file: 'notes.png' }],
    error: { code: 'FILES_REFUSED', message: `Cannot vouch for "holiday": ${sentence}` },
  });
  expect(text.stderr.replace(/\s+/g, ' ')).toContain(`Cannot call "holiday" up to date: ${sentence}`);
  expect(JSON.parse(json.stdout)).toMatchObject({ refused: [{ file: 'notes.png' }], error: { code: 'FILES_REFUSED' } });
  expect(JSON.parse(none.stdout)).toMatchObject({ refused: [{ file: 'notes.png' }] });
});

test('status of nothing says so and what to type next', async () => {
  const folder = await newGateway();
  await runCommand(commands.teardown, ['--yes', '--quiet', ...LOCAL], folder);

  const seen = await runCommand(commands.status, LOCAL, folder);

  expect(seen).toMatchObject({ exitCode: 0 });
  expect(seen.stdout).toContain('Nothing of holiday, stage dev, exists yet.');
  expect(seen.stderr).toContain('Next: pixgate up --target local\n');
});

test.each(['wire', 'upload', 'up'] as const)(
  '%s --plan --check leaves with 0 while nothing is pending, and --check alone is a mistake',
  async (name) => {
    const folder = await newGateway();

    const settled = await runCommand(commands[name], ['--plan', '--check', ...LOCAL], folder);
    const alone = await runCommand(commands[name], ['--check', ...LOCAL], folder);

    const after = { wire: 'test', upload: 'test', up: 'status' }[name];
    expect(settled.stderr.trimEnd().split('\n').at(-1)).toBe(`Next: pixgate ${after} --target local`);
    expect([settled.exitCode, alone.exitCode]).toEqual([0, 2]);
    expect(alone.stderr).toContain('Try this: add --plan');
  },
);

test('wire --plan --check leaves with 1 while a change is pending, and prints the plan with the error', async () => {
  const folder = await newGateway();

  const seen = await runCommand(
    commands.wire,
    ['--plan', '--check', '--json', '--throttle-rate', '7', ...LOCAL],
    folder,
  );

  expect(seen.exitCode).toBe(1);
  expect(JSON.parse(seen.stdout)).toMatchObject({ phase: 'wire', error: { code: 'PENDING' } });
});

test('upload --plan --check tells of what is pending and of what cannot be sent in one complaint', async () => {
  const folder = await newGateway();
  await writeFile(join(folder, 'images', 'notes.png'), 'milk');
  await cp(join(samples, 'waves.png'), join(folder, 'images', 'waves.png'));

  const seen = await runCommand(commands.upload, ['--plan', '--check', '--json', ...LOCAL], folder);

  expect(seen.exitCode).toBe(1);
  expect(JSON.parse(seen.stdout)).toMatchObject({
    error: {
      code: 'PENDING',
      message: expect.stringMatching(/: 1 to change\. 1 file of the folder cannot be sent: notes\.png is /),
      suggestions: ['pixgate upload --target local', 'mend or remove them', expect.stringContaining('leave them out')],
    },
  });
});
