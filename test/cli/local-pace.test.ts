import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createApiGateway } from '../../src/aws/api-gateway.js';
import type { GatewaySettings } from '../../src/model/gateway.js';
import { openLocalTarget } from '../../src/targets/local.js';
import { commands } from './commands.js';
import { runCommand } from './run-command.js';

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'pixgate-pace-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Serves the local cloud of a folder with the built command, and ends it once it has said that it does. */
async function serveOnce(folder: string, ...argv: string[]): Promise<number | null> {
  const bin = path.resolve(import.meta.dirname, '../../bin/run.cjs');
  const child = spawn(process.execPath, [bin, 'local', '--port', String(await freePort()), ...argv], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (data: Buffer) => {
    said += data.toString();
    if (said.includes('Press Ctrl-C')) child.kill('SIGINT');
  });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return exitCode;
}

const SETTINGS: GatewaySettings = {
  name: 'a',
  description: 'a',
  endpointType: 'REGIONAL',
  binaryMediaTypes: [],
  apiKeySource: 'HEADER',
  disableExecuteApiEndpoint: false,
};

/** What two CreateRestApi in a row have to wait for, in the run of another process on the folder. */
async function waitsIn(directory: string): Promise<string[]> {
  const target = openLocalTarget({ directory, region: 'eu-west-1', port: 4510 });
  const heard: string[] = [];
  // Each pacer knows of its own calls only, so that the second meets the quota itself.
  for (let nth = 0; nth < 2; nth += 1) {
    await createApiGateway(target.access, 'aws', (why) => heard.push(why)).createApi(SETTINGS, {});
  }
  await target.close();
  return heard;
}

test('local --pace aws is kept by later runs on the folder, until --pace none', async () => {
  const folder = await emptyFolder();

  const fresh = await waitsIn(folder);
  const exits = [await serveOnce(folder, '--pace', 'aws')];
  const paced = await waitsIn(folder);
  exits.push(await serveOnce(folder));
  const still = await waitsIn(folder);
  exits.push(await serveOnce(folder, '--pace', 'none'));
  const over = await waitsIn(folder);

  expect(exits).toEqual([0, 0, 0]);
  expect([fresh, over]).toEqual([[], []]);
  expect(paced).toContain('CreateRestApi: Too Many Requests');
  expect(still).toContain('CreateRestApi: Too Many Requests');
}, 60_000);

test.each([
  [['--pace', 'fast'], {}, '--pace must be aws or none: got "fast".'],
  [[], { PIXGATE_PACE: 'slow' }, 'PIXGATE_PACE must be aws or none: got "slow".'],
])('local %j with %j says what a pace may be', async (argv, env, complaint) => {
  const seen = await runCommand(commands.local, argv, await emptyFolder(), env);

  expect(seen.exitCode).toBe(2);
  expect(seen.stderr).toContain(complaint);
});
