import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Config } from '../index.js';
import { safeText } from './safe-text.js';

/** What a project has on the disk when its environment is gone. */
export interface Remains {
  /** The config file as seen from the working folder; absent where there is none. */
  readonly file?: string;
  /** Whether `.pixgate` is still there, which other environments need then. */
  readonly state: boolean;
}

/** Looks what a project still has on the disk. */
export function findRemains({ file, directory }: Pick<Config, 'file' | 'directory'>, cwd: string): Remains {
  return {
    ...(file === undefined || !existsSync(file) ? {} : { file: relative(cwd, file) }),
    state: existsSync(join(directory, '.pixgate')),
  };
}

/** Says what stays, and what to do with it; `up` makes all of it again. Undefined where nothing stays. */
export function describeRemains({ file, state }: Remains, up: string): string | undefined {
  const others = '.pixgate, which holds what other environments need';
  if (file === undefined) return state ? `Still here: ${others}.` : undefined;
  if (state) return `Still here: ${safeText(file)}, and ${others}.`;
  return `Still here: ${safeText(file)}. Delete it when you are done; ${up} makes everything again.`;
}
