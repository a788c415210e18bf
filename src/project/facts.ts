import { look, type Sight } from '../engine/survey.js';
import type { Fact } from '../model/check.js';
import type { Change } from '../model/plan.js';
import type { BucketHave, BucketWant } from '../resources/bucket.js';
import type { KeysWant } from '../resources/keys.js';
import type { LoggingHave } from '../resources/logging.js';
import type { PoolWant } from '../resources/pool.js';
import type { StageHave } from '../resources/stage.js';
import type { Context } from './context.js';
import { jobOf } from './job.js';
import { excuseSilence, WAYS_TO_LOG } from './why-no-logs.js';

/** How many differing fields one fact names. */
const NAMED = 4;

/** What each control means when it holds, by kind of resource and first part of the differing path. */
const TITLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  bucket: {
    'settings.publicAccessBlocked': 'Block Public Access is on, all four switches',
    'settings.objectOwnership': 'ACLs are off: the bucket owner owns every object',
    'settings.encryption': 'objects are encrypted at rest',
    'settings.policy': 'the bucket takes requests over TLS only',
    'settings.abortUploadsAfterDays': 'unfinished multipart uploads are dropped after 7 days',
    'settings.versioning': 'versioning is as configured',
  },
  role: {
    trust: 'API Gateway, and nobody else, may take on the role',
    policy: 'the role may read the images of its mount and nothing else',
    policies: 'the role has no other policies',
  },
  logging: { cloudwatchRoleArn: 'API Gateway has a living role to write logs with' },
  pool: {
    mfa: 'whether users show the code of an authenticator is as configured',
    'settings.selfSignUp': 'nobody signs up unasked',
    'settings.passwordLength': 'passwords have 12 characters and more',
    'settings.passwordClasses': 'passwords hold letters of both cases, digits and symbols',
    'settings.temporaryPasswordDays': 'temporary passwords hold for 7 days',
    'settings.recovery': 'only an administrator gives another password',
    client: 'its app client signs in by password for an hour, and tells nobody who has an account',
  },
  api: {
    binaryMediaTypes: 'every media type is binary, so image bytes pass as they are',
    routes: 'every route is wired as drawn',
    errors: "API Gateway's own errors are JSON, and an unknown path is 404",
    validators: 'requests are validated',
    policy: 'an encoded question mark never reaches the backend',
    foreign: 'nothing stands in the API that is not drawn',
    endpoint: 'the endpoint type is as configured',
  },
  logs: {
    access: 'the access log has its group and retention',
    execution: 'the execution log has its group and retention',
  },
  stage: {
    deployment: 'the stage shows the API as it is drawn: no edit waits for a deployment',
    'allMethods.throttlingRateLimit': 'requests are throttled',
    'allMethods.loggingLevel': 'the execution log is at the configured level',
    'allMethods.dataTraceEnabled': 'bodies are kept out of the logs',
    accessLogArn: 'the access log is written',
    accessLogFormat: 'the access log holds only fields that a client cannot shape',
    cache: 'the cache cluster is as configured',
    'allMethods.cachingEnabled': 'caching is as configured',
    'allMethods.cacheDataEncrypted': 'cached images are encrypted',
    'allMethods.requireAuthorizationForCacheControl': 'strangers cannot evict cached images',
    'allMethods.unauthorizedCacheControlHeaderStrategy': "a visitor's reload neither evicts nor fails",
    methods: 'single methods have the settings of their mounts and no others',
  },
  keys: {
    plan: 'the usage plan counts the stage, with the limits of the config',
    key: 'there is an enabled API key in the usage plan',
  },
};

/** What of a stage differs when wire had to go on without logs, by the end of the path. */
export const OF_LOGS = /(^|\.)(cloudwatchRoleArn|loggingLevel|accessLogArn|accessLogFormat)$/;

/** Every control, read back from AWS: what the config asks for against what is there. */
export async function readFacts(context: Context): Promise<Fact[]> {
  const job = jobOf(context, { prune: false, readFolders: false, removing: false });
  const known = new Map<string, unknown>();
  const sights: Sight[] = [];
  for (const resource of job.resources) {
    if (kindOf(resource.address) === 'objects') continue;
    const sight = await look(job, resource, known);
    if (sight.have !== undefined) known.set(resource.address, sight.have);
    sights.push(sight);
  }
  const excuse = excuseSilence(
    context,
    known.get('logging') as LoggingHave | undefined,
    known.get('stage') as StageHave | undefined,
  );
  return sights.flatMap((sight) => factsOf(sight, excuse));
}

function factsOf({ resource: { address }, want, have, changes }: Sight, excuse: string | undefined): Fact[] {
  const kind = kindOf(address);
  // A logging role, a user pool or keys that nobody needs are no control.
  if (kind === 'logging' && have === undefined) return [];
  if (kind === 'pool' && !(want as PoolWant).wanted) return [];
  if (kind === 'keys' && (want as KeysWant).limits === undefined) return [];
  const titles = TITLES[kind] ?? {};
  const fix = kind === 'bucket' ? 'pixgate init' : 'pixgate wire';
  const missing = have === undefined && changes.length > 0;
  if (missing) return [{ id: address, title: `${address} exists`, holds: false, seen: 'it does not exist', fix }];
  // An adopted bucket is not ours to judge here: what it must allow shows in the answers.
  if (kind === 'bucket' && (have as BucketHave | undefined)?.settings === undefined && !(want as BucketWant).create)
    return [];
  const isAt = (change: Change, path: string): boolean => change.path === path || change.path.startsWith(`${path}.`);
  const fact = (path: string, title: string, differing: readonly Change[]): Fact => ({
    id: `${address}/${path}`,
    title: `${address}: ${title}`,
    holds: differing.length === 0,
    seen: describe(differing),
    ...(excuse !== undefined && differing.every((change) => OF_LOGS.test(change.path))
      ? { excuse, fix: WAYS_TO_LOG }
      : { fix }),
  });
  const others = changes.filter((change) => !Object.keys(titles).some((path) => isAt(change, path)));
  return [
    ...Object.entries(titles).map(([path, title]) =>
      fact(
        path,
        title,
        changes.filter((change) => isAt(change, path)),
      ),
    ),
    fact('other', 'nothing else differs from the config', others),
  ];
}

/** The part of an address before the mount. */
function kindOf(address: string): string {
  return address.split('/')[0] ?? '';
}

function describe(changes: readonly Change[]): string {
  if (changes.length === 0) return 'as configured';
  const some = changes.slice(0, NAMED).map(({ path, from, to }) => `${path} is ${brief(from)}, wanted ${brief(to)}`);
  const more = changes.length - some.length;
  return [...some, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

function brief(value: unknown): string {
  if (value === undefined) return 'absent';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
