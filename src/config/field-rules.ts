import { z } from 'zod';
import { checkBucketName } from './bucket-name.js';
import { DURATION_RULE, parseDuration } from './duration.js';
import { checkHeaderName, checkHeaderValue, checkHttpDate } from './header.js';
import { judgedText } from './judged-text.js';
import { checkRegion } from './region.js';
import { wordOf } from './word.js';

function wholeNumber(from: number, to: number) {
  const rule = `must be a whole number from ${from} to ${to}`;
  return z.int(rule).min(from, rule).max(to, rule);
}

/** A number out of a short list. */
function numberOf(allowed: readonly number[]) {
  return z.literal([...allowed], `must be one of ${allowed.join(', ')}`);
}

const NAME_RULE = 'must be 2 to 32 of a-z, 0-9 and "-", beginning and ending with a letter or a digit';

/** The project's name, the root of every made name. */
export const nameField = z
  .string(NAME_RULE)
  .regex(/^[a-z0-9][a-z0-9-]{0,30}[a-z0-9]$/, NAME_RULE)
  .describe('The root of every name that is made. Default: the name of the folder.');

/** An AWS Region. */
export const regionField = judgedText('must be an AWS Region such as eu-west-1', checkRegion).describe(
  'The AWS Region, such as eu-west-1. Default: AWS_REGION.',
);

const STAGE_RULE = 'must be 1 to 128 of A-Z, a-z, 0-9, "-" and "_"';

/** Name of a stage. @see https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html */
export const stageField = z
  .string(STAGE_RULE)
  .regex(/^[A-Za-z0-9_-]{1,128}$/, STAGE_RULE)
  .describe('The stage of the API, part of its address. Default: dev.');

/** Kind of endpoint. */
export const endpointField = wordOf(['regional', 'edge'], 'must be regional or edge').describe(
  'Where the API is served from. Default: regional.',
);

const SECURITY_POLICIES = [
  'SecurityPolicy_TLS13_1_3_2025_09',
  'SecurityPolicy_TLS13_1_3_FIPS_2025_09',
  'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
  'SecurityPolicy_TLS13_1_2_FIPS_PFS_PQ_2025_09',
  'SecurityPolicy_TLS13_1_2_PQ_2025_09',
  'SecurityPolicy_TLS13_1_2_FIPS_PQ_2025_09',
  'SecurityPolicy_TLS13_1_2_Ext2_PQ_2025_09',
  'SecurityPolicy_TLS13_1_2_Ext2_FIPS_PQ_2025_09',
  'SecurityPolicy_TLS13_1_2_2021_06',
  'SecurityPolicy_TLS13_2025_EDGE',
  'SecurityPolicy_TLS12_PFS_2025_EDGE',
  'SecurityPolicy_TLS12_2018_EDGE',
] as const;

/**
 * Which versions of TLS and which ciphers the API takes.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_CreateRestApi.html
 */
export const securityPolicyField = wordOf(SECURITY_POLICIES, `must be one of ${SECURITY_POLICIES.join(', ')}`).describe(
  'The TLS policy of the API; those ending in _EDGE are for edge. Chosen when it is made. Absent: AWS chooses.',
);

/** How long a new environment is meant to last. */
export const expiresField = judgedText(DURATION_RULE, (text) =>
  parseDuration(text) === undefined ? DURATION_RULE : true,
).describe('How long a new environment lasts, such as 2h: teardown --expired then removes it. Absent: for good.');

/** Size of a stage's cache in GB. @see https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html */
export const cacheSizeField = numberOf([0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237]).describe(
  'Size of the stage cache in GB; billed by the hour.',
);

/** How long an answer stays in the cache, in seconds: 1 to 3600. */
export const cacheTtlField = wholeNumber(1, 3600).describe('How long an answer is kept, in seconds. Default: 300.');

/** How long a mount's answers stay in the cache, in seconds: 0 to 3600, where 0 keeps none. */
export const mountTtlField = wholeNumber(0, 3600).describe('How long an answer is kept, in seconds; 0 keeps none.');

/** What becomes of a visitor who asks the cache for a fresh answer, as browsers do on every reload. */
export const reloadField = wordOf(['ignore', 'forbid'], 'must be ignore or forbid').describe(
  "A visitor's Cache-Control: max-age=0 is ignored, or answered with 403. Default: ignore.",
);

/** How much the execution log holds. */
export const logLevelField = wordOf(['off', 'error', 'info'], 'must be off, error or info').describe(
  'Execution log. Default: error.',
);

