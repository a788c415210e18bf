import { Config } from '@oclif/core';
import { captureOutput } from '@oclif/test';
import { fileWatch, lookThrough } from '../secrets.js';

/** What a person sees of one command. */
export interface Seen {
  readonly stdout: string;
  readonly stderr: string;
  /** 0, or the code that the shell would see. */
  readonly exitCode: number;
}

/** A command class. */
export interface Runnable {
  run(argv: string[], options: Config): Promise<unknown>;
}

/** Variables that hold what nobody else may see. */
const SECRET = /^PIXGATE_(API_KEY|TOKEN|PASSWORD|NEW_PASSWORD|IDENTITY(_\d+)?)$/;

const root = new URL('../..', import.meta.url).pathname;

/** Runs a command from its source in a folder, off a terminal, with these variables and none of AWS's or ours. */
export async function runCommand(
  command: Runnable,
  argv: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Seen> {
  const before = { cwd: process.cwd(), env: { ...process.env } };
  for (const name of Object.keys(process.env))
    if (/^(PIXGATE|AWS_(REGION|DEFAULT|PROFILE|END))/.test(name)) delete process.env[name];
  Object.assign(process.env, env);
  for (const [name, value] of Object.entries(env)) if (SECRET.test(name)) fileWatch.add(value, name);
  process.chdir(cwd);
  try {
    const config = await Config.load(root);
    const { stdout, stderr, error } = await captureOutput(() => command.run([...argv], config));
    lookThrough(`stderr of ${argv.join(' ')}`, stderr);
    // A secret that was asked for is printed, and only there.
    if (!argv.includes('--reveal')) lookThrough(`stdout of ${argv.join(' ')}`, stdout);
    return { stdout, stderr, exitCode: error === undefined ? 0 : (error.oclif?.exit ?? -1) };
  } finally {
    process.chdir(before.cwd);
    for (const name of Object.keys(env)) delete process.env[name];
    Object.assign(process.env, before.env);
  }
}
