import { spawnSync } from 'node:child_process';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import { describe, expect, onTestFinished, test } from 'vitest';
import { commands } from './commands.js';
import { runCommand } from './run-command.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const bin = join(root, 'bin', 'run.cjs');

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pixgate-start-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs the built command off a terminal. */
function run(argv: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = emptyFolder(), script = bin) {
  const { PATH = '' } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...argv], {
    cwd,
    env: { PATH, HOME: cwd, ...env },
    encoding: 'utf8',
  });
  return { exitCode: status, stdout, stderr };
}

/** The files that a run of the built command loads, below the folder of the package. */
function loadedBy(argv: readonly string[]): string[] {
  const folder = emptyFolder();
  run(argv, { NODE_V8_COVERAGE: folder });
  const reports = readdirSync(folder).filter((name) => name.startsWith('coverage-'));
  expect(reports).toHaveLength(1);
  const { result } = JSON.parse(readFileSync(join(folder, reports[0] ?? ''), 'utf8')) as { result: { url: string }[] };
  return result.flatMap(({ url }) => (url.startsWith('file:') ? [fileURLToPath(url).replace(root, '')] : []));
}

test.each([[[]], [['--help']], [['-h']], [['help']]])('pixgate %j prints what oclif would, without it', (argv) => {
  // With this variable oclif itself is asked.
  const rendered = run(argv, { OCLIF_COLUMNS: '80' });

  expect(rendered.stdout).toContain('COMMANDS');
  expect(run(argv)).toEqual(rendered);
  expect(loadedBy(argv)).toEqual(['bin/run.cjs']);
});

test.each([
  [
    ['wire', '-h'],
    ['wire', '--help'],
  ],
  [
    ['wire', '--json', '-h'],
    ['wire', '--help'],
  ],
  [
    ['help', 'wire'],
    ['wire', '--help'],
  ],
  [
    ['help', 'wire', '--json'],
    ['wire', '--help'],
  ],
  [['help', '-h'], ['--help']],
  [['--yes', '-h'], ['--help']],
  [
    ['--help', 'wire'],
    ['wire', '--help'],
  ],
  [['-h', 'nope'], ['nope']],
  [['help', 'nope'], ['nope']],
  [['nope', '--help'], ['nope']],
  [
    ['help', 'nope', '--json'],
    ['nope', '--json'],
  ],
])('pixgate %j says what %j does', (argv, plain) => {
  const said = run(plain);

  expect(said.stdout + said.stderr).not.toBe('');
  expect(run(argv)).toEqual(said);
});

/** What somebody sees of `pixgate --help` on a terminal. */
async function seeHelp(cols: number, env: Readonly<Record<string, string>>): Promise<string> {
  const whole = { PATH: process.env['PATH'] ?? '', HOME: emptyFolder(), ...env };
  const terminal = spawn(process.execPath, [bin, '--help'], { env: whole, cols, rows: 40 });
  let seen = '';
  terminal.onData((data) => {
    seen += data;
  });
  await new Promise((resolve) => terminal.onExit(resolve));
  return seen;
}

test.each([50, 60, 71, 80, 84, 85, 200])(
  'pixgate --help on a terminal of %i columns is as oclif does it',
  async (cols) => {
    const env = { TERM: 'xterm-256color' };

    expect(await seeHelp(cols, env)).toBe(await seeHelp(cols, { ...env, OCLIF_COLUMNS: String(cols) }));
  },
);

test.each([
  [{ TERM: 'xterm' }, true],
  [{ TERM: 'screen-256color', COLORTERM: 'truecolor' }, true],
  [{ TERM: 'xterm', NO_COLOR: '1' }, false],
  [{ TERM: 'xterm', NO_COLOR: '' }, true],
  [{ TERM: 'xterm', FORCE_COLOR: '0' }, false],
  [{ TERM: 'dumb' }, false],
  [{ TERM: 'linux' }, true],
  [{ TERM: 'xterm', CI: '1' }, false],
])('pixgate --help on a terminal with %j has the headings of oclif', async (env, isBold) => {
  const help = await seeHelp(80, env);

  expect(help).toBe(await seeHelp(80, { ...env, OCLIF_COLUMNS: '80' }));
  expect(help.includes('\u001b[1m')).toBe(isBold);
});

test('pixgate --version loads nothing that was built', () => {
  expect(loadedBy(['--version'])).toEqual(['bin/run.cjs']);
});

