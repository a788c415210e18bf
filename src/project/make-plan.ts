import type { Config } from '../config/config.js';
import { digestSteps, planRemoval, planSteps } from '../engine/plan.js';
import type { Job } from '../engine/survey.js';
import { RefusedError } from '../errors.js';
import type { Address, Phase, Plan, Step } from '../model/plan.js';
import { noticeFiles } from '../resources/file-notices.js';
import { bucketName, bucketRegion, roleName } from '../resources/names.js';
import { type ObjectsHave, type ObjectsWant, type Work, workOf } from '../resources/objects-work.js';
import { refusePathsOutside } from '../resources/refuse-objects.js';
import { findBehind } from '../resources/stray-objects.js';
import { noticeAccess, noticeKeys } from './access-notices.js';
import { auditAdopted } from './audit.js';
import type { Context } from './context.js';
import { refuseForeign } from './foreign.js';
import { expiresAfter, foretellInvalidation } from './intend-invalidation.js';
import { jobOf, removalJobOf } from './job.js';
import { findLeasedKept, keptAmong } from './kept.js';
import { type LeasePlan, planLease } from './lease.js';
import { addressesOf } from './phases.js';
import { noticePool } from './pool-notices.js';
import { cacheUsdPerHour } from './prices.js';
import type { PlanOptions } from './project.js';
import { keepSight } from './sights.js';

/** Finds out what a phase would do. Changes nothing, neither in the cloud nor on disk, where only digests of files are remembered. */
export async function makePlan(context: Context, phase: Phase, options: PlanOptions): Promise<Plan> {
  const { config, environment } = context;
  const removing = phase === 'teardown';
  const nothing = { wants: new Map<string, unknown>(), known: new Map<string, unknown>() };
  await refusePathsOutside(config.mounts, options.paths ?? []);
  const lease = carriesTags(phase, config) ? await planLease(context) : NO_LEASE;
  const { steps, wants, known, obstacles, kept } = removing
    ? { ...(await removalSteps(context, options)), ...nothing }
    : await makingSteps(context, phase, options, lease);
  if (phase === 'wire') await demandBuckets(context);
  if (phase === 'wire' || phase === 'up') await refuseFormer(context);
  const audit = phase === 'init' || phase === 'up' ? await auditAdopted(context) : [];
  const invalidates = expiresAfter(context, phase, steps, options.invalidate);
  const callers = removing ? [] : noticeAccess(config, steps);
  const files = noticeFiles(steps, wants, known, config.cache !== undefined);
  const { target, account, region, name, stage } = environment;
  const plan: Plan = {
    phase,
    target,
    account,
    region,
    name,
    stage,
    steps,
    usdPerHour: removing ? 0 : cacheUsdPerHour(config.cache?.sizeGb),
    notices: [
      ...files.harmful,
      ...callers,
      ...(removing ? [] : noticeKeys(config, steps)),
      ...standingNotices(context, removing),
      ...files.harmless,
      ...audit,
      ...borrowed(steps, removing),
      ...lease.notices,
      ...obstacles.map(({ address, error }) => `${address} stays: ${error.message}`),
      ...kept,
      ...(await noticePool(context, steps)),
      ...(invalidates ? [await foretellInvalidation(context, steps, worksOf(wants, known))] : []),
    ],
    ...(callers.length === 0 ? {} : { callers }),
    ...(files.refused.length === 0 ? {} : { refused: files.refused }),
    ...(files.leftOut === 0 ? {} : { leftOut: files.leftOut }),
    ...(files.warnings.length === 0 ? {} : { warnings: files.warnings }),
    ...(files.bytesToSend === undefined ? {} : { bytesToSend: files.bytesToSend }),
    ...(lease.expiresAt === undefined ? {} : { expiresAt: lease.expiresAt }),
    ...(options.includingForeign === true ? { includingForeign: true as const } : {}),
    ...(removing && options.keepBucket === true ? { keepBucket: true as const } : {}),
    ...(options.paths === undefined ? {} : { paths: options.paths }),
    ...(invalidates ? { invalidate: true as const } : {}),
    ...(phase === 'upload' && context.ledger.memo('stage')?.settled !== undefined ? { wired: true as const } : {}),
    digest: digestSteps(steps),
  };
  if (!removing) keepSight(plan, { known, wants });
  return plan;
}

/** What is to be done to the objects, by their address. */
function worksOf(wants: ReadonlyMap<string, unknown>, known: ReadonlyMap<string, unknown>): ReadonlyMap<string, Work> {
  const objects = [...wants].filter(([address]) => address.startsWith('objects/'));
  return new Map(
    objects.map(([address, want]) => [
      address,
      workOf(want as ObjectsWant, known.get(address) as ObjectsHave | undefined),
    ]),
  );
}

/**
 * Refuses to wire a bucket that is not there: everything would be made, and every image missing.
 *
 * @throws {RefusedError} naming it.
 */
async function demandBuckets({ config, environment, aws }: Context): Promise<void> {
  for (const mount of config.mounts) {
    const bucket = bucketName(environment, mount);
    if ((await aws.s3In(bucketRegion(environment, mount)).lookAtBucket(bucket)).kind !== 'absent') continue;
    throw new RefusedError(`Cannot wire ${mount.path}: its bucket "${bucket}" does not exist yet.`, {
      code: 'NEEDED_THING_MISSING',
      suggestions: ['pixgate init', 'pixgate up'],
    });
  }
}

const NO_LEASE: LeasePlan = { changes: [], notices: [] };

