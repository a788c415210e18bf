import { z } from 'zod';
import { accessField, accessKind, completeAccess } from './access-rules.js';
import { findRegionOfBucketName, hasAccountRegionalNames } from './bucket-name.js';
import type { MountAccess } from './config.js';
import * as rules from './field-rules.js';
import { wordOf } from './word.js';

const FIELDS = 'must be a set of fields';

const bucketSchema = z.strictObject(
  {
    name: rules.bucketField.exactOptional(),
    create: rules.switchField.describe('false: it exists and is only used. Default: true.').exactOptional(),
    prefix: rules.prefixField.exactOptional(),
    versioning: rules.switchField.describe('Old versions are kept. Default: false.').exactOptional(),
    acceleration: rules.switchField
      .describe('Images are sent through S3 Transfer Acceleration where that is faster. Default: false.')
      .exactOptional(),
    region: rules.bucketRegionField.exactOptional(),
    encryption: rules.encryptionField.exactOptional(),
    namespace: rules.namespaceField.exactOptional(),
  },
  FIELDS,
);

const uploadRuleSchema = z.strictObject(
  {
    match: rules.globField,
    headers: rules.storedHeadersField.exactOptional(),
    metadata: rules.metadataField.exactOptional(),
  },
  FIELDS,
);

const mountSchema = z.strictObject(
  {
    path: rules.mountPathField,
    bucket: bucketSchema.exactOptional(),
    source: rules.sourceField,
    access: accessField,
    cache: z
      .strictObject({ ttlSeconds: rules.mountTtlField }, FIELDS)
      .describe("How long this mount's answers are kept, where it differs from the stage's.")
      .exactOptional(),
    throttle: z
      .strictObject({ rate: rules.rateField.exactOptional(), burst: rules.burstField.exactOptional() }, FIELDS)
      .describe("This mount's own limits, where they differ from the stage's.")
      .exactOptional(),
    headers: rules.fixedHeadersField.exactOptional(),
    include: z
      .array(rules.globField, 'must be a list of globs')
      .min(1, 'must be a list of globs')
      .describe('Files that none of these globs matches are passed over. Default: everything.')
      .exactOptional(),
    exclude: z
      .array(rules.globField, 'must be a list of globs')
      .describe('Files that one of these globs matches are passed over; a .pixgateignore in the folder says more.')
      .exactOptional(),
    svg: wordOf(['allow', 'warn', 'refuse'], 'must be allow, warn or refuse')
      .describe('What becomes of an SVG with scripts, links to elsewhere or other active parts. Default: warn.')
      .exactOptional(),
    links: wordOf(['inside', 'follow'], 'must be inside or follow')
      .describe('follow: files outside of the folder that links lead to are sent too. Default: inside.')
      .exactOptional(),
    upload: z
      .array(uploadRuleSchema, 'must be a list')
      .describe('Headers for the objects that a glob matches. Default: five minutes of caching for everything.')
      .exactOptional(),
  },
  FIELDS,
);

/** The whole of pixgate.yaml: every field, its rule, and what fields mean to each other. */
export const configFileSchema = z
  .strictObject(
    {
      version: z
        .literal(1, {
          error: ({ input }) =>
            typeof input === 'number' && input > 1 ? 'must be 1; a newer pixgate wrote this file' : 'must be 1',
        })
        .describe('Version of the format of this file.'),
      name: rules.nameField.exactOptional(),
      region: rules.regionField.exactOptional(),
      stage: rules.stageField.exactOptional(),
      endpoint: rules.endpointField.exactOptional(),
      securityPolicy: rules.securityPolicyField.exactOptional(),
      cache: z
        .strictObject(
          {
            sizeGb: rules.cacheSizeField,
            ttlSeconds: rules.cacheTtlField.exactOptional(),
            reload: rules.reloadField.exactOptional(),
          },
          FIELDS,
        )
        .describe('Absent: no cache cluster, because it is billed by the hour.')
        .exactOptional(),
      logs: z
        .strictObject(
          {
            level: rules.logLevelField.exactOptional(),
            access: rules.switchField.describe('One line for each request. Default: true.').exactOptional(),
            retentionDays: rules.retentionField.exactOptional(),
          },
          FIELDS,
        )
        .exactOptional(),
      throttle: z
        .strictObject({ rate: rules.rateField.exactOptional(), burst: rules.burstField.exactOptional() }, FIELDS)
        .exactOptional(),
      cors: z.strictObject({ origin: rules.originField }, FIELDS).exactOptional(),
      tracing: rules.switchField.describe('X-Ray traces, billed by the trace. Default: false.').exactOptional(),
      metrics: rules.switchField.describe('CloudWatch metrics for each method. Default: true.').exactOptional(),
      tags: rules.tagsField.exactOptional(),
      expires: rules.expiresField.exactOptional(),
      mounts: z
        .array(mountSchema, 'must be a list with at least one mount')
        .min(1, 'must be a list with at least one mount')
        .describe('Folders of images and the paths they are served at.'),
      concurrency: rules.concurrencyField.exactOptional(),
    },
    'must be a set of fields such as "name: holiday"',
  )
  .superRefine((file, context) => {
    for (const clash of findClashes(file)) context.addIssue({ code: 'custom', ...clash });
  });

