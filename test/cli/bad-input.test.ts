import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { safeText } from '../../src/terminal/safe-text.js';
import { asNobody, tempFolder } from '../files/temp-folder.js';
import { learnAccount } from '../secrets.js';
import { ACCOUNT, account } from './bad-input/account.js';
import { configFields } from './bad-input/config-fields.js';
import { configFiles } from './bad-input/config-files.js';
import { contradictions } from './bad-input/contradictions.js';
import { emptyAccount } from './bad-input/empty-account.js';
import { environment } from './bad-input/environment.js';
import { everyFlag } from './bad-input/every-flag.js';
import { look } from './bad-input/look.js';
import { mountFields } from './bad-input/mount-fields.js';
import { nobodyAsked } from './bad-input/nobody-asked.js';
import { places } from './bad-input/places.js';
import { GOOD, type Row } from './bad-input/row.js';
import { values } from './bad-input/values.js';
import { commands } from './commands.js';
import { runCommand, type Seen } from './run-command.js';

const samples = fileURLToPath(new URL('../../samples', import.meta.url));

/** The folder that a row is tried in. */
function folderOf({ config = GOOD, prepare }: NonNullable<Row[3]>): string {
  const folder = mkdtempSync(join(tmpdir(), 'pixgate-'));
  mkdirSync(join(folder, 'images'));
  if (config !== null) writeFileSync(join(folder, 'pixgate.yaml'), config);
  prepare?.(folder);
  return folder;
}

