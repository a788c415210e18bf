import { accessKind } from './access-rules.js';
import type { ConfigAnswers, Overrides } from './answers.js';
import type { ConfigFile, MountFile } from './schema.js';

/** What may be laid over a file: answers say more of a bucket than flags do. */
type Layer = Overrides & Partial<Pick<ConfigAnswers, 'create'>>;

/** Writes answers as the config file would hold them: one mount, nothing filled in but its path. */
export function fileFromAnswers(answers: Layer): ConfigFile {
  const mount: MountFile = { path: '/images', source: answers.source ?? '', access: answers.access ?? 'public' };
  return applyOverrides({ version: 1, mounts: [mount] }, answers);
}

/** Lays what flags and environment say over a file; what concerns a mount goes to its first one. */
export function applyOverrides(file: ConfigFile, overrides: Layer): ConfigFile {
  const { name, region, stage, endpoint, tracing, concurrency, tags, cors } = overrides;
  const cache = given(file.cache, {
    sizeGb: overrides.cacheSizeGb === 'none' ? undefined : overrides.cacheSizeGb,
    ttlSeconds: overrides.cacheTtlSeconds,
  });
  const [first, ...others] = file.mounts;
  const { cache: _, expires: written, ...rest } = file;
  const { expires = written } = overrides;
  return {
    ...rest,
    ...present({ name, region, stage, endpoint, tracing, concurrency }),
    ...present({
      cache: overrides.cacheSizeGb === 'none' ? undefined : (cache as ConfigFile['cache']),
      logs: given(file.logs, {
        level: overrides.noLogs === true ? 'off' : overrides.logLevel,
        access: overrides.noLogs === true ? false : overrides.accessLog,
        retentionDays: overrides.logRetentionDays,
      }),
      throttle: given(file.throttle, { rate: overrides.throttleRate, burst: overrides.throttleBurst }),
      expires: expires === 'never' ? undefined : expires,
      cors: cors === undefined ? undefined : { origin: cors },
      tags: tags === undefined ? undefined : { ...file.tags, ...tags },
    }),
    mounts: first === undefined ? [] : [overrideMount(first, overrides), ...others],
  };
}

function overrideMount(mount: MountFile, overrides: Layer): MountFile {
  const { source, access, mount: path, bucket: name, prefix, versioning } = overrides;
  // A bucket that pixgate names is one that pixgate makes, whatever the file said of the one it replaces.
  const create = name === 'auto' && mount.bucket?.create === false ? true : overrides.create;
  const bucket = given(mount.bucket, { name, create, prefix, versioning });
  // A flag names a kind only: what the file asks of callers of that kind stays.
  const kind = access === accessKind(mount.access) ? undefined : access;
  return { ...mount, ...present({ path, bucket, source, access: kind }) };
}

/** Leaves out what is undefined. */
function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** Lays fields over a group; a group that nobody wrote and nobody overrides stays away. */
function given<T extends object>(group: object | undefined, fields: T) {
  const laid = { ...group, ...present(fields) };
  return Object.keys(laid).length === 0 ? undefined : laid;
}
