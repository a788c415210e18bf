import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const bin = fileURLToPath(new URL('bin/run.cjs', root));

/** Starts the built command and gathers what it says. */
function start(argv: readonly string[], cwd: string, script = bin) {
  const child = spawn(process.execPath, [script, ...argv], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { out: '', err: '' };
  child.stdout.on('data', (data) => {
    texts.out += data;
  });
  child.stderr.on('data', (data) => {
    texts.err += data;
  });
  const ended = once(child, 'close').then(([exitCode]) => exitCode as number | null);
  return { child, texts, ended };
}

async function emptyFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'pixgate-'));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test('pixgate --version says the version of the package', async () => {
  const { version } = JSON.parse(await readFile(new URL('package.json', root), 'utf8'));
  const { texts, ended } = start(['--version'], await emptyFolder());

  expect(await ended).toBe(0);
  expect(texts.out).toBe(`pixgate/${version}\n`);
});

test.each([[['help', 'wire']], [['wire', '--help']]])('pixgate %j shows the help of a command', async (argv) => {
  const { texts, ended } = start(argv, await emptyFolder());

  expect(await ended).toBe(0);
  expect(texts.out).toContain('Create or update the API and deploy it to a stage.');
});

test('pixgate --help fits on lines of 80 columns', async () => {
  const { texts, ended } = start(['--help'], await emptyFolder());

  expect(await ended).toBe(0);
  const [, ...afterDescription] = texts.out.split('\n');
  expect(afterDescription.filter((line) => line.length > 80)).toEqual([]);
});

test('pixgate up --help fits on 60 lines of 80 columns, what every command takes below the flags of the job', async () => {
  const { texts, ended } = start(['up', '--help'], await emptyFolder());

  expect(await ended).toBe(0);
  const lines = texts.out.trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(60);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines.filter((line) => /^[A-Z ]+$/.test(line))).toEqual([
    'USAGE',
    'FLAGS',
    'CONFIG FLAGS',
    'TEST FLAGS',
    'GLOBAL FLAGS',
    'DESCRIPTION',
    'EXAMPLES',
  ]);
});

test('bin/run.cjs without a build says what to type', async () => {
  const folder = await emptyFolder();
  await cp(bin, join(folder, 'bin', 'run.cjs'));
  await cp(new URL('package.json', root), join(folder, 'package.json'));

  const { texts, ended } = start(['wire'], folder, join(folder, 'bin', 'run.cjs'));

  expect(await ended).toBe(70);
  expect(texts.err).toBe(`pixgate is not built yet.\nTry this: npm ci, in ${folder}\n`);
});

test.each(['SIGINT', 'SIGTERM'] as const)('local serves until %s and ends well', async (signal) => {
  const port = await freePort();
  const { child, texts, ended } = start(['local', '--port', String(port)], await emptyFolder());
  while (!texts.err.includes('Press Ctrl-C')) await once(child.stderr, 'data');

  const answer = await fetch(`http://127.0.0.1:${port}/`);
  await answer.arrayBuffer();
  child.kill(signal);

  expect(await ended).toBe(0);
  expect(texts.out).toContain(`export AWS_ENDPOINT_URL=http://127.0.0.1:${port}`);
});

test('local says that its port is taken', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  const { texts, ended } = start(['local', '--port', String(port)], await emptyFolder());
  const exitCode = await ended;
  server.close();

  expect(exitCode).toBe(2);
  expect(texts.err).toContain(`Cannot serve on port ${port}: something else listens there.`);
});

test('list --json into a pipe that closes early is quiet', async () => {
  const { child, texts, ended } = start(['list', '--target', 'local', '--json'], await emptyFolder());

  child.stdout.destroy();

  expect(await ended).toBe(0);
  expect(texts.err).not.toContain('EPIPE');
});
