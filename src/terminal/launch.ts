import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '@oclif/core/config';
import type { BaseCommand } from './base-command.js';

/** A command class. */
export interface Launchable {
  new (argv: string[], config: Config): BaseCommand;
  /** The word by which it is called. */
  id: string;
}

/**
 * Runs one command of the package in the folder `root`. Of oclif's config it makes only what a command asks for, names and
 * versions: to read all of it, with every command, hook and theme, takes oclif as long as the rest of a start.
 */
export async function launch(Command: Launchable, id: string, argv: string[], root: string): Promise<void> {
  const pjson = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const { name, version, oclif } = pjson;
  const userAgent = `${name}/${version} ${process.platform}-${process.arch} node-${process.version}`;
  const config: Partial<Config> = {
    ...{ root, pjson, name, version, userAgent, bin: oclif.bin, topicSeparator: ':' },
    // The one hook there is answers words that are no command.
    runHook: async () => ({ successes: [], failures: [] }),
    // Only oclif's own updates set variables.
    scopedEnvVarKeys: () => [],
  };
  Command.id = id;
  await new Command(argv, config as Config).start();
}