/** A sentence: one line, one full stop at its end, and no other sentence before it but in what is quoted. */
function isOneSentence(message: string): boolean {
  const outside = message.replace(/"(\\.|[^"\\])*("|…)/g, '""');
  return /^[A-Z"-][^\n]*\.$/.test(message.replace(/^(\p{L})/u, 'X')) && !/[.!?] +[A-Z]/.test(outside);
}

/** What some rows hold and nobody may be told. */
const SECRET = /wJalrXUtnFEMI|hunter2/;

/** The complaint in what was printed; where a plan is shown first, its last line. */
function messageOf(stderr: string, isShown: boolean): string {
  const [said = ''] = stderr.trimEnd().split(/\nTry this: /);
  return isShown ? (said.split('\n').at(-1) ?? '') : said;
}

/** How an answer for a person is not as the row says. */
function faultsOfText({ exitCode, stdout, stderr }: Seen, row: Row): string[] {
  const [, , says, { exit = 2, suggests = '', isShown = false } = {}] = row;
  const message = messageOf(stderr, isShown);
  return [
    ...(exitCode === exit ? [] : [`ends with ${exitCode}`]),
    ...(stdout === '' ? [] : [`prints ${JSON.stringify(stdout)}`]),
    ...(message.includes(says) ? [] : [`does not say ${JSON.stringify(says)}`]),
    ...(stderr.includes(suggests) ? [] : [`does not suggest ${JSON.stringify(suggests)}`]),
    ...(isOneSentence(message) ? [] : ['is not one sentence']),
    ...(SECRET.test(stderr) ? ['tells a secret'] : []),
    ...(/^ +at |This is a bug/m.test(stderr) ? ['shows a stack or a bug'] : []),
  ].map((fault) => `${fault}: ${JSON.stringify(stderr.slice(0, 400))}`);
}

/** How the JSON document of an answer is not what a person is told. */
function faultsOfJson(seen: Seen, told: Seen, isShown: boolean): string[] {
  const bad = `has the document ${JSON.stringify(seen.stdout.slice(0, 300))}`;
  if (seen.exitCode !== told.exitCode || (seen.stderr !== '' && !isShown))
    return [`${bad} and ${JSON.stringify(seen.stderr)}`];
  try {
    const { error } = JSON.parse(seen.stdout);
    const isSame = messageOf(told.stderr, isShown) === safeText(error.message) && /^[A-Z][A-Z_]+$/.test(error.code);
    return isSame && error.code !== 'BUG' ? [] : [bad];
  } catch {
    return [bad];
  }
}

/** Runs a command that has to end soon, since what it was given is no good. */
async function runSoon(...[command, argv, folder, env]: Parameters<typeof runCommand>): Promise<Seen> {
  const late = pause(10_000, undefined, { ref: false }).then(() => ({ exitCode: -1, stdout: '', stderr: 'goes on' }));
  return Promise.race([runCommand(command, argv, folder, env), late]);
}

/** Tries one row for a person and for a program, in a folder that is to stay as it is. */
async function faultsOf(row: Row, folder: string): Promise<string[]> {
  const [command, argv, , { env = {}, plainOnly = false, isShown = false } = {}] = row;
  const before = look(folder);
  const told = await runSoon(commands[command], argv, folder, env);
  const faults = faultsOfText(told, row);
  if (!plainOnly)
    faults.push(
      ...faultsOfJson(await runSoon(commands[command], argv, folder, { ...env, PIXGATE_JSON: '1' }), told, isShown),
    );
  const made = look(folder).filter((line) => !before.includes(line));
  if (made.length > 0 || look(folder).length < before.length) faults.push(`leaves ${made.join().slice(0, 200)}`);
  return faults.map((fault) => `${command} ${JSON.stringify(argv).slice(0, 120)} ${JSON.stringify(env)} ${fault}`);
}

const families: readonly (readonly [name: string, rows: readonly Row[]])[] = [
  ['every flag', everyFlag],
  ['values', values],
  ['environment', environment],
  ['contradictions', contradictions],
  ['config files', configFiles],
  ['config fields', configFields],
  ['mount fields', mountFields],
  ['places', places],
  ['nobody asked', nobodyAsked],
];

/** A folder with a local cloud that one command has left. */
async function cloudAfter(config: string, command: keyof typeof commands): Promise<string> {
  const folder = folderOf({ config });
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(join(samples, 'kite.svg'), join(folder, 'images', 'kite.svg'));
  const made = await runCommand(commands[command], ['--target', 'local', '--yes'], folder);
  expect(made.exitCode).toBe(0);
  learnAccount(folder);
  return folder;
}

test('a bad input is answered with its exit code and one sentence, and nothing is made', {
  timeout: 240_000,
}, async () => {
  const faults: string[] = [];
  let [count, wrong] = [0, 0];
  const meet = async (family: string, row: Row, folder: string): Promise<void> => {
    const found = await faultsOf(row, folder);
    faults.push(...found.map((fault) => `${family}: ${fault}`));
    count += 1;
    if (found.length > 0) wrong += 1;
  };
  for (const [family, rows] of families)
    for (const row of rows) {
      const around = row[3] ?? {};
      const tryIt = async () => {
        const folder = folderOf(around);
        await meet(family, row, folder);
        rmSync(folder, { recursive: true });
      };
      await (around.asNobody === true ? asNobody(tryIt) : tryIt());
    }
  for (const [config, command, rows] of [
    [ACCOUNT, 'up', account],
    [GOOD, 'teardown', emptyAccount],
  ] as const) {
    const folder = await cloudAfter(config, command);
    for (const row of rows) await meet(`after ${command}`, row, folder);
  }

  process.stdout.write(`bad input: ${count} rows, ${everyFlag.length} of them every flag, ${wrong} wrong\n`);
  expect(faults).toEqual([]);
  expect(count - everyFlag.length).toBeGreaterThanOrEqual(250);
  expect('polluted' in {}).toBe(false);
});

test.each([
  [['--bogus', '--json'], {}],
  [['--bogus'], { PIXGATE_JSON: '1' }],
])('wire %j complains in one JSON document', async (argv, env) => {
  const folder = await tempFolder({ 'pixgate.yaml': GOOD });

  const seen = await runCommand(commands.wire, argv, folder, env);

  expect(seen.exitCode).toBe(2);
  expect(JSON.parse(seen.stdout)).toEqual({
    error: { code: 'USAGE', message: 'There is no flag --bogus.', suggestions: ['add --help to see what there is'] },
  });
  expect(seen.stderr).toBe('');
});

test.each([
  [['--follow', '--json'], {}],
  [['--follow'], { PIXGATE_JSON: '1' }],
])('logs %j is refused in one JSON document, since following has no end', async (argv, env) => {
  const folder = await tempFolder({ 'pixgate.yaml': GOOD });

  const seen = await runCommand(commands.logs, argv, folder, env);

  expect(seen.exitCode).toBe(2);
  expect(JSON.parse(seen.stdout).error).toMatchObject({
    code: 'USAGE',
    message: 'Cannot use --follow with --json: one document is printed, and following has no end.',
  });
});
