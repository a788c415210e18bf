import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { UsageError } from '../errors.js';
import type { Config, ConfigAnswers } from '../index.js';
import { editSetup } from './edit-setup.js';
import { spellFlags } from './invocation.js';
import { createJudges } from './judges.js';
import type { Place } from './place.js';
import { runWizard, type WizardOptions } from './wizard.js';

/** Flags as oclif parsed them, by name; those not given are absent. */
export type GivenFlags = Readonly<Record<string, unknown>>;

/** The library behind the front door. */
export type Library = typeof import('../index.js');

/** Where a command runs. */
export interface Surroundings {
  /** The working folder, absolute. */
  readonly cwd: string;
  /** Environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The profile in use; absent where nobody looked. */
  readonly profile?: { readonly name: string; readonly region?: string };
}

/** A config to work with, and the file it still has to be written to. */
export interface Setup {
  /** Complete and valid. */
  readonly config: Config;
  /** The file to write once the plan is approved; absent when there is one already. */
  readonly draft?: {
    /** Absolute. */
    readonly path: string;
    /** YAML. */
    readonly text: string;
    /** The text of the file that this one replaces; absent where there is none yet. */
    readonly replaces?: string;
    /** The flags that say the same without a question, each as it would be typed; absent when none was asked. */
    readonly spelled?: readonly string[];
  };
}

/** What a setup is made from. */
export interface SetupAsk extends Surroundings {
  /** Flags by name. */
  readonly flags: GivenFlags;
  /** Whether a person can be asked. */
  readonly canAsk: boolean;
  /** Whether a person may change the config that is there. @default false */
  readonly mayEdit?: boolean;
  /** Takes a question back. */
  readonly signal?: AbortSignal;
  /** What reads, checks and renders configs. */
  readonly library: Library;
  /**
   * Sees, before anything is asked, whether there are credentials at all. @default nobody looks
   *
   * @throws {PixgateError} when the answers would be in vain
   */
  readonly requireAccount?: (region: string) => Promise<void>;
  /** Looks whether a bucket can be used in a project's folder and Region: true, or a sentence. @default nobody looks */
  readonly lookAtBucket?: (name: string, place: Place) => Promise<true | string>;
}

/** Flags that make a config, in the order they are spelled. */
const spelling = [
  ...['name', 'region', 'stage', 'source', 'mount', 'access', 'bucket', 'create-bucket', 'prefix', 'versioning'],
  ...['endpoint', 'cache-size', 'cache-ttl', 'log-level', 'access-log', 'no-logs', 'log-retention'],
  ...[
    'throttle-rate',
    'throttle-burst',
    'cors',
    'tracing',
    'concurrency',
    'expires',
    'tag',
    'target',
    'endpoint-url',
    'profile',
    'config',
  ],
];

/**
 * Takes the config file where there is one, changed as a person likes it where that may be; else makes a config from flags, variables and, on a terminal, the wizard.
 * Writes nothing.
 *
 * @throws {UsageError} when an answer is missing and nobody can be asked, or an answer breaks a rule
 * @throws {ConfigError} when the file breaks a rule
 * @throws {CancelledError} when the person gives up
 */
export async function prepareSetup(ask: SetupAsk): Promise<Setup> {
  const { cwd, env, library } = ask;
  const { path } = library.findConfigPath(ask);
  if (await isThere(path)) {
    const isAsked = ask.canAsk && ask.mayEdit === true && spelling.every((flag) => isAim(flag) || !(flag in ask.flags));
    return isAsked ? editSetup(ask) : { config: await library.loadConfig(ask) };
  }

  // The file that does not exist yet must not be looked for.
  const { config: _file, ...flags } = ask.flags;
  const { PIXGATE_CONFIG: _twin, ...variables } = env;
  const given = { ...givenByVariable(variables), ...flags };
  const answers = await findAnswers({ ...ask, flags: given }, dirname(path));
  const all = { ...given, ...answers };
  const verdict = await library.validateSource(String(all['source']), cwd);
  if (verdict !== true) {
    const reason = verdict.charAt(0).toLowerCase() + verdict.slice(1);
    throw new UsageError(`Cannot use --source ${JSON.stringify(all['source'])}: ${reason}`);
  }
  const source = resolve(cwd, String(all['source']));
  const loaded = await library.loadConfig({ ...ask, cwd: dirname(path), env: variables, flags: { ...all, source } });
  const config = applyCreation(loaded, all);
  return {
    config,
    draft: {
      path,
      text: library.renderConfig(await answersWorthWriting(config, library)),
      ...(answers === undefined
        ? {}
        : {
            spelled: spellFlags(
              { ...givenByVariable(variables), ...ask.flags, ...answers, region: config.region },
              spelling,
            ),
          }),
    },
  };
}

