import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Config, ConfigAnswers } from '../index.js';
import { applyCreation, judgesOf, relativeTo, type Setup, type SetupAsk, targetOf, terminalOf } from './setup.js';
import { untilEscape } from './until-escape.js';
import { type Answers, runWizard } from './wizard.js';

/**
 * Takes the config file that is there, and, when the person wants it, drafts one with other answers. Writes nothing.
 *
 * @throws {ConfigError} when the file breaks a rule, or cannot be changed in one place
 * @throws {UsageError} when the answers do not go together
 */
export async function editSetup(ask: SetupAsk): Promise<Setup> {
  const { library } = ask;
  const { path, shown } = library.findConfigPath(ask);
  const config = await library.loadConfig(ask);
  if (!(await wantsChange(shown, ask))) return { config };
  const replaces = await readFile(path, 'utf8');
  const written = await library.loadConfig({ ...ask, env: withoutTwins(ask.env) });
  const answers = changesOf(await askAgain(written, ask), written, ask.cwd);
  if (Object.keys(answers).length === 0) return { config };
  const text = library.renderConfig({ text: replaces, file: shown, answers: asFields(answers, path, ask.cwd) });
  const { overrides: _overrides, ...edited } = await library.loadConfig({
    ...ask,
    flags: { ...ask.flags, ...answers },
  });
  return { config: applyCreation(edited, answers), draft: { path, text, replaces } };
}

function wantsChange(shown: string, ask: SetupAsk): Promise<boolean> {
  const { columns: _columns, signal: outer, ...streams } = terminalOf(ask);
  return untilEscape(streams.input, outer, async (signal) => {
    const { default: inquirer } = await import('inquirer');
    const prompt = inquirer.createPromptModule({ ...streams, signal });
    const message = `Change ${shown} first?`;
    const { yes } = await prompt<{ yes: boolean }>([{ type: 'confirm', name: 'yes', message, default: false }]);
    return yes;
  });
}

/** What a variable says is for this run; the questions are about the file. */
function withoutTwins(env: SetupAsk['env']): SetupAsk['env'] {
  const entries = Object.entries(env).filter(([name]) => name === 'PIXGATE_TARGET' || !name.startsWith('PIXGATE_'));
  return Object.fromEntries(entries);
}

function askAgain(config: Config, ask: SetupAsk): Promise<Answers> {
  const [mount, ...others] = config.mounts;
  const isOneOfMany = others.length > 0;
  const { bucket, access } = mount ?? {};
  const target = targetOf(ask);
  return runWizard({
    target,
    // Which of several mounts is meant, and which function lets callers in, is no question of one line.
    given: {
      ...(isOneOfMany ? { source: true, mount: true, bucket: true, access: true } : {}),
      ...(access?.kind === 'lambda' ? { access: true } : {}),
      ...(target === 'local' ? { region: true } : {}),
    },
    defaults: {
      source: relativeTo(ask.cwd, mount?.source ?? '.'),
      name: config.name,
      region: config.region,
      mount: mount?.path ?? '/images',
    },
    present: {
      isCached: config.cache !== undefined,
      access: access?.kind ?? 'public',
      ...(bucket === undefined || bucket.create ? {} : { bucket: bucket.name }),
    },
    judges: judgesOf(ask, config),
    ...terminalOf(ask),
  });
}

/** The answers that are no longer what the file says. */
function changesOf(answers: Answers, config: Config, cwd: string): Answers {
  const [mount] = config.mounts;
  const said: Record<string, unknown> = {
    name: config.name,
    region: config.region,
    mount: mount?.path,
    access: mount?.access.kind,
    bucket: mount?.bucket.name,
    'create-bucket': mount?.bucket.create,
  };
  const isSame = (flag: string, answer: string | boolean) =>
    flag === 'source' ? resolve(cwd, String(answer)) === mount?.source : said[flag] === answer;
  return Object.fromEntries(Object.entries(answers).filter(([flag, answer]) => !isSame(flag, answer)));
}

/** The answers as a file says them, whose folder need not be the working one. */
function asFields(answers: Answers, path: string, cwd: string): Partial<ConfigAnswers> {
  const { source, 'cache-size': size, 'create-bucket': create, ...rest } = answers;
  return {
    ...rest,
    ...(source === undefined ? {} : { source: relativeTo(dirname(path), resolve(cwd, String(source))) }),
    ...(size === undefined ? {} : { cacheSizeGb: size === 'none' ? ('none' as const) : Number(size) }),
    ...(create === false ? { create } : {}),
  };
}
