import { applySteps } from '../engine/apply.js';
import { digestSteps } from '../engine/plan.js';
import { PixgateError, RefusedError } from '../errors.js';
import type { Listener } from '../model/event.js';
import type { Plan } from '../model/plan.js';
import type { ApplyResult, UploadSummary } from '../model/result.js';
import type { ApiHave } from '../resources/api.js';
import { bucketName } from '../resources/names.js';
import type { ObjectsHave, ObjectsWant, Work } from '../resources/objects-work.js';
import { flushCache } from '../resources/stage.js';
import type { Context } from './context.js';
import { urlOf } from './find-stage.js';
import { invalidate } from './invalidate.js';
import { jobOf } from './job.js';
import type { ApplyOptions } from './project.js';
import { servedUrls } from './served-urls.js';
import { settle } from './settle.js';
import { takeSight } from './sights.js';
import { takeAway } from './take-away.js';

/**
 * Does what a plan says, and nothing else.
 *
 * @throws {RefusedError} when the plan is not of this environment, was altered, or the world changed since.
 * @throws {LedgerError} while another process works on the environment.
 * @throws {CancelledError} when the signal was given.
 */
export async function applyPlan(
  context: Context,
  plan: Plan,
  listener: Listener,
  signal: AbortSignal,
  options: ApplyOptions = {},
): Promise<ApplyResult> {
  demandOwnPlan(context, plan);
  const { target, ledger, environment } = context;
  const start = target.clock.now();
  const working = plan.steps.some((step) => step.action !== 'keep');
  const heard = (text: string): void => listener({ type: 'note', address: 'lock', text });
  // A teardown that finds nothing left still clears up behind one that was killed at its very end.
  const unlock = working || plan.phase === 'teardown' ? await ledger.lock(heard) : undefined;
  try {
    if (working) await ledger.establish(environment.token);
    const warnings: string[] = [];
    const hear: Listener = (event) => {
      if (event.type === 'warning') warnings.push(event.text);
      listener(event);
    };
    const outcome =
      plan.phase === 'teardown'
        ? await takeAway(context, plan, hear, signal)
        : await make(context, plan, options, hear, signal);
    const { name, stage, account, region } = environment;
    const kept = plan.steps.filter((step) => step.action === 'keep').length;
    const common = { phase: plan.phase, target: target.name, account, region, name, stage, kept, steps: plan.steps };
    const missing = warnings.length === 0 ? {} : { warnings };
    const buckets = new Set(context.config.mounts.map((mount) => bucketName(environment, mount)));
    const staying = plan.keepBucket === true ? { keptBuckets: [...buckets] } : {};
    return { ...common, ...outcome, ...missing, ...staying, tookMs: target.clock.now() - start };
  } finally {
    await unlock?.();
  }
}

type Outcome = Pick<ApplyResult, 'changed' | 'upload' | 'url' | 'urls' | 'served' | 'left' | 'invalidated'>;

async function make(
  context: Context,
  plan: Plan,
  { isFresh = false }: ApplyOptions,
  listener: Listener,
  signal: AbortSignal,
): Promise<Outcome> {
  const renews = plan.steps.some(({ address }) => address === 'lease');
  const { paths } = plan;
  const options = { prune: prunes(plan), paths, readFolders: true, removing: false, renews, expires: plan.expiresAt };
  const job = jobOf(context, options, listener, signal);
  const seen = takeSight(plan);
  const isQuiet = plan.steps.every(({ action }) => action === 'keep');
  const { known, wants, changed } =
    seen !== undefined && isQuiet
      ? { ...seen, changed: 0 }
      : await applySteps(job, plan.steps, job.listener, isFresh ? seen : undefined).catch((error) => {
          throw owingInvalidation(plan, error);
        });
  const upload = summarise(wants, known);
  const url = urlOf(context, known);
  const acted = (kind: string): boolean =>
    plan.steps.some(({ address, action }) => address.startsWith(kind) && action !== 'keep');
  const api = known.get('api') as ApiHave | undefined;
  if (api !== undefined && url !== undefined && (acted('stage') || acted('role/'))) {
    await settle(context, url, listener, signal);
    // AWS: refusals are cached as images are, so what the old role could not read would stay forbidden for the TTL.
    if (context.config.cache !== undefined && mendsRole(plan)) {
      await flushCache(job.world, api.id, context.environment.stage);
    }
  }
  const invalidated =
    plan.invalidate === true ? await invalidate(context, plan.steps, worksOf(known), listener, signal) : undefined;
  return {
    changed,
    ...(upload === undefined ? {} : { upload }),
    ...(invalidated === undefined ? {} : { invalidated }),
    ...(url === undefined ? {} : { url, ...(await servedUrls(context, url, { failed: upload?.failed ?? [] })) }),
  };
}