test.each([
  [['upload', '--help'], []],
  [['upload'], ['library']],
  [['nonsense'], []],
])('pixgate %j loads no package and of the shared chunks no client', (argv, library) => {
  const loaded = loadedBy(argv);

  expect(loaded.filter((file) => !/^(bin\/(run|compiled)\.cjs$|dist\/cli\/)/.test(file))).toEqual([]);
  expect(loaded.flatMap((file) => /chunks\/(library|aws|make-plan)-/.exec(file)?.[1] ?? [])).toEqual(library);
});

/** Lets in one token, for everything. */
const AUTHORIZER = `export default async ({ authorizationToken: token, methodArn }) => {
  if (token !== 'let-me-in') throw new Error('Unauthorized');
  const Resource = methodArn.split('/').slice(0, 2).join('/') + '/*';
  const Statement = [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource }];
  return { principalId: 'ann', policyDocument: { Version: '2012-10-17', Statement } };
};
`;
const LAMBDA = `version: 1
name: viewers
region: eu-west-1
mounts:
  - path: /images
    source: ./photos
    access:
      lambda:
        functionArn: arn:aws:lambda:eu-west-1:000000000000:function:viewers
        type: token
        identityHeaders: [Authorization]
        ttlSeconds: 300
        local: ./authorizer.mjs
`;

/** A copy of the package alone, without what earlier runs kept of it, and the files that runs keep. */
function installed() {
  const folder = emptyFolder();
  for (const part of ['bin', 'dist/cli', 'package.json', 'oclif.manifest.json'])
    cpSync(join(root, part), join(folder, part), { recursive: true });
  const compiled = join(folder, 'dist/cli/chunks/compiled');
  rmSync(compiled, { recursive: true, force: true });
  const script = join(folder, 'bin/run.cjs');
  const kept = () =>
    !existsSync(compiled)
      ? []
      : readdirSync(compiled, { recursive: true, encoding: 'utf8' }).filter((name) =>
          statSync(join(compiled, name)).isFile(),
        );
  return {
    folder,
    compiled,
    script,
    say: (env: Readonly<Record<string, string>> = {}) => run(['upload', '--help'], env, undefined, script),
    kept,
    /** The largest of the files that are kept. */
    largest: () => join(compiled, kept().find((name) => name.includes('terminal-')) ?? ''),
  };
}

const isNode20 = process.version.startsWith('v20.');

describe.runIf(isNode20)('what V8 made of the bundle', () => {
  test('is kept for the next run of this Node, and nothing else is', () => {
    const { say, kept, compiled } = installed();
    const first = say();
    const files = kept();
    const times = files.map((name) => statSync(join(compiled, name)).mtimeMs);

    expect(say()).toEqual(first);
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(files.filter((name) => /terminal-.*\.cjs\.bin$/.test(name))).toHaveLength(1);
    expect(files.filter((name) => !name.endsWith('.cjs.bin') || !name.startsWith(`${process.version}-`))).toEqual([]);
    expect(kept()).toEqual(files);
    expect(files.map((name) => statSync(join(compiled, name)).mtimeMs)).toEqual(times);
  });

  test('is kept apart for another file of the same Node, which it could crash', () => {
    const { say, kept, folder, script } = installed();
    const other = join(folder, 'node');
    const first = say();
    const files = kept();
    // Of another time.
    cpSync(process.execPath, other, { preserveTimestamps: false });
    const { stdout, status } = spawnSync(other, [script, 'upload', '--help'], { cwd: folder, encoding: 'utf8' });

    expect({ stdout, status }).toEqual({ stdout: first.stdout, status: 0 });
    expect(kept()).toHaveLength(2 * files.length);
  });

  test.each([
    ['is empty', () => Buffer.alloc(0)],
    ['is cut off', (whole: Buffer) => whole.subarray(0, whole.length >> 1)],
    [
      'begins with others',
      (whole: Buffer) => Buffer.concat([Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]), whole.subarray(8)]),
    ],
    [
      'holds 4 KiB of zeros',
      (whole: Buffer) => Buffer.from(whole).fill(0, whole.length >> 1, (whole.length >> 1) + 4096),
    ],
    ['has one bit turned', (whole: Buffer) => Buffer.from(whole).map((byte, at) => (at === 100_000 ? byte ^ 1 : byte))],
  ])('and %s is made anew', (_how, damage) => {
    const { say, largest } = installed();
    const first = say();
    const file = largest();
    const whole = readFileSync(file);
    const damaged = damage(whole);
    writeFileSync(file, damaged);

    expect(say()).toEqual(first);
    expect(readFileSync(file).equals(damaged)).toBe(false);
    expect(readFileSync(file).length).toBeGreaterThan(whole.length / 2);
  });

  test.each(['NODE_DISABLE_COMPILE_CACHE', 'NODE_V8_COVERAGE'])('is not kept with %s', (name) => {
    const { say, kept, folder } = installed();

    expect(say({ [name]: folder }).exitCode).toBe(0);
    expect(kept()).toEqual([]);
  });

  test.runIf(process.getuid?.() === 0)(
    'is not kept by root in a package of somebody else, who could not delete it',
    () => {
      const { say, kept, folder } = installed();
      chownSync(join(folder, 'dist/cli/chunks'), 12_345, 12_345);

      expect(say().exitCode).toBe(0);
      expect(kept()).toEqual([]);
    },
  );

  test('is not needed: a package that takes no writes is as good', () => {
    const { folder, say } = installed();
    // A file stands where the folder would: root may write where the mode says no.
    writeFileSync(join(folder, 'dist/cli/chunks/compiled'), '');

    expect(say()).toEqual(run(['upload', '--help']));
  });

  test('is kept whole by runs at the same time', () => {
    const { folder, kept, say, script } = installed();
    const line = `for i in 1 2 3 4 5 6; do "${process.execPath}" "${script}" upload --help > "$i" & done; wait`;
    const { status } = spawnSync('sh', ['-c', line], { cwd: folder });

    expect(status).toBe(0);
    const { stdout } = say();
    expect([1, 2, 3, 4, 5, 6].map((name) => readFileSync(join(folder, String(name)), 'utf8'))).toEqual(
      Array(6).fill(stdout),
    );
    expect(kept().filter((name) => !name.endsWith('.cjs.bin'))).toEqual([]);
  });
});