function givenByVariable(env: SetupAsk['env']): Record<string, string> {
  const names = ['source', 'name', 'region', 'mount', 'bucket', 'cache-size', 'access'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = env[`PIXGATE_${name.toUpperCase().replaceAll('-', '_')}`];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

const examples: Readonly<Record<string, string>> = {
  '--source': '--source ./images',
  '--access': '--access public',
  '--region': '--region eu-west-1',
};

/** Asks for what is missing; undefined when nothing that is needed was. */
async function findAnswers(ask: SetupAsk, directory: string): Promise<Record<string, unknown> | undefined> {
  const { env, flags, library } = ask;
  const region = flags['region'] ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? ask.profile?.region;
  const target = targetOf(ask);
  const isLocal = target === 'local';
  const missing = [
    ...(flags['source'] === undefined ? ['--source'] : []),
    ...(flags['access'] === undefined ? ['--access'] : []),
    ...(region === undefined && !isLocal ? ['--region'] : []),
  ];
  if (missing.length === 0) return undefined;
  if (!ask.canAsk) {
    throw new UsageError(`Cannot make a config without ${missing.join(', ')}: nobody can be asked here.`, {
      code: 'ANSWER_MISSING',
      suggestions: [`add ${missing.map((flag) => examples[flag]).join(' ')}`],
    });
  }
  if (!isLocal) await ask.requireAccount?.(region === undefined ? 'us-east-1' : String(region));
  const hasImages = await isThere(resolve(ask.cwd, 'images'));
  const { name } = await library.loadConfig({
    cwd: directory,
    env: {},
    flags: { source: '.', access: 'public', target: 'local' },
  });
  const near = region === undefined ? 'us-east-1' : String(region);
  return runWizard({
    // The local cloud is on this machine, whichever Region it is told to be.
    given: isLocal ? { region: true, ...flags } : flags,
    target,
    defaults: {
      source: hasImages ? './images' : '.',
      name,
      region: near,
      mount: '/images',
    },
    judges: judgesOf(ask, { directory, region: near }),
    ...terminalOf(ask),
  });
}

/** Which cloud is meant, before anything else is read. */
export function targetOf({ flags, env }: Pick<SetupAsk, 'flags' | 'env'>): 'aws' | 'local' {
  return (flags['target'] ?? env['PIXGATE_TARGET']) === 'local' ? 'local' : 'aws';
}

/** What judges the answers about a project in a folder. */
export function judgesOf({ library, cwd, lookAtBucket }: SetupAsk, place: Place): WizardOptions['judges'] {
  return createJudges({
    library,
    cwd,
    region: place.region,
    lookAtBucket: lookAtBucket && ((name, region) => lookAtBucket(name, { ...place, region })),
  });
}

/** Where the wizard asks. */
export function terminalOf({ signal }: Pick<SetupAsk, 'signal'>) {
  const columns = process.stderr.columns || 80;
  return { input: process.stdin, output: process.stderr, columns, ...(signal === undefined ? {} : { signal }) };
}

/** Whether a flag says which file and cloud are meant, and nothing that a file holds. */
function isAim(flag: string): boolean {
  return ['target', 'endpoint-url', 'profile', 'config'].includes(flag);
}

/** A named bucket is made unless `--no-create-bucket` says that it exists. */
export function applyCreation(config: Config, flags: GivenFlags): Config {
  if (flags['create-bucket'] !== false) return config;
  if (config.mounts.some((mount) => mount.bucket.name === 'auto')) {
    throw new UsageError('--no-create-bucket must come with --bucket and the name of the bucket: it is missing.');
  }
  return {
    ...config,
    mounts: config.mounts.map((mount) => ({ ...mount, bucket: { ...mount.bucket, create: false } })),
  };
}

/** Leaves out what is the default anyway, so that the file stays short. */
async function answersWorthWriting(config: Config, library: Library): Promise<ConfigAnswers> {
  const answers = answersOf(config);
  const { name, region, source, access, stage = 'dev', mount = '/images' } = answers;
  const essential = { name, region, source, access, stage, mount };
  const plain = answersOf(await library.loadConfig({ cwd: config.directory, env: {}, flags: essential }));
  const entries = Object.entries(answers).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(plain[key as keyof ConfigAnswers]),
  );
  return { ...Object.fromEntries(entries), ...essential };
}

/** Kind of access as a flag says it; no flag can say which function a lambda mount asks. */
function kindOf(kind: Config['mounts'][number]['access']['kind'] | undefined): ConfigAnswers['access'] {
  return kind === undefined || kind === 'lambda' ? 'public' : kind;
}

function answersOf(config: Config): ConfigAnswers {
  const { name, region, stage, endpoint, tracing, concurrency, tags, cache, logs, throttle, expires } = config;
  const [mount] = config.mounts;
  const { bucket } = mount ?? {};
  return {
    ...{ name, region, stage, endpoint, tracing, concurrency, tags },
    source: relativeTo(config.directory, mount?.source ?? '.'),
    access: kindOf(mount?.access.kind),
    ...(mount === undefined ? {} : { mount: mount.path }),
    ...(bucket === undefined
      ? {}
      : { bucket: bucket.name, create: bucket.create, prefix: bucket.prefix, versioning: bucket.versioning }),
    ...(cache === undefined ? {} : { cacheSizeGb: cache.sizeGb, cacheTtlSeconds: cache.ttlSeconds }),
    logLevel: logs.level,
    accessLog: logs.access,
    logRetentionDays: logs.retentionDays,
    throttleRate: throttle.rate,
    throttleBurst: throttle.burst,
    cors: config.cors?.origin ?? 'none',
    ...(expires === undefined ? {} : { expires }),
  };
}

/** Spells a folder as somebody would in a file beside it: './images'; one that lies elsewhere stays absolute. */
export function relativeTo(directory: string, folder: string): string {
  const path = relative(directory, folder);
  if (path === '') return '.';
  const isElsewhere = isAbsolute(path) || path.split(sep)[0] === '..';
  return isElsewhere ? folder : `./${path.split(sep).join('/')}`;
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
