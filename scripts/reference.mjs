// Writes docs/reference.md from the manifest: every command with its flags and examples.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const read = (name) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'));
const { commands } = read('oclif.manifest.json');
const { description } = read('package.json').oclif;
const [summary, ...rest] = description.split('\n');

/** A cell of a table: a bar would end it. */
const cell = (text) => text.replaceAll('|', '\\|');

function renderFlags(flags) {
  const rows = flags.map(({ name, char, type, helpValue = '', allowNo, summary = '' }) => {
    const spelled = `--${allowNo ? '[no-]' : ''}${name}`;
    const words = [char === undefined ? spelled : `-${char}, ${spelled}`, ...(type === 'option' ? [helpValue] : [])];
    return `| \`${cell(words.join(' '))}\` | ${cell(summary)} |`;
  });
  return ['| flag | what it does |', '|---|---|', ...rows];
}

const isGlobal = ({ helpGroup }) => helpGroup === 'GLOBAL';
const all = Object.entries(commands).map(([name, command]) => ({
  ...command,
  name,
  flags: Object.values(command.flags),
}));
const globals = all[0]?.flags.filter(isGlobal) ?? [];

const sections = all.flatMap(({ name, summary, description, args, flags, examples }) => {
  const own = flags.filter((flag) => !isGlobal(flag));
  const words = Object.values(args).map(({ name, multiple }) => ` [${name.toUpperCase()}${multiple ? '...' : ''}]`);
  const shown = examples.map((text) =>
    text.replaceAll('<%= config.bin %>', 'pixgate').replaceAll('<%= command.id %>', name),
  );
  return [
    `## pixgate ${name}${words.join('')}`,
    '',
    `${summary} ${description}`,
    '',
    '```sh',
    ...shown,
    '```',
    '',
    ...(own.length === 0 ? [] : [...renderFlags(own), '']),
  ];
});

const text = [
  '# Reference',
  '',
  '<!-- Written by scripts/reference.mjs from the commands themselves. -->',
  '',
  summary,
  ...rest,
  '',
  '## Every command',
  '',
  ...renderFlags(globals),
  '',
  ...sections,
].join('\n');
const file = new URL('../docs/reference.md', import.meta.url);
// A packed package has no docs.
if (existsSync(new URL('../docs/', import.meta.url))) writeFileSync(file, `${text.trimEnd()}\n`);
