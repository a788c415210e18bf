import { commands } from '../commands.js';
import type { Row } from './row.js';

/** Said to a person alone: the other rows are told to programs too. */
const told = { plainOnly: true };

interface Flag {
  readonly type: string;
  readonly multiple?: boolean;
  readonly allowNo?: boolean;
  readonly env?: string;
}

const names = Object.keys(commands) as (keyof typeof commands)[];

/** What every flag of every command is tried with: it is said twice, lacks its value, or has one that it does not take. */
export const everyFlag: readonly Row[] = names.flatMap((name) => {
  const { baseFlags, flags } = commands[name];
  const all = Object.entries({ ...baseFlags, ...flags } as Record<string, Flag>);
  return [
    [name, ['--bogus'], 'There is no flag --bogus.'] as const,
    [name, ['-q'], 'There is no flag -q.'] as const,
    ...all.flatMap(([flag, shape]) => ofFlag(name, flag, shape)),
  ];
});

function ofFlag(name: keyof typeof commands, flag: string, { type, multiple, allowNo, env }: Flag): Row[] {
  const twice: Row = [name, [`--${flag}`, 'a', `--${flag}=b`], `--${flag} must be given once: got it twice.`, told];
  if (type === 'option') {
    const missing: Row = [name, [`--${flag}`], `Flag --${flag} expects a value.`, told];
    return multiple === true ? [missing] : [missing, twice];
  }
  return [
    [name, [`--${flag}=maybe`], `--${flag} takes no value: got "maybe".`, told],
    ...(allowNo === true
      ? ([[name, [`--no-${flag}=maybe`], `--no-${flag} takes no value: got "maybe".`, told]] as Row[])
      : []),
    ...(env === undefined
      ? []
      : ([
          [
            name,
            [],
            `${env} must be one of 1, 0, true, false, yes, no: got "maybe".`,
            { env: { [env]: 'maybe' }, ...told },
          ],
        ] as Row[])),
  ];
}