/** Days a log is kept. @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
export const retentionField = numberOf([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]).describe('Days that logs are kept. Default: 30.');

const RATE_RULE = 'must be a number from 1 to 100000';

/** Requests a second: 1 to 100,000; the account's own limit is lower. */
export const rateField = z
  .number(RATE_RULE)
  .min(1, RATE_RULE)
  .max(100_000, RATE_RULE)
  .describe('Requests a second for the whole stage. Default: 500.');

/** Requests at one moment: 1 to 100,000. */
export const burstField = wholeNumber(1, 100_000).describe('Requests at one moment. Default: 1000.');

/** Whose pages may read the images with scripts: '*', one origin, or 'none' for no CORS at all. */
export const originField = judgedText('must be "*", one origin such as https://example.com, or none', (text) => {
  if (text === '*' || text === 'none') return true;
  // The origin ends up between quotes in a mapping, so its host holds nothing but what hosts are made of.
  const plain = /^https?:\/\/(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d+)?$/.test(text);
  const exact = plain && URL.canParse(text) && new URL(text).origin === text;
  return exact ? true : 'must be "*", one origin such as https://example.com, or none';
}).describe("'*', one origin such as https://example.com, or none. Default: '*'.");

/** A switch. */
export const switchField = z.boolean('must be true or false');

/** How many objects are sent at once. */
export const concurrencyField = wholeNumber(1, 256).describe(
  'How many objects are sent at once, at most. It begins with 64 or fewer and goes up as long as that is faster. Default: 256.',
);

const TAG_RULE = 'must be text (put it in quotes)';

/** Tags of a project. @see https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
export const tagsField = z
  .record(z.string(), z.string(TAG_RULE), 'must be a set of names and values')
  .superRefine((tags, context) => {
    const names = Object.keys(tags);
    // AWS: 50 tags a thing; the rest is for our own. (source: Tag Editor User Guide, "Tag naming limits and requirements")
    if (names.length > 40) context.addIssue('must not hold more than 40 tags');
    for (const name of names) {
      const rule = brokenTagRule(name, tags[name] ?? '');
      if (rule !== undefined) context.addIssue({ code: 'custom', message: rule, path: [name], input: tags[name] });
    }
  })
  .describe('Put on everything that is made.');

function brokenTagRule(name: string, value: string): string | undefined {
  const allowed = /^[\p{L}\p{Zs}\p{N}_.:/=+\-@]*$/u;
  if (!allowed.test(name) || name === '' || name.length > 128)
    return 'must be named by 1 to 128 letters, digits, spaces or _.:/=+-@';
  if (/^(aws|pixgate):/i.test(name)) return 'must not begin with aws: or pixgate:, which are taken';
  return allowed.test(value) && value.length <= 256
    ? undefined
    : 'must be up to 256 letters, digits, spaces or _.:/=+-@';
}

/** The path that a mount is served at: one segment. */
export const mountPathField = judgedText('must be one segment such as /images', (text) => {
  // AWS: both are taken on custom domains for health checks. (source: API Gateway Developer Guide, "Amazon API Gateway important notes")
  if (text === '/ping' || text === '/sping') return 'must not be /ping or /sping, which API Gateway keeps for itself';
  const plain = /^\/[A-Za-z0-9._-]{1,64}$/.test(text) && !/^\/\.+$/.test(text);
  return plain ? true : 'must be one segment such as /images';
}).describe('Served at {path}/{key}. One segment, such as /images.');

const BUCKET_RULE = 'must be auto or the name of a bucket';

/** 'auto' or the name of a bucket. */
export const bucketField = judgedText(BUCKET_RULE, (text) => (text === 'auto' ? true : checkBucketName(text))).describe(
  'auto, or the name of a bucket. Default: auto.',
);

/** The Region of a bucket. */
export const bucketRegionField = judgedText('must be an AWS Region such as eu-west-1', checkRegion).describe(
  "The bucket's AWS Region, such as eu-west-1. Default: the API's.",
);

const KEY_RULE = 'must be the ARN of a KMS key, such as arn:aws:kms:eu-west-1:111122223333:key/…';

/** The ARN of a KMS key. AWS: an alias is no key to a policy. (source: KMS Developer Guide, "Controlling access to aliases") */
const kmsKeyField = z
  .string(KEY_RULE)
  .regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]{1,32}:\d{12}:key\/[A-Za-z0-9-]{1,64}$/, KEY_RULE)
  .describe("The ARN of a key in the bucket's Region. The role gets kms:Decrypt on it.");

