import { createHash } from 'node:crypto';
import path from 'node:path';
import { openAws, openSts } from '../aws/aws.js';
import { systemClock } from '../clock.js';
import { bareConfig } from '../config/load.js';
import { CancelledError, PixgateError, RefusedError, WaitError } from '../errors.js';
import type { LedgerSubject } from '../ledger/document.js';
import { type Ledger, openLedger } from '../ledger/ledger.js';
import type { Listener } from '../model/event.js';
import type { Plan, Step } from '../model/plan.js';
import type { EnvironmentSummary } from '../model/result.js';
import { openDigests } from '../resources/digests.js';
import { isOver, readLease } from '../resources/lease.js';
import type { Thing } from '../resources/things.js';
import { openTarget } from '../targets/open-target.js';
import type { Target } from '../targets/target.js';
import { applyPlan } from './apply-plan.js';
import type { Context } from './context.js';
import { nowOf } from './lease.js';
import type { ListOptions } from './list-environments.js';
import { makePlan } from './make-plan.js';
import { narrow } from './narrow.js';
import { DEFAULT_LOCAL_PORT } from './open-project.js';
import type { PlanOptions } from './project.js';
import { type FoundEnvironment, type Place, surveyEnvironments } from './survey-environments.js';

/** Which environments of an account and Region go. */
export interface SweepOptions extends ListOptions, Pick<PlanOptions, 'includingForeign'> {
  /** Those whose lease is over, or every one. */
  readonly which: 'expired' | 'all';
}

/** One environment that is to go. */
export interface SweepEntry {
  readonly environment: EnvironmentSummary;
  /** What would be done; absent when it cannot go. */
  readonly plan?: Plan;
  /** Why it cannot go; absent when it can. */
  readonly refusal?: PixgateError;
}

/** What became of one environment. */
export interface SweptEnvironment {
  readonly environment: EnvironmentSummary;
  /** 'removed': nothing is left. 'left': something is. 'refused': nothing was touched. 'renewed': its lease no longer is over. 'waiting': the run was stopped before. */
  readonly outcome: 'removed' | 'left' | 'refused' | 'renewed' | 'waiting';
  /** What was taken away: address and name. */
  readonly removed: readonly string[];
  /** What is left: kind and name; empty when nothing is. */
  readonly left: readonly string[];
  /** Why it is not gone; absent when it is, or was renewed. */
  readonly error?: PixgateError;
}

/** Everything that is to go, shown before it goes. Nothing is printed and nothing is asked. */
export interface Sweep {
  readonly target: 'aws' | 'local';
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  readonly entries: readonly SweepEntry[];
  /** Environments whose lease nobody can read: they stay. */
  readonly unreadable: readonly EnvironmentSummary[];
  /** Buckets whose names are like ours and whose tags may not be read, so that nobody can tell whose they are: they stay. Absent without any. */
  readonly hiddenBuckets?: readonly string[];
  /** Takes them away, one after the other; one that does not go keeps no other from going. */
  apply(listener?: Listener, signal?: AbortSignal): Promise<readonly SweptEnvironment[]>;
  close(): Promise<void>;
}

/** Finds by their tags the environments that are to go, and plans their removal; needs neither config nor ledger. Changes nothing. */
export async function planSweep(options: SweepOptions): Promise<Sweep> {
  const target = await openTarget({
    ...options,
    target: options.target ?? 'aws',
    localPort: options.localPort ?? DEFAULT_LOCAL_PORT,
  });
  return openSweepOn(target, options);
}

/** Finds the environments behind a door that is open already; closes the door when that fails. */
export async function openSweepOn(target: Target, options: SweepOptions): Promise<Sweep> {
  try {
    const identity = await openSts(target.access).getIdentity();
    const place: Place = { aws: openAws(target.access, identity), target, identity, region: options.region };
    const hiddenBuckets: string[] = [];
    const onHidden = (bucket: string): unknown => hiddenBuckets.push(bucket);
    const found = await surveyEnvironments(place, { allBuckets: true, onHidden });
    const chosen = found.filter(({ summary }) => options.which === 'all' || summary.expired);
    const entries: (SweepEntry & FoundEnvironment)[] = [];
    for (const each of chosen) entries.push({ ...each, ...(await prepare(place, each, options)) });
    return {
      target: target.name,
      account: identity.account,
      region: options.region,
      entries: entries.map(({ things: _things, lease: _lease, summary: _summary, ...entry }) => entry),
      unreadable: found.flatMap(({ summary }) => (summary.unreadableLease === undefined ? [] : [summary])),
      ...(hiddenBuckets.length === 0 ? {} : { hiddenBuckets: hiddenBuckets.toSorted() }),
      async apply(listener = () => {}, signal = new AbortController().signal) {
        const swept: SweptEnvironment[] = [];
        for (const entry of entries) {
          const isStopped = signal.aborted || swept.some(({ error }) => error instanceof CancelledError);
          swept.push(isStopped ? untouched(entry) : await takeOne(place, entry, options, listener, signal));
        }
        return swept;
      },
      close: () => target.close(),
    };
  } catch (error) {
    await target.close();
    throw error;
  }
}

