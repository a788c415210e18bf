import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SetupAsk } from './setup.js';

/** The folder and the Region that a command without an environment of its own is about. */
export interface Place {
  /** The config file's folder, whether or not there is one; absolute. */
  readonly directory: string;
  /** AWS Region: 'eu-west-1'. */
  readonly region: string;
}

/**
 * Finds folder and Region by the rules of a config, but needs no config file.
 *
 * @throws {UsageError} when nothing names a Region for AWS, or a flag breaks a rule
 * @throws {ConfigError} when there is a config file and it breaks a rule
 */
export async function findPlace(ask: Omit<SetupAsk, 'canAsk'>): Promise<Place> {
  const { cwd, env, flags, library } = ask;
  const { path } = library.findConfigPath({ cwd, env, flags });
  const directory = dirname(path);
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  if (isThere) return { directory, region: (await library.loadConfig(ask)).region };
  const { config: _file, ...rest } = flags;
  const { PIXGATE_CONFIG: _twin, ...variables } = env;
  const nothing = { source: '.', access: 'public' };
  const { region } = await library.loadConfig({
    ...ask,
    cwd: directory,
    env: variables,
    flags: { ...rest, ...nothing },
  });
  return { directory, region };
}
