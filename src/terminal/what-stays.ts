import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Config } from '../index.js';
import { safeText } from './safe-text.js';

/** What a project has on the disk when its environment is gone. */
export interface Remains {
  /** The config file as seen from the working folder; absent where there is none. */
  readonly file?: string;
  /** Why `.pixgate` is still there: other environments need it, or another process alone has it open. Absent where it went. */
  readonly state?: 'needed' | 'open';
}

/** Looks what a project still has on the disk. */
export function findRemains({ file, directory }: Pick<Config, 'file' | 'directory'>, cwd: string): Remains {
  const state = join(directory, '.pixgate');
  return {
    ...(file === undefined || !existsSync(file) ? {} : { file: relative(cwd, file) }),
    ...(existsSync(state) ? { state: isOnlyOpen(state) ? ('open' as const) : ('needed' as const) } : {}),
  };
}

/** SQLite: the last process to close a database takes its write-ahead log away, and one that opens it mends what a crash left. */
function isOnlyOpen(state: string): boolean {
  return !existsSync(join(state, 'state')) && existsSync(join(state, 'local', 'account.db-wal'));
}

const STATES: Readonly<Record<NonNullable<Remains['state']>, string>> = {
  needed: '.pixgate, which holds what other environments need',
  open: '.pixgate, which another process has open, such as a running pixgate local, and which goes with that',
};

/** Says what stays, and what to do with it; `up` makes all of it again. Undefined where nothing stays. */
export function describeRemains({ file, state }: Remains, up: string): string | undefined {
  if (file === undefined) return state === undefined ? undefined : `Still here: ${STATES[state]}.`;
  if (state !== undefined) return `Still here: ${safeText(file)}, and ${STATES[state]}.`;
  return `Still here: ${safeText(file)}. Delete it when you are done; ${up} makes everything again.`;
}
