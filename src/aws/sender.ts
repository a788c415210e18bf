import type { Clock } from '../clock.js';
import { readFailure, toComplaint } from './failure.js';
import type { Pacer } from './pacer.js';

/** One condition that passes by itself and that the SDK does not retry. */
interface Retryable {
  /** AWS's name of the operation; absent: any. */
  readonly operation?: string | RegExp;
  readonly code: string;
  /** Part of the message; absent: any. */
  readonly text?: string;
  /** For how long it is tried again, in milliseconds. */
  readonly budgetMs: number;
}

/** Terraform's figure for IAM to settle, from years of use. */
const IAM_SETTLES_MS = 120_000;

const RETRYABLE: readonly Retryable[] = [
  { code: 'ConflictException', text: 'oncurrent', budgetMs: 60_000 },
  { code: 'ConcurrentModificationException', budgetMs: 60_000 },
  { code: 'OperationAborted', budgetMs: 120_000 },
  { code: 'OperationAbortedException', budgetMs: 60_000 },
  { operation: 'UpdateAccount', code: 'BadRequestException', text: 'role ARN', budgetMs: IAM_SETTLES_MS },
  {
    operation: 'UpdateAccount',
    code: 'BadRequestException',
    text: 'could not successfully write',
    budgetMs: IAM_SETTLES_MS,
  },
  { operation: 'UpdateStage', code: 'BadRequestException', text: 'CloudWatch Logs role ARN', budgetMs: 60_000 },
  { operation: 'DeleteRole', code: 'DeleteConflictException', budgetMs: 30_000 },
  // AWS: a role that was just made is not known everywhere at once, and neither is a bucket.
  { operation: 'PutRolePolicy', code: 'NoSuchEntityException', budgetMs: 60_000 },
  { operation: /^(Get|Put)(Bucket|PublicAccessBlock)/, code: 'NoSuchBucket', budgetMs: 120_000 },
  // AWS: beyond the pace, others in the account use the same quota; the answer asks for half a minute.
  { operation: 'DeleteRestApi', code: 'TooManyRequestsException', budgetMs: 300_000 },
  // AWS: what is refused for its pace was not done, so even a create that is sent once may be sent again.
  { code: 'TooManyRequestsException', budgetMs: 120_000 },
];

const PAUSE_MS = 5_000;
const SLOW_PAUSE_MS = 31_000;

/** How one service's calls are sent. */
export interface SendOptions {
  /** Codes that mean "there is none": the call resolves to undefined. */
  readonly missing?: readonly string[];
  /**
   * Codes that mean "that is there already". After a try whose reply was lost the SDK's next one meets what the first
   * made: then the call resolves to undefined. A first try that gets such a code fails.
   */
  readonly made?: readonly string[];
}

/** Sends a call: paced, retried where AWS asks for patience, "missing" turned into undefined, every other failure into an AwsError. */
export type Send = <T>(operation: string, call: () => Promise<T>, options?: SendOptions) => Promise<T | undefined>;

/** What a sender is made of. */
export interface SenderOptions {
  /** Name of the service in messages: 'API Gateway'. */
  readonly service: string;
  readonly region: string;
  readonly clock: Clock;
  /** Absent: calls are not paced. */
  readonly pacer?: Pacer;
  /** Hears of waits of a second and more. */
  readonly waiting?: (why: string, ms: number) => void;
}

/** Makes the sender of one service. */
export function createSend({ service, region, clock, pacer, waiting }: SenderOptions): Send {
  return async (operation, call, { missing = [], made = [] } = {}) => {
    const start = clock.now();
    for (;;) {
      await pacer?.turn(operation, (ms) => waiting?.(`${operation} may be called only now and then`, ms));
      try {
        return await call();
      } catch (error) {
        const { code, message, attempts = 1 } = readFailure(error);
        if (missing.includes(code)) return undefined;
        const patience = RETRYABLE.find(
          (is) => fits(is, operation) && is.code === code && message.includes(is.text ?? ''),
        );
        if (patience === undefined && attempts > 1 && made.includes(code)) return undefined;
        if (patience === undefined || clock.now() - start >= patience.budgetMs)
          throw toComplaint(error, service, operation, region);
        const pause = operation === 'DeleteRestApi' ? SLOW_PAUSE_MS : PAUSE_MS;
        waiting?.(`${operation}: ${message}`, pause);
        await clock.sleep(pause);
      }
    }
  };
}

function fits({ operation }: Retryable, name: string): boolean {
  return operation instanceof RegExp ? operation.test(name) : (operation ?? name) === name;
}

/** The value of a call that cannot be missing. */
export async function sent<T>(result: Promise<T | undefined>): Promise<T> {
  const value = await result;
  if (value === undefined) throw new Error('a call that cannot be missing came back empty');
  return value;
}
