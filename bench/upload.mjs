// Uploads side by side with other tools: whole processes against one local endpoint, in turn A B C A B C. See README.md.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeFolder } from './folders.mjs';
import { measure } from './measure.mjs';
import { findTools } from './peers.mjs';

const HELP = `npm run bench:upload -- [FLAGS]

  --rounds N       rounds that count, after one warm-up (default 3)
  --tools A,B      only these: pixgate, rclone, rclone tuned, rclone checksum, s5cmd, s3-sync-client, aws, node:http
  --only TEXT      only rows whose name holds this
  --latency MS     one row more: every answer comes this much later
  --limit N        one row more: of 10,000 x 20 KB, what is above N puts a second is refused with 503 SlowDown
  --large          one row more: 10,000 x 20 KB
  --huge           two rows more, once each and without a warm-up: 100,000 x 1 KB, sent and sent again
  --vast           the same two rows for 300,000 x 1 KB
  --cpu-prof DIR   keep a CPU profile of every run of pixgate, which makes it slower
  --json FILE      write everything that was measured
`;

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    tools: { type: 'string' },
    only: { type: 'string', default: '' },
    latency: { type: 'string' },
    limit: { type: 'string' },
    large: { type: 'boolean', default: false },
    huge: { type: 'boolean', default: false },
    vast: { type: 'boolean', default: false },
    'cpu-prof': { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (flags.help) process.stdout.write(HELP);
else await main();

async function main() {
  const rounds = wholeNumber('rounds', flags.rounds, 1);
  const latencyMs = flags.latency === undefined ? undefined : wholeNumber('latency', flags.latency, 0);
  if (!existsSync(fileURLToPath(new URL('../dist/src', import.meta.url))))
    throw new Error('pixgate is not built yet: npm run build');
  const limit = flags.limit === undefined ? undefined : wholeNumber('limit', flags.limit, 1);
  // Images and tools are kept for the next time.
  const home = path.join(tmpdir(), 'pixgate-bench');
  mkdirSync(home, { recursive: true });
  const scratch = mkdtempSync(path.join(home, 'run-'));
  const server = spawn(process.execPath, [fileURLToPath(new URL('sink.mjs', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const sink = await greet(server);
    const wanted = flags.tools?.split(',');
    const { tools, skipped } = findTools({ home, scratch, sink, wanted, profiles: flags['cpu-prof'] });
    for (const { name, version } of tools) say(`${name} ${version}`);
    for (const { name, why } of skipped) say(`without ${name}: ${why}`);
    if (tools.length === 0) throw new Error('--tools names nothing that is here');
    const bench = { home, scratch, sink, tools, held: new Map() };
    const rows = [];
    for (const row of chosenRows(rounds, { latencyMs, limit })) rows.push(await runRow(bench, row));
    if (flags.json !== undefined) writeReport(flags.json, { tools, skipped, rows });
  } finally {
    server.kill();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Where the sink listens, and its keys. */
function greet(server) {
  return new Promise((resolve, reject) => {
    createInterface(server.stdout).once('line', (line) => resolve(JSON.parse(line)));
    server.once('exit', (status) => reject(new Error(`the sink ended with ${status}`)));
  });
}

function writeReport(file, { tools, skipped, rows }) {
  const versions = Object.fromEntries(tools.map(({ name, version }) => [name, version]));
  const [{ model }] = cpus();
  const machine = { cpus: cpus().length, model, node: process.version, platform: process.platform };
  writeFileSync(file, `${JSON.stringify({ machine, versions, skipped, rows }, null, 2)}\n`);
}

function wholeNumber(name, text, least) {
  const number = Number(text);
  if (!Number.isInteger(number) || number < least) throw new Error(`--${name} is a whole number from ${least} on`);
  return number;
}

function chosenRows(rounds, { latencyMs, limit }) {
  const usual = { rounds, warmUps: 1, latencyMs: 0, limit: 0 };
  const once = { rounds: 1, warmUps: 0, latencyMs: 0, limit: 0 };
  const small = { verb: 'upload', count: 2000, bytes: 20_000 };
  const rows = [
    { ...usual, ...small, name: 'upload 2,000 x 20 KB' },
    { ...usual, name: 'upload 200 x 1 MB', verb: 'upload', count: 200, bytes: 1_000_000 },
    { ...usual, name: 'no-op on 10,000 x 2 KB', verb: 'again', count: 10_000, bytes: 2000 },
  ];
  if (latencyMs !== undefined)
    rows.push({ ...usual, ...small, latencyMs, name: `upload 2,000 x 20 KB at ${latencyMs} ms` });
  const large = { ...usual, verb: 'upload', count: 10_000, bytes: 20_000 };
  if (limit !== undefined) rows.push({ ...large, limit, name: `upload 10,000 x 20 KB, ${limit} PUT/s allowed` });
  if (flags.large) rows.push({ ...large, name: 'upload 10,000 x 20 KB' });
  for (const count of [...(flags.huge ? [100_000] : []), ...(flags.vast ? [300_000] : [])]) {
    const images = `${count.toLocaleString('en')} x 1 KB`;
    rows.push({ ...once, name: `upload ${images}`, verb: 'upload', count, bytes: 1000 });
    rows.push({ ...once, name: `no-op on ${images}`, verb: 'again', count, bytes: 1000 });
  }
  return rows.filter(({ name }) => name.includes(flags.only));
}

/** All tools in turn, round after round; prints the table and answers what it holds. */
async function runRow(bench, row) {
  const folder = makeFolder(path.join(bench.home, 'images'), row);
  const tools = bench.tools.filter(
    ({ only = row.verb, isNear = false }) => only === row.verb && !(isNear && row.latencyMs > 0),
  );
  if (tools.length === 0) return { ...row, table: [], runs: {} };
  // Else the first tool of a row without a warm-up reads from the disk what the others find in memory.
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (path.extname(name) !== '') readFileSync(path.join(folder, name));
  const runs = new Map(tools.map(({ name }) => [name, []]));
  if (row.verb === 'again') for (const tool of tools) await hold(bench, tool, folder, row.count);
  await ask(bench, `/__latency?ms=${row.latencyMs}`, 'POST');
  await ask(bench, `/__limit?rate=${row.limit}`, 'POST');
  for (let round = -row.warmUps; round < row.rounds; round += 1) {
    for (const tool of tools) {
      const run = await runOnce(bench, tool, folder, row);
      if (round >= 0) runs.get(tool.name).push(run);
    }
  }
  await ask(bench, '/__latency?ms=0', 'POST');
  await ask(bench, '/__limit?rate=0', 'POST');
  const table = summarise(runs);
  print(row, table);
  return { ...row, table, runs: Object.fromEntries(runs) };
}

/** Has a tool's bucket hold what the tool itself put there. */
async function hold(bench, tool, folder, count) {
  if (bench.held.get(tool.bucket) === folder) return;
  say(`preparing ${tool.name}`);
  await runOnce(bench, tool, folder, { verb: 'upload', count });
}

async function runOnce(bench, tool, folder, { verb, count }) {
  if (verb === 'upload') {
    await ask(bench, `/__forget?bucket=${tool.bucket}`, 'POST');
    bench.held.delete(tool.bucket);
    tool.reset?.(folder);
  }
  await ask(bench, '/__counts');
  const spent = await measure(tool[verb](folder), path.join(bench.scratch, 'time.txt'));
  const { connections = 0, objects, ...requests } = JSON.parse(await ask(bench, '/__counts'));
  const there = objects[tool.bucket] ?? 0;
  const { PUT: puts = 0 } = requests;
  // A tool that did nothing, or too much, is not measured but broken. pixgate's own list is one object more.
  const lists = tool.name === 'pixgate' ? 1 : 0;
  if (there !== count + lists) throw new Error(`${tool.name}: ${there} objects are there instead of ${count + lists}`);
  if (verb === 'again' && puts > 0) throw new Error(`${tool.name} sent ${puts} objects again`);
  bench.held.set(tool.bucket, folder);
  return { ...spent, connections, requests };
}

/** Medians, and the medians of each round's ratios: to the base, and of pixgate to each. */
function summarise(runs) {
  const names = [...runs.keys()];
  const base = ['rclone', 's5cmd', 'aws'].find((name) => runs.has(name)) ?? names[0];
  const ratio = (of, to) => {
    const [ours, theirs] = [runs.get(of), runs.get(to)];
    return ours === undefined ? undefined : median(ours.map(({ wallS }, round) => wallS / theirs[round].wallS));
  };
  return names
    .map((name) => {
      const of = (field) => median(runs.get(name).map((run) => run[field]));
      const { requests, connections } = runs.get(name).at(-1);
      const told = { name, wallS: of('wallS'), cpuS: of('cpuS'), rssMb: of('rssMb'), base, ratio: ratio(name, base) };
      return { ...told, pixgateTo: ratio('pixgate', name), requests, connections };
    })
    .sort((a, b) => a.wallS - b.wallS);
}

function print({ name, count }, table) {
  say(`\n${name}`);
  say(line('', 'wall s', `to ${table[0].base}`, 'files/s', 'CPU s', 'RSS MB', 'pixgate is', 'requests / connections'));
  for (const { name: tool, wallS, ratio, cpuS, rssMb, pixgateTo, requests, connections } of table) {
    const asked = Object.entries(requests).map(([method, times]) => `${times} ${method}`);
    const ours = pixgateTo === undefined ? '' : `${pixgateTo.toFixed(2)}x`;
    const numbers = [wallS.toFixed(2), ratio.toFixed(2), Math.round(count / wallS), cpuS.toFixed(2), rssMb.toFixed(0)];
    say(line(tool, ...numbers, ours, `${asked.join(', ')} / ${connections}`));
  }
}

function line(name, ...cells) {
  const last = cells.pop();
  return `${name.padEnd(16)}${cells.map((cell) => String(cell).padStart(11)).join('')}  ${last}`;
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

async function ask({ sink }, what, method = 'GET') {
  const answer = await fetch(sink.url + what, { method });
  return answer.text();
}

function say(text) {
  process.stdout.write(`${text}\n`);
}
