import { CancelledError, PixgateError } from '../errors.js';
import type { CheckResult, Probe, Sample, ServedImage } from '../model/check.js';
import { openAccessLog } from './access-log.js';
import { authChecks } from './auth.js';
import { byteChecks } from './bytes.js';
import { cacheChecks } from './cache.js';
import { type Check, type Finding, toResult } from './check.js';
import { exampleChecks } from './examples.js';
import { hardeningChecks } from './hardening.js';
import { type ChecksAsk, imagePath, openInspection, ShutOut } from './inspection.js';
import { logChecks } from './logs.js';
import { runInOrder } from './pool.js';
import { refusalChecks } from './refusals.js';
import { replyChecks } from './replies.js';
import { findShutOut, settle } from './settle.js';

/** What a run of the checks found out. */
export interface ChecksOutcome {
  /** Every check, in the order of the families. */
  readonly results: readonly CheckResult[];
  /** Timed requests, for the chart. */
  readonly samples: readonly Sample[];
  /** The images as a browser was served them, in the order of the manifests. */
  readonly images: readonly ServedImage[];
}

/** How many checks are asked at once, unless told otherwise. */
const CONCURRENCY = 8;

/**
 * Asks the finished API everything that the drawing and the uploads promise.
 *
 * Waits up to 60 s for a new deployment to settle, and up to 5 min for the access log. Results are handed on in a
 * stable order, each with how many there are in all. Changes nothing but entries of the stage cache.
 *
 * @throws {CancelledError} when `signal` is aborted; the requests in flight are finished.
 * @throws {AwsError} when the manifests of the uploads cannot be read.
 */
export async function runChecks(
  ask: ChecksAsk,
  probe: Probe,
  onResult: (result: CheckResult, done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<ChecksOutcome> {
  const inspection = await openInspection(ask, probe, signal);
  const [hardening] = await Promise.all([hardeningChecks(probe), settle(inspection)]);
  await findShutOut(inspection);
  const log = openAccessLog(inspection);
  const requests = [byteChecks, exampleChecks, replyChecks, refusalChecks, authChecks].flatMap((make) =>
    make(inspection),
  );
  // What looks at the cache and the log comes when the many requests are over, and waits for the log all at once.
  const afterwards = [...cacheChecks(inspection, log), ...hardening, ...logChecks(inspection, log)];
  const total = requests.length + afterwards.length;
  const results: CheckResult[] = [];
  for (const phase of [requests, afterwards]) {
    await runInOrder(
      phase,
      ask.concurrency ?? CONCURRENCY,
      (check) => timed(check, probe, inspection.goOn),
      (result) => {
        results.push(result);
        onResult(result, results.length, total);
      },
    );
  }
  const paths = inspection.mounts.flatMap(({ path, images }) => (images ?? []).map(({ key }) => imagePath(path, key)));
  return {
    results,
    samples: inspection.samples,
    images: paths.map((path) => inspection.served.get(path)).filter((image) => image !== undefined),
  };
}

async function timed(check: Check, probe: Probe, goOn: () => void): Promise<CheckResult> {
  goOn();
  const begun = probe.now();
  const finding = await tryToRun(check);
  return toResult(check, finding, probe.now() - begun);
}

/** A check that AWS keeps from looking proves nothing either way. */
async function tryToRun(check: Check): Promise<Finding> {
  try {
    return await check.run();
  } catch (error) {
    if (error instanceof ShutOut)
      return { status: 'skipped', got: error.message, fix: 'pixgate access  says how to be let in; then pixgate test' };
    if (!(error instanceof PixgateError) || error instanceof CancelledError) throw error;
    const [fix] = error.suggestions;
    return { status: 'inconclusive', got: error.message, ...(fix === undefined ? {} : { fix }) };
  }
}
