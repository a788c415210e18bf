import { lacksAcceleration } from '../aws/acceleration.js';
import type { S3 } from '../aws/s3.js';
import { AwsError } from '../errors.js';

/** The two ways to a bucket, and what is needed to choose one. */
export interface RouteChoice {
  /** S3 in the bucket's Region. */
  readonly plain: S3;
  /** The same through Transfer Acceleration; undefined where AWS is reached by another endpoint, which has none. */
  readonly accelerated: S3 | undefined;
  readonly bucket: string;
  /** Region of the bucket. */
  readonly region: string;
  /** Stopwatch, in milliseconds; only differences count. */
  readonly now: () => number;
  /** Hears which way is taken, and why, in one line; and once more when the accelerated one is given up. */
  readonly say: (text: string) => void;
}

/** So many times each way is measured, after one time that opens its connection. */
const ROUNDS = 3;

/** Part of the plain way's time that must be saved: what is accelerated is billed by the gigabyte. */
const LEAST_GAIN = 0.1;

/** Milliseconds that must be saved: less is noise, next door to the bucket. */
const LEAST_GAIN_MS = 5;

/** AWS: "up to thirty minutes". (S3 API Reference, PutBucketAccelerateConfiguration) */
const NOT_YET = 'its endpoint does not answer yet, up to 30 minutes after it is switched on';

/**
 * Finds out whether images are sent faster through Transfer Acceleration, and says so. The S3 that it answers is `plain`
 * itself, or one whose puts are accelerated, for as long as that way holds: after a failure that is the way's own fault the
 * put in hand, and all that come after, go the plain way.
 *
 * It only reads: the setting once, and each endpoint four times.
 *
 * @throws {AwsError} when the plain way fails too.
 */
export async function chooseRoute(choice: RouteChoice): Promise<S3> {
  const { plain, accelerated, say } = choice;
  const against = (why: string): S3 => {
    say(`acceleration: not used: ${why}`);
    return plain;
  };
  if (accelerated === undefined) return against('AWS is reached by an endpoint of its own');
  const lacking = await findLack(choice);
  if (lacking !== undefined) return against(lacking);
  const measured = await measure(choice, accelerated);
  if (typeof measured === 'string') return against(measured);
  const { fast, slow } = measured;
  const times = `${Math.round(fast)} ms against ${Math.round(slow)} ms`;
  const gain = slow - fast;
  if (gain < slow * LEAST_GAIN || gain < LEAST_GAIN_MS)
    return against(`${times}: plain is ${gain < 0 ? 'faster' : 'as fast'}`);
  say(`acceleration: ${times}: used`);
  return withFallback(accelerated, plain, say);
}

/** Why a bucket's acceleration cannot be used; undefined when it can. */
async function findLack({ plain, bucket, region }: RouteChoice): Promise<string | undefined> {
  if (lacksAcceleration(region)) return `${region} has none`;
  try {
    const status = await plain.settings.readAcceleration(bucket);
    return status === 'Enabled' ? undefined : 'the bucket does not have it';
  } catch (error) {
    // An adopted bucket's settings may be kept from us, and its images are sent all the same.
    if (!(error instanceof AwsError) || error.code !== 'ACCESS_DENIED') throw error;
    return 'whether the bucket has it is kept from us: s3:GetAccelerateConfiguration is not allowed';
  }
}

/** The median of each way, in milliseconds; or why the accelerated one cannot be gone. */
async function measure(
  { plain, bucket, now }: RouteChoice,
  accelerated: S3,
): Promise<{ readonly fast: number; readonly slow: number } | string> {
  const [fast, slow]: [number[], number[]] = [[], []];
  // In turn, so that a line that gets slower meanwhile is slower for both.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const start = now();
    const refusal = await tryOut(accelerated, bucket);
    if (refusal !== undefined) return refusal;
    const middle = now();
    await plain.lookAtBucket(bucket);
    if (round === 0) continue;
    fast.push(middle - start);
    slow.push(now() - middle);
  }
  return { fast: median(fast), slow: median(slow) };
}

/** Asks for the bucket the accelerated way; answers why it cannot be asked. */
async function tryOut(accelerated: S3, bucket: string): Promise<string | undefined> {
  try {
    const { kind } = await accelerated.lookAtBucket(bucket);
    if (kind === 'present') return undefined;
    return kind === 'forbidden' ? 'its endpoint shuts us out' : NOT_YET;
  } catch (error) {
    if (error instanceof AwsError) return NOT_YET;
    throw error;
  }
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

/** S3 whose puts go the accelerated way until it fails. */
function withFallback(accelerated: S3, plain: S3, say: (text: string) => void): S3 {
  let way = accelerated;
  const put = async <T>(call: (s3: S3) => Promise<T>): Promise<T> => {
    const taken = way;
    try {
      return await call(taken);
    } catch (error) {
      if (taken === plain || !isOfTheWay(error)) throw error;
      // Of several that fail at once, one says it.
      if (way !== plain) say(`acceleration: given up after ${error.failure.awsCode}: the rest goes the plain way`);
      way = plain;
      return call(plain);
    }
  };
  return {
    ...plain,
    putObject: (...given) => put((s3) => s3.putObject(...given)),
    replaceObject: (...given) => put((s3) => s3.replaceObject(...given)),
  };
}

/**
 * Whether another way may well succeed: nothing of S3 answered, or it was out of order, or has switched the acceleration off.
 * S3 that asks to slow down stands behind the other way too.
 */
function isOfTheWay(error: unknown): error is AwsError {
  if (!(error instanceof AwsError) || error.code === 'NO_CREDENTIALS') return false;
  const { status, awsCode } = error.failure;
  if (awsCode === 'SlowDown') return false;
  return status === undefined || status >= 500 || error.code === 'NOT_AWS' || awsCode === 'InvalidRequest';
}