/** What pixgate.yaml holds once it is checked: nothing is filled in. */
export type ConfigFile = z.infer<typeof configFileSchema>;

/** One mount as the file holds it. */
export type MountFile = ConfigFile['mounts'][number];

/** Derives a mount's id from its path. */
export function mountId(path: string): string {
  return path.slice(1);
}

/** Derives what a mount's keys begin with: what is written, else its id. */
export function mountPrefix(mount: MountFile): string {
  return mount.bucket?.prefix ?? `${mountId(mount.path)}/`;
}

type Clash = { readonly path: (string | number)[]; readonly message: string; readonly input: unknown };

function findFunctionClash(access: MountFile['access'], region: string | undefined): string | undefined {
  const arn = typeof access === 'string' ? undefined : access.lambda?.functionArn;
  if (arn === undefined || region === undefined || arn.split(':')[3] === region) return undefined;
  return `must name a function of ${region}, the region above`;
}

function findClashes(file: Pick<ConfigFile, 'region' | 'endpoint' | 'securityPolicy' | 'cache' | 'mounts'>): Clash[] {
  const clashes: Clash[] = findPolicyClashes(file);
  for (const [index, mount] of file.mounts.entries()) {
    if (mount.cache !== undefined && file.cache === undefined) {
      const message = 'needs a cache above it: give cache.sizeGb for the stage, or leave it out';
      clashes.push({ path: ['mounts', index, 'cache'], message, input: mount.cache });
    }
    const at = (...path: string[]) => ['mounts', index, ...path];
    const elsewhere = findFunctionClash(mount.access, file.region);
    if (elsewhere !== undefined) clashes.push({ path: at('access'), message: elsewhere, input: mount.access });
    clashes.push(...findCacheLeaks(mount).map((leak) => ({ ...leak, path: ['mounts', index, ...leak.path] })));
    const { bucket = {} } = mount;
    const own = findBucketClashes(bucket, file.region);
    clashes.push(...own.map(({ field, message }) => ({ path: at('bucket', field), message, input: bucket[field] })));
    for (const [other, earlier] of file.mounts.slice(0, index).entries()) {
      // AWS: names of roles, which hold the mount's, are unique whatever their case. (source: IAM API Reference, CreateRole)
      if (earlier.path.toLowerCase() === mount.path.toLowerCase()) {
        clashes.push({ path: at('path'), message: `must differ from the path of mounts[${other}]`, input: mount.path });
      } else if (overlaps(earlier, mount)) {
        const message = `must not overlap with mounts[${other}], which uses the same bucket`;
        clashes.push({ path: at('bucket', 'prefix'), message, input: mountPrefix(mount) });
      }
      const message = findAccessClash(earlier.access, mount.access);
      if (message !== undefined)
        clashes.push({ path: at('access'), message: `${message} mounts[${other}]`, input: mount.access });
      const field = findDisagreement(earlier.bucket, mount.bucket);
      if (field !== undefined) {
        const message = `must be as in mounts[${other}], which uses the same bucket`;
        clashes.push({ path: at('bucket', field), message, input: mount.bucket?.[field] });
      }
    }
  }
  return clashes;
}

/** AWS: an edge endpoint has security policies of its own. (source: API Gateway Developer Guide, "Supported security policies") */
function findPolicyClashes({ endpoint = 'regional', securityPolicy }: Pick<ConfigFile, 'endpoint' | 'securityPolicy'>) {
  const kind = securityPolicy?.endsWith('_EDGE') ? 'edge' : 'regional';
  if (securityPolicy === undefined || kind === endpoint) return [];
  const rule =
    endpoint === 'edge' ? 'must end in _EDGE for an edge endpoint' : 'must not end in _EDGE for a regional endpoint';
  return [{ path: ['securityPolicy'], message: rule, input: securityPolicy }];
}

/** Where two mounts share what lets callers in, they must say the same of it. */
function findAccessClash(one: MountFile['access'], two: MountFile['access']): string | undefined {
  const [first, second] = [completeAccess(one, '/'), completeAccess(two, '/')];
  if (first.kind === 'api-key' && second.kind === 'api-key' && JSON.stringify(first) !== JSON.stringify(second))
    return 'must limit API keys, which open every mount that asks for one, as in';
  const makes = (access: MountAccess) => access.kind === 'cognito' && access.userPoolArn === undefined;
  if (makes(first) && makes(second) && JSON.stringify(first) !== JSON.stringify(second))
    return 'must say the same of the user pool that pixgate makes as';
  return undefined;
}

