import { randomUUID } from 'node:crypto';
import { link, lstat, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { RefusedError, UsageError } from '../errors.js';
import { accessKind } from './access-rules.js';
import type { ConfigAnswers } from './answers.js';
import { fileFromAnswers } from './apply-overrides.js';
import { type ConfigEdit, editConfig } from './edit-config.js';
import type { ConfigFile } from './schema.js';
import { type GlobalName, setGlobalName } from './set-namespace.js';

export type { ConfigAnswers } from './answers.js';
export type { ConfigEdit } from './edit-config.js';
export type { GlobalName } from './set-namespace.js';

/**
 * Renders answers as the text of a new pixgate.yaml: the essentials, what differs from the defaults, and what each field
 * is for. Of a text that is there already it renders the same text with other answers, or with a global name for one
 * bucket, comments and all.
 *
 * @throws {ConfigError} when a text is no config file, or cannot be changed in one place.
 */
export function renderConfig(from: ConfigAnswers | GlobalName | ConfigEdit): string {
  if (!('text' in from)) return renderAnswers(from);
  return 'answers' in from ? editConfig(from) : setGlobalName(from);
}

function renderAnswers(answers: ConfigAnswers): string {
  const file = fileFromAnswers(answers);
  const { endpoint, cache, logs, throttle, cors, tracing, tags, expires, concurrency } = file;
  const lines = [
    '# What pixgate builds. Run  pixgate up  after a change: only what differs is touched.',
    entry('version', 1),
    entry('name', file.name, 'the root of every name that is made'),
    entry('region', file.region),
    entry('stage', file.stage ?? 'dev', 'part of the address'),
    entry('endpoint', endpoint, 'regional or edge'),
    cache === undefined
      ? '# cache: { sizeGb: 0.5, ttlSeconds: 300 }   # a stage cache, billed by the hour'
      : entry('cache', cache, 'billed by the hour'),
    entry('logs', logs, 'level is off, error or info'),
    entry('throttle', throttle, 'requests a second, and at one moment'),
    entry('cors', cors, "'*', one origin, or none"),
    entry('tracing', tracing),
    entry('tags', tags),
    entry('expires', expires, 'counted from when it is made; teardown --expired removes it then'),
    entry('concurrency', concurrency, 'objects sent at once, at most'),
    ...renderMount(file.mounts[0]),
  ];
  return `${lines.filter((line) => line !== undefined).join('\n')}\n`;
}

const ACCESS_MEANS: Readonly<Record<ReturnType<typeof accessKind>, string>> = {
  public: 'everybody who knows an address can read the image',
  iam: 'callers who sign with AWS credentials and may execute-api:Invoke',
  'api-key': 'callers who send an API key in x-api-key',
  cognito: 'callers who send a token of a user pool',
  lambda: 'callers whom a Lambda function lets in',
};

function renderMount(mount: ConfigFile['mounts'][number] | undefined): string[] {
  if (mount === undefined) return [];
  const lines = [
    entry('path', mount.path, `served at ${mount.path}/{key}`),
    entry('bucket', mount.bucket, 'create: false uses a bucket that exists'),
    entry('source', mount.source, 'the folder of images'),
    entry('access', mount.access, ACCESS_MEANS[accessKind(mount.access)]),
  ];
  const written = lines.filter((line) => line !== undefined);
  return ['mounts:', ...written.map((line, index) => `${index === 0 ? '  - ' : '    '}${line}`)];
}

/** One field on one line; undefined for a field that is left to its default. */
function entry(name: string, value: unknown, comment?: string): string | undefined {
  if (value === undefined) return undefined;
  const text = stringify(value, {
    collectionStyle: 'flow',
    lineWidth: 0,
    singleQuote: true,
    blockQuote: false,
  }).replace(/\n$/, '');
  return `${name}: ${text}${comment === undefined ? '' : `   # ${comment}`}`;
}

/**
 * Writes a config file in one piece: after a crash there is the old file, the new one, or none, never a part.
 *
 * The folder must be there. An existing file is replaced only when `overwrite` is true, and keeps
 * its permissions.
 *
 * @throws {RefusedError} when the file is there and `overwrite` is not true.
 * @throws {UsageError} when the folder is missing or cannot be written.
 */
export async function writeConfig(
  path: string,
  text: string,
  options: { readonly overwrite?: boolean } = {},
): Promise<void> {
  const overwrite = options.overwrite === true;
  // A link stays a link, and what it leads to is replaced.
  const goal = overwrite ? await realpath(path).catch(() => path) : path;
  const folder = dirname(goal);
  const draft = join(folder, `.${basename(goal)}.${randomUUID()}.tmp`);
  try {
    await writeDurably(draft, text, overwrite ? await findMode(goal) : undefined);
    await sweepDrafts(draft, basename(goal));
    if (overwrite) await rename(draft, goal);
    else await moveToNewName(draft, goal);
    await syncFolder(folder);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') {
      throw new RefusedError(`Cannot write ${path}: it is already there.`, {
        code: 'CONFIG_EXISTS',
        suggestions: ['edit it', 'pixgate init --config another.yaml'],
      });
    }
    if (code === undefined) throw error;
    throw new UsageError(`Cannot write ${path}: the system answered ${code}.`, { cause: error });
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

/** A draft lives for milliseconds: one that is older than a new one by this, in milliseconds, was left by a crash. */
const DEAD_AFTER_MS = 3_600_000;

/** Removes what a crash between writing and renaming left beside a new draft; one that stays does no harm. */
async function sweepDrafts(mine: string, name: string): Promise<void> {
  const folder = dirname(mine);
  const bornAt = async (path: string) => (await lstat(path).catch(() => undefined))?.mtimeMs;
  const now = (await bornAt(mine)) ?? 0;
  const names = await readdir(folder).catch(() => []);
  for (const draft of names.filter((one) => one.startsWith(`.${name}.`) && /\.[0-9a-f-]{36}\.tmp$/.test(one))) {
    const path = join(folder, draft);
    if (now - ((await bornAt(path)) ?? now) > DEAD_AFTER_MS) await rm(path, { force: true }).catch(() => undefined);
  }
}

/** Permissions of a file that is there; undefined where none is. */
async function findMode(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ mode }) => mode & 0o777,
    () => undefined,
  );
}

async function writeDurably(path: string, text: string, mode: number | undefined): Promise<void> {
  const file = await open(path, 'wx');
  try {
    if (mode !== undefined) await file.chmod(mode);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Renames, and fails with EEXIST where the name is taken: a plain rename would replace what is there. */
async function moveToNewName(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path);
  } catch (error) {
    // File systems without hard links: look, then rename.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(codeOf(error) ?? '')) throw error;
    const taken = await lstat(path).then(
      () => true,
      () => false,
    );
    if (taken) throw Object.assign(new Error(`${path} exists`), { code: 'EEXIST' });
    await rename(draft, path);
  }
}

/** Makes the new name itself survive a power cut; Windows cannot open folders and does not need it. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