/** Whether a phase makes or changes tags: objects have none, so that upload only ever renews. */
function carriesTags(phase: Phase, { renewal }: Config): boolean {
  return phase !== 'teardown' && (phase !== 'upload' || renewal !== undefined);
}

async function makingSteps(context: Context, phase: Phase, { prune = false, paths }: PlanOptions, lease: LeasePlan) {
  const renews = lease.changes.length > 0;
  const job = jobOf(context, { prune, paths, readFolders: true, removing: false, renews, expires: lease.expiresAt });
  const acts = [...(renews ? ['lease'] : []), ...addressesOf(phase, context.config)];
  return { ...(await planSteps(job, new Set(acts))), obstacles: [], kept: [] };
}

async function removalSteps(context: Context, { keepBucket = false, includingForeign = false }: PlanOptions) {
  const job = await removalJobOf(context);
  const { steps: all, obstacles } = await planRemoval(job, removalOrder(job, context.config));
  const seen = [...all, ...obstacles].map(({ address }) => address);
  const staying = keepBucket ? keptAmong(context, seen) : new Set<Address>();
  const steps = all.filter(({ address }) => !staying.has(address));
  if (!includingForeign) await refuseForeign(context, steps);
  return { steps, obstacles, kept: keepBucket ? await keptNotices(context, job, staying) : [] };
}

/** As the phase says; images of which only a role tells go before any role, and what no mount uses goes last. */
function removalOrder({ resources }: Job, config: Config): Address[] {
  const known = addressesOf('teardown', config);
  const strays = resources.map(({ address }) => address).filter((address) => !known.includes(address));
  const images = strays.filter((address) => address.startsWith('objects/'));
  const isEarly = (address: Address): boolean => !/^(role|objects|bucket)\//.test(address);
  const [early, late] = [known.filter(isEarly), known.filter((address) => !isEarly(address))];
  return [...early, ...images, ...late, ...strays.filter((address) => !images.includes(address))];
}

/** What is to be known of a teardown that keeps the buckets. */
async function keptNotices(context: Context, job: Job, kept: ReadonlySet<Address>): Promise<string[]> {
  const roles = [...kept].filter((address) => address.startsWith('role/'));
  const leased = await findLeasedKept(context, job);
  return [
    ...roles.map(
      (address) => `${address} is kept too: it alone tells which images pixgate sent to a bucket of others.`,
    ),
    ...(leased.length === 0
      ? []
      : [
          `What is kept has no end any more (${leased.map(({ address }) => address).join(', ')}): no lease takes it away.`,
        ]),
  ];
}

/**
 * Refuses to let a role forget a bucket of others that still holds what we sent: nothing else would tell of it.
 *
 * @throws {RefusedError} naming it.
 */
async function refuseFormer({ config, environment, aws }: Context): Promise<void> {
  for (const mount of config.mounts) {
    const bucket = bucketName(environment, mount);
    const former = await findBehind(aws, environment, roleName(environment, mount), bucket);
    if (former === undefined) continue;
    throw new RefusedError(
      `Cannot wire ${mount.path} to bucket "${bucket}": bucket "${former.bucket}" still holds ${former.sent.objects.size} images that pixgate sent for it.`,
      {
        code: 'FORMER_BUCKET',
        suggestions: [
          'run pixgate teardown, which takes them out, and then pixgate up',
          `set bucket.name back to ${former.bucket} in pixgate.yaml`,
        ],
      },
    );
  }
}

function standingNotices({ foundByTags, config, aws }: Context, removing: boolean): string[] {
  const { clockOffsetMs = 0 } = aws.identity;
  const clock = `This machine's clock is ${spanOf(Math.abs(clockOffsetMs))} ${clockOffsetMs > 0 ? 'slow' : 'fast'}: set it, or other tools will fail.`;
  const found = [
    ...(clockOffsetMs === 0 ? [] : [clock]),
    ...(foundByTags ? ['There is no ledger here: the environment is found by its tags.'] : []),
  ];
  if (removing) return found;
  const overridden = config.mounts.flatMap((mount) =>
    Object.keys(mount.headers)
      .filter((header) => STORED.has(header.toLowerCase()))
      .map((header) => `${mount.path}: the fixed ${header} replaces what is stored with the images.`),
  );
  const passing = (config.overrides ?? []).map(
    (flag) => `${flag} is not in the config file: the next run without it undoes it.`,
  );
  return [...found, ...overridden, ...passing];
}

/** A span of time in the largest unit that fits twice: '14 minutes', '3 hours', '2 days'. */
function spanOf(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return `${minutes} minutes`;
  return minutes < 2880 ? `${Math.round(minutes / 60)} hours` : `${Math.round(minutes / 1440)} days`;
}

/** Headers that S3 keeps with an object: a fixed one of the same name hides it. */
const STORED = new Set([
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
  'etag',
  'last-modified',
]);

/** What becomes of the one logging role of the account and Region. */
function borrowed(steps: readonly Step[], removing: boolean): string[] {
  const step = steps.find(({ address }) => address === 'logging');
  if (step === undefined) return [];
  if (removing) {
    return step.action === 'keep'
      ? ["Another API logs through the account's logging role, so the role and the account's setting stay."]
      : [];
  }
  if (step.action === 'keep') return [];
  const dead = step.changes.find(({ path }) => path === 'cloudwatchRoleArn')?.from;
  return [
    "API Gateway's logging role is one for the whole account and Region: it is set now, and given back by teardown.",
    ...(dead === undefined
      ? []
      : [`The account names ${String(dead)} for it, and that role no longer exists: it is replaced.`]),
  ];
}
