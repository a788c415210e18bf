import { type PixgateError, UsageError } from '../errors.js';
import type { FlagShape } from './invocation.js';

type Env = Readonly<Record<string, string | undefined>>;
type Flags = Readonly<Record<string, FlagShape>>;

/**
 * Refuses what oclif would read as something else: a switch with a value, which it would take for an argument; the variable
 * of a switch that says neither on nor off, which would be off; and an empty variable, which would be none.
 *
 * @throws {UsageError} naming the flag or the variable, and the value
 */
export function rejectUnread(argv: readonly string[], env: Env, flags: Flags): void {
  const typed = beforeEnd(argv);
  const switches = Object.entries(flags).filter(([, { type }]) => type === 'boolean');
  const names = switches.flatMap(([flag, { aliases = [] }]) => [flag, `no-${flag}`, ...aliases]);
  for (const word of typed) {
    const [, name = '', value] = /^--([a-z-]+)=(.*)$/s.exec(word) ?? [];
    if (names.includes(name)) throw new UsageError(`--${name} takes no value: got ${JSON.stringify(value)}.`);
  }
  for (const [flag, { type, env: variable = '' }] of Object.entries(flags)) {
    const value = env[variable];
    if (value === undefined || isTyped(flag, typed)) continue;
    if (type === 'boolean' && !/^(1|0|true|false|yes|no)$/i.test(value))
      throw new UsageError(`${variable} must be one of 1, 0, true, false, yes, no: got ${JSON.stringify(value)}.`);
    if (value === '')
      throw new UsageError(`${variable} must not be empty: got "".`, { suggestions: [`unset ${variable}`] });
  }
}

/** Has a complaint about a flag name the variable, where that gave the value and no flag did. */
export function nameVariable(error: PixgateError, argv: readonly string[], env: Env, flags: Flags): void {
  const [start = '', flag = ''] = /^--([a-z-]+)(?= )/.exec(error.message) ?? [];
  const variable = flags[flag]?.env;
  if (variable === undefined || env[variable] === undefined || isTyped(flag, beforeEnd(argv))) return;
  error.message = `${variable}${error.message.slice(start.length)}`;
}

function beforeEnd(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end < 0 ? argv : argv.slice(0, end);
}

/** A flag beats its variable, whatever that holds. */
function isTyped(flag: string, words: readonly string[]): boolean {
  return words.some((word) => word === `--${flag}` || word === `--no-${flag}` || word.startsWith(`--${flag}=`));
}