/** Headers with which caches between the gateway and a caller would hand an image on to callers who may not read it. */
function findCacheLeaks(mount: MountFile): Clash[] {
  if (accessKind(mount.access) === 'public') return [];
  const message = 'must not hold public or s-maxage where not everybody may read: caches on the way would hand it on';
  const leaks = (headers: Readonly<Record<string, unknown>> = {}, ...path: (string | number)[]): Clash[] =>
    Object.entries(headers)
      .filter(([name, value]) => name.toLowerCase() === 'cache-control' && /\b(public|s-maxage)\b/i.test(String(value)))
      .map(([name, input]) => ({ path: [...path, name], message, input }));
  return [
    ...leaks(mount.headers, 'headers'),
    ...(mount.upload ?? []).flatMap(({ headers }, index) => leaks(headers, 'upload', index, 'headers')),
  ];
}

type BucketFile = NonNullable<MountFile['bucket']>;

/** What the fields of one bucket mean to each other. `apiRegion` is undefined while nothing names it. */
function findBucketClashes(
  bucket: BucketFile,
  apiRegion: string | undefined,
): { field: keyof BucketFile; message: string }[] {
  const { name = 'auto', create = true, encryption, namespace } = bucket;
  const region = bucket.region ?? apiRegion;
  const named = findRegionOfBucketName(name);
  const clashes: { field: keyof BucketFile; message: string }[] = [];
  if (name === 'auto' && !create) clashes.push({ field: 'create', message: 'must be true for a bucket named auto' });
  // AWS: the certificate of the accelerate endpoint covers one label. (S3 User Guide, "Requirements for using Transfer Acceleration")
  if (bucket.acceleration === true && name.includes('.'))
    clashes.push({ field: 'acceleration', message: 'must be false for a bucket with a dot in its name' });
  const above = bucket.region === undefined ? 'the region above' : "the bucket's region";
  if (named !== undefined && region !== undefined && named !== region) {
    clashes.push({ field: 'name', message: `must be of ${region}, ${above}` });
  }
  const key = typeof encryption === 'object' ? encryption.kms.split(':')[3] : undefined;
  if (key !== undefined && region !== undefined && key !== region) {
    clashes.push({ field: 'encryption', message: `must name a key of ${region}, where the bucket is` });
  }
  const broken = namespace === undefined ? undefined : brokenNamespace(namespace, { name, create, named, region });
  if (broken !== undefined) clashes.push({ field: 'namespace', message: broken });
  return clashes;
}

function brokenNamespace(
  namespace: NonNullable<BucketFile['namespace']>,
  bucket: { name: string; create: boolean; named: string | undefined; region: string | undefined },
): string | undefined {
  const { name, create, named, region } = bucket;
  if (!create) return 'must be left out for a bucket that is only used';
  if (namespace === 'global')
    return named === undefined ? undefined : 'must be account-regional for a name that ends with -an';
  if (name !== 'auto' && named === undefined)
    return 'must be global for a name that does not end with -{account}-{region}-an';
  const missing = region !== undefined && !hasAccountRegionalNames(region);
  return missing ? `must be global in ${region}, which has no account-regional names` : undefined;
}

/** Finds a field in which two mounts of one bucket would each have it otherwise. */
function findDisagreement(one: BucketFile = {}, two: BucketFile = {}): keyof BucketFile | undefined {
  if (one.name === undefined || one.name === 'auto' || one.name !== two.name) return undefined;
  const defaults = {
    create: true,
    versioning: false,
    acceleration: false,
    region: undefined,
    encryption: 'aes256',
    namespace: undefined,
  };
  const facets = (bucket: BucketFile) => ({ ...defaults, ...bucket });
  return (['create', 'versioning', 'acceleration', 'region', 'encryption', 'namespace'] as const).find(
    (field) => JSON.stringify(facets(one)[field]) !== JSON.stringify(facets(two)[field]),
  );
}

function overlaps(one: MountFile, two: MountFile): boolean {
  const bucket = one.bucket?.name ?? 'auto';
  if (bucket === 'auto' || bucket !== two.bucket?.name) return false;
  const [first, second] = [mountPrefix(one), mountPrefix(two)];
  return first.startsWith(second) || second.startsWith(first);
}

/** Renders the schema as JSON Schema (draft 7, which editors of YAML read), as text that ends in a line break. */
export function renderJsonSchema(): string {
  const schema = z.toJSONSchema(configFileSchema, { target: 'draft-7', io: 'input' });
  return `${JSON.stringify({ title: 'pixgate.yaml', ...schema }, null, 2)}\n`;
}