test('a command that waits for what never comes ends with 70, and says so', () => {
  const { folder, script } = installed();
  writeFileSync(join(folder, 'dist/cli/launch.cjs'), 'exports.launch = () => new Promise(() => {});');

  expect(run(['wire'], {}, undefined, script)).toEqual({
    exitCode: 70,
    stdout: '',
    stderr: 'pixgate stopped in the midst of its work. This is a bug of pixgate.\n',
  });
});

test('a function of somebody stands at a mount of the built command', () => {
  const folder = emptyFolder();
  mkdirSync(join(folder, 'photos'));
  cpSync(join(root, 'samples'), join(folder, 'photos'), { recursive: true });
  writeFileSync(join(folder, 'authorizer.mjs'), AUTHORIZER);
  writeFileSync(join(folder, 'pixgate.yaml'), LAMBDA);
  const { exitCode, stdout, stderr } = run(
    ['up', '--target', 'local', '--yes'],
    { PIXGATE_IDENTITY: 'let-me-in' },
    folder,
  );

  expect(stderr + stdout).not.toContain('AuthorizerFailed');
  expect(exitCode).toBe(0);
});

test.each([
  ['upload', ['--nonsense']],
  ['upload', ['--region']],
  ['upload', ['--yes', '--yes']],
  ['upload', ['--check']],
  ['upload', ['--json', '--nonsense']],
  ['upload', ['x', '--', '--help']],
  ['list', ['extra']],
  ['list', ['--target', 'mars', '--json']],
  ['list', ['--target', 'local', '--json']],
  ['logs', ['--since', 'yesterday']],
  ['wire', ['--no-nonsense']],
  ['test', ['--sample', '0']],
] as const)('pixgate %s %j ends as it does with the whole config of oclif', async (name, argv) => {
  const folder = emptyFolder();

  const launched = run([name, ...argv], {}, folder);

  expect(launched).toEqual(await runCommand(commands[name], argv, folder));
});

test('oclif knows no hook that a command would have to run', () => {
  const { oclif } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

  expect(Object.keys(oclif.hooks)).toEqual(['command_not_found']);
});

test('a stack of the built command names classes and functions', () => {
  const { exitCode, stderr } = run(['upload', '--verbose']);

  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^ConfigError: .*\n(.*\n)*\s+at .*loadConfig/m);
});

test('dist/THIRD-PARTY-LICENSES.txt holds every dependency but the native one, with its licence', () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { libsql: _native, ...bundled } = dependencies as Record<string, string>;
  const lines = readFileSync(join(root, 'dist', 'THIRD-PARTY-LICENSES.txt'), 'utf8').split('\n');

  expect(Object.entries(bundled).filter(([name, version]) => !lines.includes(`${name} ${version}`))).toEqual([]);
  expect(lines.filter((line) => line.startsWith('libsql '))).toEqual([]);
  for (const part of lines
    .join('\n')
    .split(`\n${'-'.repeat(80)}\n`)
    .slice(1))
    expect(part).toMatch(/^(MIT|ISC|BSD-[23]-Clause|0BSD|Apache-2\.0)(, by .+)?$/m);
});
