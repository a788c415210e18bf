import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../../src/emulator/store.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const KILLS = 50;
const BATCH = 20;

/** Writes batches of log events to the account in `folder`, under its own stream, as fast as it can; says "ready" after the first. */
const WRITER = `
  import { SignatureV4 } from '@smithy/signature-v4';
  import { Sha256 } from '@aws-crypto/sha256-js';
  import { createEmulator } from './src/emulator/index.js';
  const [folder, logStreamName, rounds] = process.argv.slice(2);
  const emulator = createEmulator({ folder });
  const host = 'logs.us-east-1.amazonaws.com';
  const signer = new SignatureV4({ credentials: emulator.credentials, region: 'us-east-1', service: 'logs', sha256: Sha256 });
  const send = async (operation, input) => {
    const headers = { host, 'x-amz-target': 'Logs_20140328.' + operation };
    const request = { method: 'POST', protocol: 'https:', hostname: host, path: '/', headers, body: JSON.stringify(input) };
    const signed = await signer.sign(request);
    const body = Buffer.from(signed.body);
    return emulator.handle({ method: 'POST', host, path: '/', query: '', headers: signed.headers, body });
  };
  const logGroupName = 'g';
  await send('CreateLogGroup', { logGroupName });
  await send('CreateLogStream', { logGroupName, logStreamName });
  for (let round = 0; round < Number(rounds); round++) {
    const logEvents = Array.from({ length: ${BATCH} }, (_, n) => ({ timestamp: Date.now(), message: round + '/' + n }));
    const { status } = await send('PutLogEvents', { logGroupName, logStreamName, logEvents });
    if (status !== 200) throw new Error('PutLogEvents answered ' + status);
    if (round === 0) process.stdout.write('ready');
  }
`;

/** Compiles the emulator into a temporary folder, with a writer beside it. Answers the writer's path. */
function compileWriter(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'pixgate-writer-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const config = {
    extends: path.join(ROOT, 'tsconfig.json'),
    include: [path.join(ROOT, 'src/emulator')],
    compilerOptions: { rootDir: ROOT, outDir: folder, declaration: false, noCheck: true },
  };
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(config));
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(path.join(folder, 'writer.js'), WRITER);
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  execFileSync(process.execPath, [path.join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder]);
  return path.join(folder, 'writer.js');
}

function newAccount(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'pixgate-account-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function startWriter(writer: string, account: string, stream: string, rounds: number): ChildProcess {
  return spawn(process.execPath, [writer, account, stream, String(rounds)], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** What lies in the account: events by stream and round, and the number the group has counted to. */
function readAccount(folder: string): { counted: number; sizes: Map<string, number> } {
  const store = openStore(folder);
  const sizes = new Map<string, number>();
  for (const { value } of store.list<{ stream: string; message: string }>('logs/event')) {
    const batch = `${value.stream} ${value.message.split('/')[0]}`;
    sizes.set(batch, (sizes.get(batch) ?? 0) + 1);
  }
  const counted = store.list<{ nextEvent: number }>('logs/group')[0]?.value.nextEvent ?? 0;
  store.close();
  return { counted, sizes };
}

test(`an account is readable and whole after each of ${KILLS} SIGKILLs in the midst of writing`, {
  timeout: 300_000,
}, async () => {
  const writer = compileWriter();
  const account = newAccount();
  const accounts: { counted: number; sizes: Map<string, number> }[] = [];

  for (let kill = 0; kill < KILLS; kill++) {
    const child = startWriter(writer, account, `s${kill}`, 1_000_000);
    const exited = once(child, 'exit');
    if (child.stdout !== null) await once(child.stdout, 'data');
    await setTimeout((kill * 7) % 40);
    child.kill('SIGKILL');
    const [, signal] = await exited;
    expect(signal).toBe('SIGKILL');
    accounts.push(readAccount(account));
  }

  const halves = accounts.flatMap(({ sizes }) => [...sizes.values()].filter((size) => size !== BATCH));
  expect(halves).toEqual([]);
  expect(accounts.map(({ counted, sizes }) => counted - sizes.size * BATCH)).toEqual(Array(KILLS).fill(0));
  expect(accounts.at(-1)?.sizes.size).toBeGreaterThanOrEqual(KILLS);
});

test('two processes that write to one account at once lose nothing', async () => {
  const writer = compileWriter();
  const account = newAccount();
  const rounds = 50;

  const exits = await Promise.all(
    ['one', 'two'].map((stream) => once(startWriter(writer, account, stream, rounds), 'exit')),
  );

  const { counted, sizes } = readAccount(account);
  expect(exits.map(([code]) => code)).toEqual([0, 0]);
  expect(sizes.size).toBe(2 * rounds);
  expect([...sizes.values()].every((size) => size === BATCH)).toBe(true);
  expect(counted).toBe(2 * rounds * BATCH);
});
