import type { Clock } from '../clock.js';
import { AwsError, type PixgateError } from '../errors.js';
import { readFailure, toComplaint } from './failure.js';
import type { HearWait, Pacer } from './pacer.js';

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
  // Each further try waits for its turn, half a minute and more.
  { operation: 'DeleteRestApi', code: 'ConflictException', text: 'oncurrent', budgetMs: 300_000 },
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
  // AWS: somebody writes the same object at this moment, perhaps an earlier try of ours. (S3 User Guide, "Conditional writes")
  { code: 'ConditionalRequestConflict', budgetMs: 30_000 },
  // AWS: a role that was just made is not known everywhere at once, and neither is a bucket.
  { operation: 'PutRolePolicy', code: 'NoSuchEntityException', budgetMs: 60_000 },
  { operation: /^(Get|Put)(Bucket|PublicAccessBlock)/, code: 'NoSuchBucket', budgetMs: 120_000 },
  // AWS: beyond the pace, others in the account use the same quota; the answer asks for half a minute.
  { operation: 'DeleteRestApi', code: 'TooManyRequestsException', budgetMs: 300_000 },
  // AWS: what is refused for its pace was not done, so even a create that is sent once may be sent again.
  { code: 'TooManyRequestsException', budgetMs: 120_000 },
];

/** Between two tries where AWS does not say how long. */
const PAUSE_MS = 5_000;
/** The same for DeleteRestApi, of which AWS allows one per 30 s. */
const SLOW_PAUSE_MS = 31_000;

/**
 * Quotas on how many of a thing there may be, by the call that meets them. Waiting does not help against these.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
 */
const LIMITS: Readonly<Record<string, string>> = {
  CreateApiKey: '10,000 API keys per account and Region',
  CreateRestApi: '600 Regional or 120 edge-optimized APIs per account and Region',
  CreateResource: '300 resources per API',
  CreateStage: '10 stages per API',
  CreateUsagePlan: '300 usage plans per account and Region',
  CreateRole: '1,000 roles per account',
  CreateUserPool: '1,000 user pools per account and Region',
};

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
  /** Hears of waits of three seconds and more for a turn, and of every wait before another try. */
  readonly waiting?: HearWait;
}

/** Makes the sender of one service. */
export function createSend({ service, region, clock, pacer, waiting }: SenderOptions): Send {
  return async (operation, call, { missing = [], made = [] } = {}) => {
    const start = clock.now();
    let quota = operation;
    for (;;) {
      await pacer?.turn(quota, waiting);
      try {
        return fromAws(await call());
      } catch (error) {
        const { code, message, attempts = 1 } = readFailure(error);
        if (missing.includes(code)) return undefined;
        const patience = RETRYABLE.find(
          (is) => fits(is, operation) && is.code === code && message.includes(is.text ?? ''),
        );
        if (patience === undefined && attempts > 1 && made.includes(code)) return undefined;
        if (patience === undefined || clock.now() - start >= patience.budgetMs)
          throw nameLimit(toComplaint(error, service, operation, region), operation);
        const pause = Math.min(askedPause(error) ?? usualPause(operation), patience.budgetMs);
        waiting?.(`${operation}: ${message}`, pause);
        await clock.sleep(pause);
        // What was refused for its pace has used up nothing of its own quota. Waiting for another turn could keep step
        // for ever with somebody else who calls as often.
        quota = code === 'TooManyRequestsException' ? '' : operation;
      }
    }
  };
}

/**
 * Passes on an answer of AWS. The SDK takes any 200 for one, also the page of a network that asks to log in.
 *
 * @throws {SyntaxError} as the SDK does for HTML it cannot read.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/get-request-ids.html
 */
function fromAws<T>(answer: T): T {
  const { $metadata } = (answer ?? {}) as { readonly $metadata?: { readonly requestId?: string } };
  // AWS: every answer names its request. (S3 User Guide, "Getting Amazon S3 request IDs"; the other services alike)
  if ($metadata !== undefined && $metadata.requestId === undefined)
    throw Object.assign(new SyntaxError('the answer names no request of AWS'), { $metadata });
  return answer;
}

function usualPause(operation: string): number {
  return operation === 'DeleteRestApi' ? SLOW_PAUSE_MS : PAUSE_MS;
}

/** The pause that the answer itself asks for in Retry-After, in milliseconds; AWS counts it in whole seconds. */
function askedPause(error: unknown): number | undefined {
  const answer = error as { readonly $response?: { readonly headers?: Readonly<Record<string, string>> } } | undefined;
  const asked = answer?.$response?.headers?.['retry-after'] ?? '';
  return /^\d+$/.test(asked) ? Number(asked) * 1000 : undefined;
}

/** Says of a full quota which one it is: AWS answers it with 429 as it does haste, but no waiting helps. */
function nameLimit(complaint: PixgateError, operation: string): PixgateError {
  if (!(complaint instanceof AwsError) || complaint.failure.awsCode !== 'LimitExceededException') return complaint;
  const limit = LIMITS[operation];
  const quota = limit === undefined ? '' : ` The quota is ${limit} unless AWS has raised it.`;
  return new AwsError(`${complaint.message}${quota}`, complaint.failure, {
    code: 'LIMIT_REACHED',
    suggestions: [
      'remove what is no longer needed, or ask for more in AWS Service Quotas; then run the same command again',
    ],
    cause: complaint.cause,
  });
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