async function prepare(place: Place, found: FoundEnvironment, options: SweepOptions): Promise<SweepEntry> {
  const { summary } = found;
  try {
    const context = await openFound(place, found, options);
    return { environment: summary, plan: await makePlan(context, 'teardown', options) };
  } catch (error) {
    if (!(error instanceof PixgateError)) throw error;
    return { environment: summary, refusal: error };
  }
}

/** Opens an environment by what its tags tell. */
async function openFound(
  { aws, target, identity, region }: Place,
  { summary: { name, stage, token }, things }: FoundEnvironment,
  { directory }: SweepOptions,
): Promise<Context> {
  const config = bareConfig({ cwd: directory, env: {}, flags: { name, stage, region } });
  if (config === undefined) throw new RefusedError(`Cannot open "${name}": its tags do not tell which it is.`);
  const { account, partition } = identity;
  const { endpointUrl: endpoint } = target.access;
  const subject = {
    target: target.name,
    account,
    region,
    name,
    stage,
    ...(endpoint === undefined ? {} : { endpoint }),
  };
  const ledger = await openLedgerOf(path.join(directory, '.pixgate', 'state'), subject, token);
  const environment = { ...subject, partition, token, createdBy: '' };
  return {
    config,
    environment,
    target,
    aws: narrow(aws, environment, things),
    ledger,
    digests: openDigests(directory, systemClock.now),
    foundByTags: false,
  };
}

/** The folder's ledger of the environment; one of its own where that is about another installation of the same name. */
async function openLedgerOf(folder: string, subject: LedgerSubject, token: string): Promise<Ledger> {
  const ledger = await openLedger(folder, subject);
  if (ledger.installation === undefined || ledger.installation === token) return ledger;
  return openLedger(path.join(folder, createHash('sha256').update(token).digest('hex').slice(0, 16)), subject);
}

async function takeOne(
  place: Place,
  entry: SweepEntry & FoundEnvironment,
  options: SweepOptions,
  listener: Listener,
  signal: AbortSignal,
): Promise<SweptEnvironment> {
  const { environment, plan: approved, refusal, things } = entry;
  if (approved === undefined) return { ...untouched(entry), outcome: 'refused', ...(refusal && { error: refusal }) };
  const removed: string[] = [];
  const hear: Listener = (event) => {
    if (event.type === 'done') removed.push(`${event.step.address} ${event.step.label}`);
    listener(event);
  };
  try {
    if (options.which === 'expired' && !(await isStillOver(place, things)))
      return { ...untouched(entry), outcome: 'renewed' };
    const context = await openFound(place, entry, options);
    // Planned anew, since what went before it may have set free what both used: the account's logging role.
    const plan = await makePlan(context, 'teardown', options);
    demandApproved(environment, approved.steps, plan.steps);
    const { left = [] } = await applyPlan(context, plan, hear, signal);
    const showing = left.length === 0 ? await findLeft(things) : left;
    if (showing.length === 0) return { environment, outcome: 'removed', removed, left };
    throw new WaitError(`Cannot finish teardown of "${environment.name}": ${showing.join('; ')} still shows.`, {
      code: 'LEFTOVERS',
      suggestions: ['run the same command again'],
    });
  } catch (error) {
    if (!(error instanceof PixgateError)) throw error;
    const left = await findLeft(things);
    return { environment, outcome: removed.length === 0 ? 'refused' : 'left', removed, left, error };
  }
}

function untouched({ environment, things }: SweepEntry & FoundEnvironment): SweptEnvironment {
  return { environment, outcome: 'waiting', removed: [], left: things.map(({ label }) => label) };
}

/** Reads the lease again: somebody may have renewed it while the plan was looked at. Of what is gone it is over. */
async function isStillOver({ target, identity }: Place, things: readonly Thing[]): Promise<boolean> {
  const now: Pick<Thing, 'label' | 'tags'>[] = [];
  for (const { label, reread } of things) {
    const tags = await reread();
    if (tags !== undefined) now.push({ label, tags });
  }
  return now.length === 0 || isOver(readLease(now), nowOf(identity, target));
}

async function findLeft(things: readonly Thing[]): Promise<string[]> {
  const left: string[] = [];
  for (const { label, reread } of things) {
    // What cannot be looked at may well be there.
    const tags = await reread().catch(() => ({}));
    if (tags !== undefined) left.push(label);
  }
  return left;
}

/**
 * Lets only what was approved be taken away. The logging role is the account's, and follows from the others.
 *
 * @throws {RefusedError} when there is more by now.
 */
function demandApproved({ name, stage }: EnvironmentSummary, approved: readonly Step[], steps: readonly Step[]): void {
  const known = new Set(['logging', ...approved.map(({ address }) => address)]);
  const more = steps.filter(({ address }) => !known.has(address)).map(({ label }) => label);
  if (more.length === 0) return;
  throw new RefusedError(
    `Cannot delete "${name}", stage "${stage}": ${more.join(', ')} came since the plan was made.`,
    {
      code: 'PLAN_STALE',
      suggestions: ['run the same command again and look at the new plan'],
    },
  );
}
