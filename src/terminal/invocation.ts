import { UsageError } from '../errors.js';
import type { Manner } from './voice.js';

/** What is known of a flag before it is parsed. */
export interface FlagShape {
  /** Whether it is a switch, or takes a value. */
  readonly type: 'boolean' | 'option';
  /** Whether it may be given more than once. */
  readonly multiple?: boolean;
  /** Whether there is a `--no-` form of a switch. */
  readonly allowNo?: boolean | undefined;
  /** Its other names. */
  readonly aliases?: readonly string[] | undefined;
  /** The variable that stands for it, where oclif reads that. */
  readonly env?: string | undefined;
}

/** Guesses from raw arguments and variables how to speak, so that even an argument that cannot be parsed is answered in kind. */
export function mannerOf(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Manner {
  const end = argv.indexOf('--');
  const flags = end === -1 ? argv : argv.slice(0, end);
  const isOn = (name: string) =>
    flags.includes(`--${name}`) ||
    /^(1|true|yes)$/i.test(env[`PIXGATE_${name.toUpperCase().replaceAll('-', '_')}`] ?? '');
  return {
    json: isOn('json'),
    quiet: isOn('quiet'),
    verbose: isOn('verbose'),
    color: !isOn('no-color') && !env['NO_COLOR'],
  };
}

/**
 * Refuses a flag that is given twice, where only the last would count.
 *
 * @throws {UsageError} naming the flag
 */
export function rejectRepeated(argv: readonly string[], flags: Readonly<Record<string, FlagShape>>): void {
  const seen = new Set<string>();
  for (const word of argv) {
    if (word === '--') return;
    const name = /^--([a-z-]+)(=|$)/.exec(word)?.[1];
    const flag = name === undefined ? undefined : flags[name];
    if (name === undefined || flag?.type !== 'option' || flag.multiple) continue;
    if (seen.has(name)) throw new UsageError(`--${name} must be given once: got it twice.`);
    seen.add(name);
  }
}

/** The flags that say which environment is meant; without them the next command would go elsewhere. */
const choosing = ['config', 'target', 'endpoint-url', 'profile', 'region', 'stage', 'name'] as const;

/** Spells the command to type next, with those of the given flags that chose the environment. */
export function nextCommand(command: string, given: Readonly<Record<string, unknown>>): string {
  // `pixgate local` has no other target.
  const flags = command === 'local' ? choosing.filter((name) => name !== 'target') : choosing;
  return ['pixgate', command, ...spellFlags(given, flags)].join(' ');
}

/** A command with the words that it may have, at the beginning or behind prose: `set a cache, then pixgate wire`. */
const SUGGESTED =
  /^(.*, then )?(pixgate (?:access(?: (?:key|user|login)(?: \S+)*)?|flush \/\S*|[a-z]+)(?: -| {2}|$).*)$/;

/**
 * Adds to a suggested command the flags that chose the environment, unless it names them itself; prose comes back as it is.
 * Two blanks part a command from what is said of it.
 */
export function aimSuggestion(text: string, given: Readonly<Record<string, unknown>>): string {
  const [, before = '', suggested] = SUGGESTED.exec(text) ?? [];
  if (suggested === undefined) return text;
  const [command = suggested, ...said] = suggested.split('  ');
  const missing = choosing.filter((name) => !command.includes(`--${name} `));
  return before + [[command, ...spellFlags(given, missing)].join(' '), ...said].join('  ');
}

/** Spells flags as they would be typed: `--stage prod --no-tracing --tag a=1`; those not given are left out. */
export function spellFlags(given: Readonly<Record<string, unknown>>, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const value = given[name];
    if (value === undefined) return [];
    if (typeof value === 'boolean') return [value ? `--${name}` : `--no-${name}`];
    return (Array.isArray(value) ? value : [value]).map((one) => `--${name} ${quoteWord(String(one))}`);
  });
}

/** Spells words as they would be typed beside flags: one that begins like a flag is taken for a file, `./-a.png`. */
export function spellWords(words: readonly string[]): string[] {
  return words.map((word) => quoteWord(word.startsWith('-') ? `./${word}` : word));
}

/** Spells a word as a shell takes it. */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
