import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { commands } from './commands.js';

const root = new URL('../../', import.meta.url);

interface FlagFacts {
  readonly type: string;
  readonly char?: string;
  readonly env?: string;
  readonly allowNo?: boolean;
  readonly multiple?: boolean;
  readonly summary?: string;
  readonly helpValue?: string | string[];
  readonly helpGroup?: string;
  readonly default?: unknown;
}

function flagsOf(name: keyof typeof commands): Record<string, FlagFacts> {
  const { baseFlags, flags } = commands[name];
  return { ...baseFlags, ...flags } as Record<string, FlagFacts>;
}

const names = Object.keys(commands) as (keyof typeof commands)[];

test('commands/ holds the commands and nothing else', async () => {
  const files = await readdir(new URL('commands', root));

  expect(files.sort()).toEqual(names.map((name) => `${name}.ts`));
});

test('the commands keep their names, flags and short forms', async () => {
  const lines = names.flatMap((name) => [
    name,
    ...Object.entries(flagsOf(name))
      .map(([flag, facts]) => {
        const value = facts.type === 'option' ? ` ${String(facts.helpValue)}` : facts.allowNo ? ' (or --no-)' : '';
        const extras = [facts.char && `-${facts.char}`, facts.env, facts.multiple && 'repeatable'].filter(Boolean);
        return `  --${flag}${value}${extras.length > 0 ? `  ${extras.join(' ')}` : ''}`;
      })
      .sort(),
  ]);

  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('commands.golden.txt');
});

test.each(names)('%s says what it does and gives two examples or more', (name) => {
  const { summary, description, examples, args } = commands[name];

  expect(summary).toMatch(/^[A-Z].*\.$/);
  expect(description).toMatch(/^[A-Z].*\.$/);
  expect(examples?.length).toBeGreaterThanOrEqual(2);
  expect(Object.keys(args ?? {}).length).toBeLessThanOrEqual(1);
});

test.each(names)('%s has flags in lower-case words, without defaults, and no short form but -y', (name) => {
  const flags = Object.entries(flagsOf(name));

  expect(flags.filter(([flag]) => !/^[a-z]+(-[a-z]+)*$/.test(flag))).toEqual([]);
  expect(flags.filter(([, facts]) => facts.default !== undefined)).toEqual([]);
  expect(flags.filter(([, facts]) => facts.char !== undefined).map(([flag]) => flag)).toEqual(['yes']);
});

test.each(names)('oclif.manifest.json knows %s as it is', async (name) => {
  const manifest = JSON.parse(await readFile(new URL('oclif.manifest.json', root), 'utf8'));
  const facts = (flags: Record<string, FlagFacts>) =>
    Object.fromEntries(
      Object.entries(flags).map(([flag, { type, char, allowNo, multiple, summary, helpValue, helpGroup }]) => [
        flag,
        { type, char, allowNo: allowNo ?? false, multiple: multiple ?? false, summary, helpValue, helpGroup },
      ]),
    );

  const { summary, description, examples, flags } = manifest.commands[name];

  expect({ summary, description, examples }).toEqual({
    summary: commands[name].summary,
    description: commands[name].description,
    examples: [commands[name].examples?.join('\n')],
  });
  expect(facts(flags)).toEqual(facts(flagsOf(name)));
});

test('oclif.manifest.json has the version of the package and no other command', async () => {
  const [manifest, pack] = await Promise.all(
    ['oclif.manifest.json', 'package.json'].map(async (file) =>
      JSON.parse(await readFile(new URL(file, root), 'utf8')),
    ),
  );

  expect(manifest.version).toBe(pack.version);
  expect(Object.keys(manifest.commands).sort()).toEqual(names);
});