/** What was set out to be done to the objects, by their address. */
function worksOf(known: ReadonlyMap<string, unknown>): ReadonlyMap<string, Work> {
  const objects = [...known].filter(([address]) => address.startsWith('objects/'));
  return new Map(
    objects.flatMap(([address, have]) => {
      const { done } = have as ObjectsHave;
      return done === undefined ? [] : [[address, done] as const];
    }),
  );
}

/** An error of a run that sends before it wires: the next run does not know any more what this one sent. */
function owingInvalidation({ invalidate: wanted, phase }: Plan, error: unknown): unknown {
  if (wanted === true && phase === 'up' && error instanceof PixgateError)
    error.suggestions.push('pixgate flush  expires what this run sent already');
  return error;
}

/** Whether a role that served already may read other things now. */
function mendsRole({ steps }: Plan): boolean {
  const made = steps.some(({ address, action }) => address === 'stage' && action === 'create');
  const roles = steps.filter(({ address, action }) => address.startsWith('role/') && action !== 'keep');
  return !made && roles.some(({ changes }) => changes.some(({ path }) => /^(trust|policy|policies)/.test(path)));
}

function prunes(plan: Plan): boolean {
  return plan.steps.some((step) => step.changes.some((change) => change.path.startsWith('remove ')));
}

function demandOwnPlan({ environment }: Context, plan: Plan): void {
  const same = (['target', 'account', 'region', 'name', 'stage'] as const).every(
    (field) => plan[field] === environment[field],
  );
  if (same && plan.digest === digestSteps(plan.steps)) return;
  throw new RefusedError(
    `Cannot apply this plan: it is not one for "${environment.name}", stage "${environment.stage}", as it was made.`,
    {
      code: 'PLAN_FOREIGN',
      suggestions: ['make a new plan and apply that'],
    },
  );
}

function summarise(
  wants: ReadonlyMap<string, unknown>,
  known: ReadonlyMap<string, unknown>,
): UploadSummary | undefined {
  const mounts = [...wants].filter(([address]) => address.startsWith('objects/'));
  if (mounts.length === 0) return undefined;
  const each = mounts.map(([address, want]) =>
    tally(want as ObjectsWant, known.get(address) as ObjectsHave | undefined),
  );
  const sum = (count: (mount: UploadSummary) => number): number =>
    each.reduce((total, mount) => total + count(mount), 0);
  const leftOut = sum((mount) => mount.leftOut ?? 0);
  return {
    sent: sum(({ sent }) => sent),
    headersUpdated: sum(({ headersUpdated }) => headersUpdated),
    unchanged: sum(({ unchanged }) => unchanged),
    removed: sum(({ removed }) => removed),
    bytesSent: sum(({ bytesSent }) => bytesSent),
    refused: each.flatMap(({ refused }) => refused),
    ...(leftOut === 0 ? {} : { leftOut }),
    failed: each.flatMap(({ failed }) => failed),
  };
}

/** What was done to the images of one mount. */
function tally(
  { folder: { images, refused, leftOut = 0 } }: ObjectsWant,
  have: ObjectsHave | undefined,
): UploadSummary {
  const { done, failed = [] } = have ?? {};
  const { put = [], headers = [], remove = [] } = done ?? {};
  const lost = new Set(failed.map(({ file }) => file));
  const summary = { sent: 0, headersUpdated: 0, unchanged: images.size, removed: remove.length, bytesSent: 0 };
  for (const { key, sizeBytes } of put) {
    summary.unchanged -= 1;
    if (lost.has(key)) continue;
    summary.sent += 1;
    summary.bytesSent += sizeBytes;
  }
  for (const { key } of headers) {
    summary.unchanged -= 1;
    if (!lost.has(key)) summary.headersUpdated += 1;
  }
  return { ...summary, refused, leftOut, failed };
}
