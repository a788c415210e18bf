import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { learnAccount } from '../secrets.js';
import { commands } from './commands.js';
import { LIFE, type Name, type Run } from './json-lives.js';
import { runCommand } from './run-command.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A document, what was typed for it, and what it must be. */
interface Printed {
  readonly name: Name;
  readonly said: string;
  readonly type: string;
  readonly document: object;
}

/** A folder with one image and nothing else. */
async function folderWithImage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pixgate-'));
  await mkdir(join(folder, 'images'));
  await cp(join(root, 'samples', 'kite.svg'), join(folder, 'images', 'kite.svg'));
  return folder;
}

/** A port that nothing listens on. */
async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return String(port);
}

async function changeFile(folder: string, [name, text]: NonNullable<Run['file']>): Promise<void> {
  await rm(join(folder, name), { force: true, recursive: true });
  if (text !== undefined) await writeFile(join(folder, name), text);
}

/** Runs one command after the other in one folder; each must print one JSON document and nothing else. */
async function live(runs: readonly Run[]): Promise<Printed[]> {
  const folder = await folderWithImage();
  const printed: Printed[] = [];
  const ends: (readonly [said: string, exitCode: number])[] = [];
  const known: Record<string, string> = {};
  const fill = (text: string): string => text.replace(/\{(\w+)\}/g, (_all, name: string) => known[name] ?? '');
  for (const { name, argv, type, env = {}, file } of runs) {
    if (file !== undefined) await changeFile(folder, file);
    const words = fill(argv).split(' ').filter(Boolean);
    const given = Object.fromEntries(Object.entries(env).map(([variable, value]) => [variable, fill(value)]));
    learnAccount(folder);
    const seen = await runCommand(commands[name], [...words, '--json'], folder, { PIXGATE_TARGET: 'local', ...given });
    const said = `${name} ${argv}`;
    ends.push([said, seen.exitCode]);
    const document = JSON.parse(seen.stdout || '{}') as Record<string, unknown>;
    for (const [field, value] of Object.entries(document)) if (typeof value === 'string') known[field] = value;
    printed.push({ name, said, type, document });
  }
  expect(ends).toEqual(runs.map(({ name, argv, exitCode }) => [`${name} ${argv}`, exitCode]));
  return printed;
}

/** Starts a command that serves until Ctrl-C, and takes the document that it prints at once. */
async function serveOnce(name: Name, argv: readonly string[], type: string): Promise<Printed> {
  const cwd = await folderWithImage();
  const bin = join(root, 'bin', 'run.cjs');
  const child = spawn(process.execPath, [bin, name, ...argv, '--json'], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { out: '', err: '' };
  child.stdout.on('data', (data) => {
    texts.out += data;
  });
  child.stderr.on('data', (data) => {
    texts.err += data;
  });
  const ended = once(child, 'close');
  while (!texts.err.includes('Press Ctrl-C')) await Promise.race([once(child.stderr, 'data'), ended]);
  child.kill('SIGINT');
  expect(await ended).toEqual([0, null]);
  return { name, said: `${name} ${argv.join(' ')}`, type, document: JSON.parse(texts.out) as object };
}

/** A module that holds documents against their types; the place of each in it is its place in the list. */
function moduleOf(printed: readonly Printed[]): string {
  const types = new Set(printed.flatMap(({ type }) => type.split(' & ')));
  const imports = `import type { ${['CommandDocument', ...types].join(', ')} } from ${JSON.stringify(join(root, 'src', 'index.js'))};`;
  const lines = printed.flatMap(({ name, type, document }, nth) => [
    `export const document${nth}: ${type} = ${JSON.stringify(document)};`,
    `export const command${nth}: CommandDocument<'${name}'> = document${nth};`,
  ]);
  return [imports, ...lines].join('\n');
}

/** Gives, by file, the places of the documents that are not of their type. */
async function judge(files: Readonly<Record<string, readonly Printed[]>>): Promise<Record<string, number[]>> {
  const folder = await mkdtemp(join(tmpdir(), 'pixgate-'));
  for (const [file, printed] of Object.entries(files)) await writeFile(join(folder, file), moduleOf(printed));
  const compilerOptions = { noEmit: true, rootDir: '/', typeRoots: [join(root, 'node_modules', '@types')] };
  const project = { extends: join(root, 'tsconfig.json'), compilerOptions, files: Object.keys(files), include: [] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(project));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const output = await new Promise<string>((resolve) => {
    const argv = [tsc, '--project', folder, '--pretty', 'false'];
    execFile(process.execPath, argv, { cwd: folder }, (_error, stdout, stderr) => resolve(`${stdout}${stderr}`));
  });
  const found = [...output.matchAll(/^(?:.*\/)?([\w.-]+)\((\d+),\d+\): error TS\d+/gm)];
  // What is no fault of a document must not pass for none.
  expect(output.split('\n').filter((line) => /error TS/.test(line))).toHaveLength(found.length);
  expect(found.map(([, file = '']) => file).filter((file) => !(file in files))).toEqual([]);
  const placesIn = (file: string): number[] =>
    found.flatMap(([, of, line]) => (of === file ? [Math.floor((Number(line) - 2) / 2)] : []));
  return Object.fromEntries(Object.keys(files).map((file) => [file, [...new Set(placesIn(file))]]));
}

/** Documents that are each wrong in one place. */
function plant(printed: readonly Printed[]): Printed[] {
  const first = (type: string): Printed => {
    const found = printed.find((is) => is.type === type);
    if (found === undefined) throw new Error(`there is no ${type}`);
    return found;
  };
  const report = first('Report');
  const failure = first('FailureDocument');
  const { account: _account, ...lacking } = report.document as Record<string, unknown>;
  const { error } = failure.document as { error: object };
  return [
    ...[...new Set(printed.map(({ type }) => type))].map((type) => {
      const { document, ...rest } = first(type);
      return { ...rest, document: { ...document, planted: 1 } };
    }),
    { ...report, document: lacking },
    { ...report, document: { ...report.document, account: 1 } },
    { ...failure, document: { error: { ...error, planted: 1 } } },
  ];
}

// Some hundred processes, one after the other, and a compiler.
const LONG_MS = 240_000;

test('every command prints with --json one document of its type, when it succeeds and when it fails', {
  timeout: LONG_MS,
}, async () => {
  const printed = [
    ...(await live(LIFE)),
    await serveOnce('local', ['--port', await freePort()], 'LocalDocument'),
    await serveOnce('demo', ['--keep', '--port', await freePort()], 'UpDocument'),
  ];
  const planted = plant(printed);

  const wrong = await judge({ 'documents.ts': printed, 'planted.ts': planted });

  const off = wrong['documents.ts']?.map((nth) => printed[nth]?.said);
  const names = new Set(printed.map(({ name }) => name));
  process.stdout.write(`json: ${printed.length} documents of ${names.size} commands, ${off?.length} off their type\n`);
  expect(off).toEqual([]);
  expect(wrong['planted.ts']).toEqual(planted.map((_, nth) => nth));
  expect([...names].sort()).toEqual(Object.keys(commands).sort());
  for (const name of names) {
    const failed = printed.filter((is) => is.name === name).map(({ type }) => /FailureDocument/.test(type));
    expect([name, new Set(failed).size]).toEqual([name, 2]);
  }
});
