import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { commands } from './commands.js';
import { runCommand } from './run-command.js';

const samples = fileURLToPath(new URL('../../samples', import.meta.url));
const bin = fileURLToPath(new URL('../../bin/run.cjs', import.meta.url));
const LOCAL = ['--target', 'local'];

/** A folder with one image and a gateway on the local cloud, which has been asked for it a few times. */
async function usedGateway(...flags: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pixgate-'));
  await mkdir(join(folder, 'images'));
  await cp(join(samples, 'kite.svg'), join(folder, 'images', 'kite.svg'));
  const fresh = ['--source', 'images', '--access', 'public', '--name', 'holiday', '--yes', '--quiet'];
  const seen = await runCommand(commands.up, [...LOCAL, ...fresh, ...flags], folder);
  expect(seen.exitCode).toBe(0);
  return folder;
}

test('flush of a path, then of everything, says what came of it and names the next command', async () => {
  const folder = await usedGateway('--cache-size', '0.5');

  const one = await runCommand(commands.flush, ['/images/kite.svg', ...LOCAL], folder);
  const all = await runCommand(commands.flush, LOCAL, folder);

  expect(one).toMatchObject({ exitCode: 0 });
  expect(one.stdout).toContain('✓ /images/kite.svg is expired: S3 was asked anew and the answer was 200.\n');
  expect(one.stdout).toContain('What stays for up to 300 s: its entries for requests with If-Match, ');
  expect(all).toMatchObject({ exitCode: 0, stdout: '✓ The cache of stage dev is empty.\n' });
  expect(all.stderr.trimEnd().split('\n').at(-1)).toBe('Next: pixgate test --target local');
});

test('flush --json prints one document', async () => {
  const folder = await usedGateway('--cache-size', '0.5');

  const seen = await runCommand(commands.flush, ['/images/kite.svg', '--json', ...LOCAL], folder);

  expect(JSON.parse(seen.stdout)).toMatchObject({
    name: 'holiday',
    path: '/images/kite.svg',
    outcome: 'expired',
    status: 200,
    stays: { ttlSeconds: 300 },
  });
});

test.each([
  [['/elsewhere/a.png'], 2, 'PATH must name an image below /images/: got "/elsewhere/a.png".'],
  [['/images/a.png?b'], 2, 'PATH must be without a query'],
])('flush %j leaves with %i and says why', async (argv, exitCode, says) => {
  const folder = await usedGateway('--cache-size', '0.5');

  const seen = await runCommand(commands.flush, [...argv, ...LOCAL], folder);

  expect(seen).toMatchObject({ exitCode, stdout: '' });
  expect(seen.stderr).toContain(says);
});

test('flush without a cache is refused with what to do', async () => {
  const folder = await usedGateway();

  const seen = await runCommand(commands.flush, LOCAL, folder);

  expect(seen).toMatchObject({ exitCode: 3, stdout: '' });
  expect(seen.stderr).toContain('Cannot flush "holiday", stage "dev": the config asks for no cache');
  expect(seen.stderr).toContain('Try this: set cache: { sizeGb: 0.5 } in the config file, then pixgate wire');
});

test('logs prints a line a request, only errors when told so, and the same as one document', async () => {
  const folder = await usedGateway();

  const all = await runCommand(commands.logs, ['--since', '1d', ...LOCAL], folder);
  const errors = await runCommand(commands.logs, ['--since', '1d', '--errors', ...LOCAL], folder);
  const json = await runCommand(commands.logs, ['--since', '1d', '--json', ...LOCAL], folder);

  const { requests } = JSON.parse(json.stdout) as { requests: { status: number }[] };
  const lines = (text: string) => text.split('\n').filter((line) => /^\d/.test(line));
  expect([all, errors, json].map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  expect(all.stdout).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ {2}200 {2}GET {6}\/images\/\{key\+\}/m);
  expect(lines(all.stdout).length).toBe(requests.length);
  expect(lines(errors.stdout).length).toBe(requests.filter(({ status }) => status >= 400).length);
  expect(lines(errors.stdout).every((line) => /Z {2}[45]\d\d /.test(line))).toBe(true);
});

test('logs without any is said on stderr', async () => {
  const folder = await usedGateway();

  const seen = await runCommand(commands.logs, ['--since', '2100-01-01', ...LOCAL], folder);

  expect(seen).toMatchObject({ exitCode: 0, stdout: '' });
  expect(seen.stderr).toContain('No requests.\n');
});

/** Follows the logs of a folder in a process of its own. */
function follow(folder: string) {
  const argv = [bin, 'logs', '--follow', '--since', '1d', ...LOCAL];
  const child = spawn(process.execPath, argv, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let err = '';
  child.stderr.on('data', (data) => {
    err += data;
  });
  return { child, said: () => err, ended: once(child, 'close').then(([exitCode]) => exitCode as number | null) };
}

test('logs --follow goes on until Ctrl-C and ends well', async () => {
  const { child, said, ended } = follow(await usedGateway());
  const [first] = await once(child.stdout, 'data');

  child.kill('SIGINT');

  expect(await ended).toBe(0);
  expect(String(first)).toMatch(/Z {2}404 {2}GET /);
  expect(said()).toBe('Press Ctrl-C to stop.\n');
});

test('logs --follow ends quietly when nobody reads it any more', async () => {
  const { child, said, ended } = follow(await usedGateway());

  child.stdout.destroy();

  expect(await ended).toBe(0);
  expect(said()).not.toMatch(/EPIPE|bug/);
});