/** How the objects of a bucket are encrypted. */
export const encryptionField = z
  .union([z.literal('aes256'), z.strictObject({ kms: kmsKeyField })], 'must be aes256 or { kms: "arn:…" }')
  .describe("'aes256', or { kms: ARN of a key }. Default: aes256.");

/** Whose the name of a made bucket is. */
export const namespaceField = wordOf(['account-regional', 'global'], 'must be account-regional or global').describe(
  'Whether a made name belongs to this account and Region alone. Default for auto: account-regional.',
);

/** What all keys of a mount begin with. */
export const prefixField = judgedText('must be text ending in "/"', (text) => {
  if (text === '') return true;
  if (!/^[A-Za-z0-9._/-]{1,256}$/.test(text)) return 'must be up to 256 of A-Z, a-z, 0-9, ".", "_", "-" and "/"';
  if (!text.endsWith('/')) return 'must end in "/"';
  if (text.startsWith('/')) return 'must not begin with "/"';
  const segments = text.slice(0, -1).split('/');
  if (segments.includes('')) return 'must not hold "//"';
  return segments.some((segment) => /^\.+$/.test(segment)) ? 'must not hold a segment of dots only' : true;
}).describe("Keys begin with this. '' must be written out. Default: {path}/.");

/** A folder of images. */
export const sourceField = judgedText('must be a folder such as ./images', (text) =>
  text.trim() === '' || /[\x00-\x1f\x7f]/.test(text) ? 'must be a folder such as ./images' : true,
).describe('The folder of images, relative to this file.');

const headerValue = judgedText('must be text (put it in quotes)', checkHeaderValue);

/** Headers fixed on every answer. */
export const fixedHeadersField = z
  .record(z.string(), headerValue, 'must be a set of headers')
  .superRefine((headers, context) => {
    const seen = new Set<string>();
    for (const [name, value] of Object.entries(headers)) {
      const verdict = seen.has(name.toLowerCase()) ? 'must be written once only' : checkHeaderName(name);
      seen.add(name.toLowerCase());
      if (verdict !== true) context.addIssue({ code: 'custom', message: verdict, path: [name], input: value });
    }
  })
  .describe('Fixed on every answer of the mount, by name.');

/** Headers kept on objects: S3 stores no others by name. */
export const storedHeadersField = z
  .strictObject(
    {
      'Cache-Control': headerValue.exactOptional(),
      'Content-Disposition': headerValue.exactOptional(),
      'Content-Language': headerValue.exactOptional(),
      Expires: judgedText('must be text (put it in quotes)', checkHttpDate).exactOptional(),
    },
    'must be a set of headers',
  )
  .describe('Kept on the objects and passed through to clients.');

/** AWS: user metadata of an object has 2 KB in all, names included. Room is left for the digest that pixgate keeps there. */
const METADATA_BYTES = 1900;

/** User metadata kept on objects. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html */
export const metadataField = z
  .record(z.string(), headerValue, 'must be a set of names and texts')
  .superRefine((metadata, context) => {
    for (const [name, value] of Object.entries(metadata)) {
      const verdict = checkMetadata(name, value);
      if (verdict !== true) context.addIssue({ code: 'custom', message: verdict, path: [name], input: value });
    }
    const bytes = Object.entries(metadata).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
    if (bytes > METADATA_BYTES)
      context.addIssue({
        code: 'custom',
        message: `must have at most ${METADATA_BYTES} characters in all`,
        input: bytes,
      });
  })
  .describe('User metadata: kept on the objects, not sent to clients.');

function checkMetadata(name: string, value: string): true | string {
  // AWS: S3 lower-cases the names.
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(name)) return 'must be named by up to 64 of a-z, 0-9 and "-"';
  if (name.startsWith('pixgate-')) return 'must not be named pixgate-…, which are our own';
  // AWS: anything else comes back encoded by RFC 2047, and would differ at every run.
  return /^[\x20-\x7e]*$/.test(value) ? true : 'must hold ASCII characters only';
}

const GLOB_RULE = 'must be a glob such as **/*.svg, of names, "*", "**", "?" and "{a,b}"';

/** A glob on keys. */
export const globField = z
  .string(GLOB_RULE)
  .regex(/^(?!\/)(?:[^\x00-\x1f\x7f[\](){}!|+\\]|\{[^\x00-\x1f\x7f[\](){}!|+\\]+\}){1,256}$/, GLOB_RULE)
  .describe('A glob on the key below the prefix.');
