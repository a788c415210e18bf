import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { runAccess } from '../../src/terminal/access-actions.js';
import { accessWords } from '../../src/terminal/access-words.js';
import { commands } from './commands.js';
import { runCommand } from './run-command.js';

/** Has bash complete the last of these words, by the script that is printed for it. */
async function complete(...typed: string[]): Promise<string[]> {
  const { stdout } = await runCommand(commands.completion, ['bash'], '/');
  const ask = 'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _pixgate; printf "%s\\n" "${COMPREPLY[@]}"';
  const { stdout: words, stderr } = spawnSync('bash', ['--norc', '-uec', `${stdout}\n${ask}`, 'bash', ...typed], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return words.split('\n').filter((word) => word !== '');
}

test.each<[typed: string[], offered: string[]]>([
  [['t'], ['teardown', 'test']],
  [['--v'], ['--version']],
  [
    ['help', 't'],
    ['teardown', 'test'],
  ],
  [
    ['wire', '--target', ''],
    ['aws', 'local'],
  ],
  [['wire', '--target', 'l'], ['local']],
  [['wire', '--pl'], ['--plan']],
  [['init', '--no-cr'], ['--no-create-bucket']],
  [
    ['init', '--access', ''],
    ['public', 'iam', 'api-key', 'cognito'],
  ],
  [
    ['access', ''],
    ['key', 'user', 'login'],
  ],
  [['access', 'key', 'r'], ['rotate']],
  [['completion', ''], ['bash']],
  // Names of files are the shell's own business.
  [['upload', ''], []],
  [['wire', '--config', '-'], []],
  [['nope', '-'], []],
])('bash completes %j', async (typed, offered) => {
  expect(await complete('pixgate', ...typed)).toEqual(offered);
});

test('bash is offered each flag of a command, and no flag of another', async () => {
  const offered = await complete('pixgate', 'upload', '-');

  expect(offered).toContain('--delete');
  expect(offered).toContain('-y');
  expect(offered).not.toContain('--cors');
});

test('completion knows all that may follow access', async () => {
  const tools = {} as Parameters<typeof runAccess>[1];
  const { suggestions }: { suggestions: string[] } = await runAccess(['nope'], tools).catch((error) => error);
  const there = suggestions.map((text) => text.replace(/^pixgate access | NAME$/g, ''));

  const known = accessWords['access']?.flatMap((word) => accessWords[word]?.map((next) => `${word} ${next}`) ?? [word]);

  expect(known?.sort()).toEqual(there.sort());
});

test.each([
  [[], 'SHELL must be bash: it is missing.'],
  [['fish'], 'SHELL must be bash: got "fish".'],
])('completion %j leaves with 2 and says why', async (argv, says) => {
  const seen = await runCommand(commands.completion, argv, '/');

  expect(seen).toMatchObject({ exitCode: 2, stdout: '' });
  expect(seen.stderr).toContain(says);
});
