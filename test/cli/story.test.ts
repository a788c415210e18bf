import { cp, mkdir, mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { commands } from './commands.js';
import { runCommand } from './run-command.js';

const samples = fileURLToPath(new URL('../../samples', import.meta.url));
const fresh = ['--target', 'local', '--source', 'images', '--access', 'public', '--name', 'holiday'];

/** A folder with a few small sample images. */
async function folderWithImages(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pixgate-'));
  await mkdir(join(folder, 'images'));
  const names = (await readdir(samples)).filter((name) => /\.(svg|gif|png)$/.test(name)).slice(0, 3);
  for (const name of names) await cp(join(samples, name), join(folder, 'images', name));
  return folder;
}

test('up, up, list, teardown and list on the local target tell the whole story', async () => {
  const folder = await folderWithImages();
  const run = (name: keyof typeof commands, ...argv: string[]) =>
    runCommand(commands[name], ['--target', 'local', ...argv], folder);

  const first = await run('up', ...fresh.slice(2), '--yes');
  const second = await run('up');
  const found = await run('list', '--json');
  const end = await run('teardown', '--yes');
  const nothing = await run('list');

  expect(first).toMatchObject({ exitCode: 0 });
  expect(first.stdout).toMatch(/^http:\/\/127\.0\.0\.1:4510\//m);
  expect(first.stderr.trimEnd().split('\n').at(-1)).toMatch(
    /^Next: pixgate (local {3}# serves these addresses until Ctrl-C|status --target local)$/,
  );
  expect(second).toMatchObject({ exitCode: 0 });
  expect(second.stderr).toContain('Nothing to change.');
  expect(JSON.parse(found.stdout).environments).toMatchObject([{ name: 'holiday', stage: 'dev', target: 'local' }]);
  expect(end).toMatchObject({ exitCode: 0, stdout: '0 left\n' });
  expect(nothing).toMatchObject({ exitCode: 0, stdout: 'No environments.\n' });
});

test('init, upload, wire and test with --json print one document each', async () => {
  const folder = await folderWithImages();
  const run = (name: keyof typeof commands, ...argv: string[]) =>
    runCommand(commands[name], ['--target', 'local', '--json', '--yes', ...argv], folder);

  const init = await run('init', ...fresh.slice(2));
  const upload = await run('upload');
  const wire = await run('wire');
  const check = await runCommand(commands.test, ['--target', 'local', '--json'], folder);

  expect(JSON.parse(init.stdout)).toMatchObject({ phase: 'init', name: 'holiday', target: 'local' });
  expect(JSON.parse(upload.stdout)).toMatchObject({ phase: 'upload', upload: { sent: 3, refused: [] } });
  expect(JSON.parse(wire.stdout)).toMatchObject({ phase: 'wire', url: expect.stringMatching(/^http/) });
  expect(JSON.parse(check.stdout)).toMatchObject({ name: 'holiday', failed: 0 });
  expect([init, upload, wire, check].map((seen) => seen.exitCode)).toEqual([0, 0, 0, 0]);
});

test('test prints its checks on stdout and writes both reports', async () => {
  const folder = await folderWithImages();
  await runCommand(commands.up, [...fresh, '--yes', '--quiet'], folder);

  const argv = ['--target', 'local', '--report', 'r.html', '--junit', 'j.xml', '--sample', '1'];
  const seen = await runCommand(commands.test, argv, folder);

  expect(seen).toMatchObject({ exitCode: 0 });
  expect(seen.stdout).toMatch(/^ {2}✓ /m);
  expect(seen.stdout).toMatch(/\d+ checks: \d+ passed, 0 failed/);
  expect(await readFile(join(folder, 'r.html'), 'utf8')).toMatch(/^<!doctype html>/i);
  expect(await readFile(join(folder, 'j.xml'), 'utf8')).toMatch(/^<\?xml/);
});

test('test --quiet says nothing of checks that passed, and how many there were', async () => {
  const folder = await folderWithImages();
  await runCommand(commands.up, [...fresh, '--yes', '--quiet'], folder);

  const seen = await runCommand(commands.test, ['--target', 'local', '--sample', '1', '--quiet'], folder);

  expect(seen).toMatchObject({ exitCode: 0 });
  expect(seen.stdout).not.toContain('✓');
  expect(seen.stdout).toMatch(/\d+ checks: \d+ passed, 0 failed/);
});

test.each([
  ['up', fresh],
  ['init', fresh],
] as const)('%s --plan prints the plan on stdout and writes no config', async (name, argv) => {
  const folder = await folderWithImages();

  const seen = await runCommand(commands[name], [...argv, '--plan'], folder);

  expect(seen).toMatchObject({ exitCode: 0 });
  expect(seen.stdout).toContain(`${name} → local us-east-1`);
  expect(seen.stdout).toMatch(/\d+ to create[^\n]*\.\n$/);
  expect(await readdir(folder)).not.toContain('pixgate.yaml');
});

test.each(['init', 'up'] as const)('%s off a terminal needs --yes, and writes no config without', async (name) => {
  const folder = await folderWithImages();

  const seen = await runCommand(commands[name], fresh, folder);

  expect(seen).toMatchObject({ exitCode: 2, stdout: '' });
  expect(seen.stderr).toContain('--yes was not given');
  expect(await readdir(folder)).not.toContain('pixgate.yaml');
});

test('demo runs the whole life, shows a miss and a hit, and leaves nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pixgate-'));

  const seen = await runCommand(commands.demo, [], folder);

  expect(seen).toMatchObject({ exitCode: 0 });
  expect(seen.stderr).toContain('up → local us-east-1');
  expect(seen.stdout).toContain(
    '\n14 images served within this process; pixgate demo --keep serves them to a browser\n',
  );
  // Nothing answers at any address once it is over.
  expect(seen.stdout + seen.stderr).not.toContain('http:');
  // A slow machine says more often how far it is.
  const lines = (seen.stdout + seen.stderr).split('\n').filter((line) => !/^ {5}\S/.test(line));
  expect(lines.length).toBeLessThanOrEqual(37);
  expect(seen.stdout).toMatch(/Cache: \S.* \(miss\), then .* \(hit\)\./);
  expect(seen.stdout.trimEnd().split('\n').at(-1)).toBe('0 left');
  expect(seen.stderr.trimEnd().split('\n').at(-1)).toBe('Next: pixgate demo --keep');
  expect(await readdir(folder)).toEqual([]);
});
