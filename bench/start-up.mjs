// What it costs to start: whole processes in turn, beside a Node that does nothing. See README.md.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const HELP = `npm run bench:start-up -- [FLAGS]

  --rounds N   rounds that count, after one warm-up (default 9)
  --bin FILE   another pixgate to measure
`;
const CONFIG = `version: 1
name: start
region: eu-west-1
mounts:
  - path: /images
    source: ./photos
    access: public
`;

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    bin: { type: 'string', default: fileURLToPath(new URL('../bin/run.cjs', import.meta.url)) },
    help: { type: 'boolean', default: false },
  },
});
if (flags.help) process.stdout.write(HELP);
else await main();

async function main() {
  const rounds = Number(flags.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds is a whole number from 1 on');
  const folder = mkdtempSync(path.join(tmpdir(), 'pixgate-start-'));
  mkdirSync(path.join(folder, 'photos'));
  writeFileSync(path.join(folder, 'pixgate.yaml'), CONFIG);
  let heard = () => {};
  const sink = createServer((socket) => socket.on('error', () => {}).once('data', () => heard()));
  await new Promise((resolve) => sink.listen(0, '127.0.0.1', resolve));
  try {
    const upload = ['upload', '--yes', '--endpoint-url', `http://127.0.0.1:${sink.address().port}`];
    const rows = [
      ['node -e 0', ['-e', '0']],
      ['pixgate --version', [flags.bin, '--version']],
      ['pixgate --help', [flags.bin, '--help']],
      ['pixgate upload --help', [flags.bin, 'upload', '--help']],
      ['pixgate upload, first byte on the wire', [flags.bin, ...upload], true],
    ].map(([name, args, isCut = false]) => ({ name, args, isCut, times: [] }));
    // Nothing listens there, and it says so. A run that is cut off keeps nothing of what V8 made of the program.
    const whole = [flags.bin, ...upload.slice(0, -1), 'http://127.0.0.1:1'];
    const { status, stderr } = spawnSync(process.execPath, whole, {
      cwd: folder,
      env: bareEnvironment(),
      encoding: 'utf8',
    });
    if (status !== 4) throw new Error(`node ${whole.join(' ')}: ${status}\n${stderr}`);
    for (let round = -1; round < rounds; round += 1) {
      for (const { args, isCut, times } of rows) {
        const first = new Promise((resolve) => {
          heard = resolve;
        });
        const ms = await time(args, folder, isCut ? first : undefined);
        if (round >= 0) times.push(ms);
      }
    }
    print(rows);
  } finally {
    sink.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds until a Node process ends, or until `first` comes: then it is ended. @throws {Error} when it fails. */
async function time(args, cwd, first) {
  const started = performance.now();
  const child = spawn(process.execPath, args, { cwd, env: bareEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part) => {
      said += part;
    });
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => resolve(signal ?? status));
  });
  const status = await Promise.race([ended, ...(first === undefined ? [] : [first])]);
  const ms = performance.now() - started;
  if (first === undefined ? status !== 0 : status !== undefined)
    throw new Error(`node ${args.join(' ')}: ${status}\n${said}`);
  child.kill('SIGKILL');
  await ended;
  return ms;
}

/** No more than a start needs. NODE_EXTRA_CA_CERTS, for one, makes every Node 20 slower, and all ratios smaller. */
function bareEnvironment() {
  return {
    PATH: process.env.PATH,
    HOME: tmpdir(),
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

function print(rows) {
  const base = median(rows[0].times);
  for (const { name, times } of rows) {
    const ms = median(times);
    const cells = [name.padEnd(40), `${ms.toFixed(0)} ms`.padStart(7), `${(ms / base).toFixed(2)}x`.padStart(7)];
    process.stdout.write(`${cells.join('  ')}\n`);
  }
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
