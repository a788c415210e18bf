import { expect, test } from 'vitest';
import { createPacer } from '../../src/aws/pacer.js';
import { createSend, type SenderOptions, sent } from '../../src/aws/sender.js';
import { AwsError, RefusedError } from '../../src/errors.js';
import { type SteppedClock, steppedClock } from './stepped-clock.js';

/** An error as the SDK throws it. */
function sdkError(name: string, message = 'Said AWS.'): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400, requestId: 'r-1', attempts: 1 } });
}

/** A sender of API Gateway by a clock that skips every sleep. */
function sender(clock: SteppedClock, options: Partial<SenderOptions> = {}) {
  return createSend({ service: 'API Gateway', region: 'eu-west-1', clock, ...options });
}

/** Fails with an error this often, then answers when it is called. */
function failing(
  times: number,
  error: Error,
  clock: SteppedClock,
): { call(): Promise<number>; readonly calls: number[] } {
  const calls: number[] = [];
  return {
    calls,
    call() {
      calls.push(clock.now());
      return calls.length > times ? Promise.resolve(clock.now()) : Promise.reject(error);
    },
  };
}

test('send() answers with what the call answers', async () => {
  const clock = steppedClock();

  expect(await clock.run(sender(clock)('GetStage', () => Promise.resolve('stage')))).toBe('stage');
  expect(clock.now()).toBe(0);
});

test('send() turns what is missing into undefined, at once', async () => {
  const clock = steppedClock();
  const missing = () => Promise.reject(sdkError('NotFoundException'));

  const outcome = sender(clock)('GetStage', missing, { missing: ['NoSuchBucket', 'NotFoundException'] });

  expect(await clock.run(outcome)).toBeUndefined();
  expect(clock.now()).toBe(0);
});

test('send() makes an AwsError of what is missing where nobody said that it may be', async () => {
  const clock = steppedClock();
  const missing = () => Promise.reject(sdkError('NotFoundException', 'Invalid stage identifier specified'));

  const outcome = clock.run(sender(clock)('GetStage', missing, { missing: ['NoSuchBucket'] }));

  await expect(outcome).rejects.toThrow(AwsError);
  await expect(outcome).rejects.toMatchObject({
    message: 'API Gateway answered NotFoundException to GetStage: Invalid stage identifier specified.',
    failure: {
      service: 'API Gateway',
      operation: 'GetStage',
      awsCode: 'NotFoundException',
      status: 400,
      requestId: 'r-1',
    },
  });
});

const PATIENT: readonly [operation: string, code: string, message: string, pauseMs: number, budgetMs: number][] = [
  ['PutMethod', 'ConflictException', 'Unable to complete operation due to concurrent modification.', 5_000, 60_000],
  ['PutMethod', 'ConflictException', 'Concurrent modification detected', 5_000, 60_000],
  ['PutRolePolicy', 'NoSuchEntityException', 'The role cannot be found.', 5_000, 60_000],
  ['PutBucketPolicy', 'NoSuchBucket', 'The specified bucket does not exist', 5_000, 120_000],
  ['PutRolePolicy', 'ConcurrentModificationException', 'Try again.', 5_000, 60_000],
  ['CreateBucket', 'OperationAborted', 'A conflicting conditional operation is in progress.', 5_000, 120_000],
  ['PutRetentionPolicy', 'OperationAbortedException', 'A conflicting operation is in progress.', 5_000, 60_000],
  ['UpdateAccount', 'BadRequestException', 'The role ARN does not have required permissions', 5_000, 120_000],
  [
    'UpdateAccount',
    'BadRequestException',
    'API Gateway could not successfully write to CloudWatch Logs',
    5_000,
    120_000,
  ],
  ['UpdateStage', 'BadRequestException', 'CloudWatch Logs role ARN must be set in account settings', 5_000, 60_000],
  ['DeleteRole', 'DeleteConflictException', 'Cannot delete entity, must detach all policies first.', 5_000, 30_000],
  ['DeleteRestApi', 'TooManyRequestsException', 'Too Many Requests', 31_000, 300_000],
  ['UpdateAccount', 'TooManyRequestsException', 'Too Many Requests', 5_000, 120_000],
  ['CreateRestApi', 'TooManyRequestsException', 'Too Many Requests', 5_000, 120_000],
];

test.each(PATIENT)('send() sends %s again after %s "%s"', async (operation, code, message, pauseMs) => {
  const clock = steppedClock();
  const waits: [string, number][] = [];
  const send = sender(clock, { waiting: (why, ms) => waits.push([why, ms]) });
  const { call, calls } = failing(2, sdkError(code, message), clock);

  expect(await clock.run(send(operation, call))).toBe(2 * pauseMs);
  expect(calls).toEqual([0, pauseMs, 2 * pauseMs]);
  expect(waits).toEqual([
    [`${operation}: ${message}`, pauseMs],
    [`${operation}: ${message}`, pauseMs],
  ]);
});

test.each(PATIENT)(
  'send() gives %s up when %s "%s" does not pass',
  async (operation, code, message, pauseMs, budgetMs) => {
    const clock = steppedClock();
    const { call, calls } = failing(Number.POSITIVE_INFINITY, sdkError(code, message), clock);

    const outcome = clock.run(sender(clock)(operation, call));

    await expect(outcome).rejects.toMatchObject({ name: 'AwsError', failure: { operation, awsCode: code } });
    expect(clock.now()).toBeGreaterThanOrEqual(budgetMs);
    expect(clock.now()).toBeLessThan(budgetMs + pauseMs);
    expect(calls.length).toBe(1 + Math.ceil(budgetMs / pauseMs));
  },
);

test.each([
  ['PutMethod', 'ConflictException', 'Method already exists for this resource'],
  ['UpdateStage', 'BadRequestException', 'Invalid patch path'],
  ['UpdateAccount', 'BadRequestException', 'Invalid patch path'],
  ['UpdateStage', 'BadRequestException', 'The role ARN does not have required permissions'],
  ['DeleteBucket', 'DeleteConflictException', 'Not IAM.'],
  ['PutObject', 'NoSuchBucket', 'The specified bucket does not exist'],
  ['CreateRestApi', 'LimitExceededException', 'Maximum number of APIs reached'],
  ['CreateRestApi', 'TimeoutError', 'Connection timed out'],
  ['PutMethod', 'AccessDeniedException', 'User is not authorized'],
])('send() sends %s once only when it gets %s "%s"', async (operation, code, message) => {
  const clock = steppedClock();
  const { call, calls } = failing(1, sdkError(code, message), clock);

  await expect(clock.run(sender(clock)(operation, call))).rejects.toMatchObject({ failure: { awsCode: code } });
  expect(calls).toEqual([0]);
});

/** What AWS answers to haste, with or without a Retry-After. */
function tooMany(retryAfter?: string): Error {
  const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
  return Object.assign(sdkError('TooManyRequestsException', 'Too Many Requests'), { $response: { headers } });
}

test.each([
  ['CreateDeployment', '17', 17_000],
  ['CreateDeployment', '1', 1_000],
  ['DeleteRestApi', '12', 12_000],
  ['DeleteRestApi', undefined, 31_000],
  ['CreateDeployment', undefined, 5_000],
  ['CreateDeployment', 'Wed, 21 Oct 2026 07:28:00 GMT', 5_000],
  ['CreateDeployment', '-3', 5_000],
  ['CreateDeployment', '86400', 120_000],
])('send() sends %s again when Retry-After says so: %s', async (operation, retryAfter, pauseMs) => {
  const clock = steppedClock();
  const { call, calls } = failing(1, tooMany(retryAfter), clock);

  await clock.run(sender(clock)(operation, call));

  expect(calls).toEqual([0, pauseMs]);
});

test.each([
  ['CreateRestApi', 'The quota is 600 Regional or 120 edge-optimized APIs per account and Region'],
  ['CreateResource', 'The quota is 300 resources per API'],
  ['CreateStage', 'The quota is 10 stages per API'],
  ['CreateRole', 'The quota is 1,000 roles per account'],
])('send() says of a full quota which one it is, at once: %s', async (operation, quota) => {
  const clock = steppedClock();
  const { call, calls } = failing(1, sdkError('LimitExceededException', 'Maximum number reached'), clock);

  const outcome = clock.run(sender(clock)(operation, call));

  await expect(outcome).rejects.toMatchObject({
    name: 'AwsError',
    code: 'LIMIT_REACHED',
    message: expect.stringContaining(`Maximum number reached. ${quota}`) as string,
    failure: { operation, awsCode: 'LimitExceededException' },
  });
  expect([calls, clock.now()]).toEqual([[0], 0]);
});

test('send() makes up no quota that it does not know', async () => {
  const clock = steppedClock();
  const { call } = failing(1, sdkError('LimitExceededException', 'Full.'), clock);

  await expect(clock.run(sender(clock)('CreateLogGroup', call))).rejects.toMatchObject({
    code: 'LIMIT_REACHED',
    message: 'API Gateway answered LimitExceededException to CreateLogGroup: Full.',
  });
});

test('send() lets a complaint of ours pass as it is', async () => {
  const clock = steppedClock();
  const complaint = new RefusedError('Not ours.');

  await expect(clock.run(sender(clock)('GetRole', () => Promise.reject(complaint)))).rejects.toBe(complaint);
});

test('send() takes its turn before every call, and tells of long waits', async () => {
  const clock = steppedClock();
  const waits: [string, number][] = [];
  const send = sender(clock, { pacer: createPacer(clock), waiting: (why, ms) => waits.push([why, ms]) });
  const times: number[] = [];
  const work = async (): Promise<void> => {
    for (let nth = 0; nth < 3; nth += 1) await send('CreateDeployment', async () => times.push(clock.now()));
  };

  await clock.run(work());

  expect(times).toEqual([0, 10_000, 20_000]);
  expect(waits).toEqual([
    ['AWS allows one CreateDeployment per 5 s', 10_000],
    ['AWS allows one CreateDeployment per 5 s', 10_000],
  ]);
});

test('sent() answers with the value of a call, and finds fault with none', async () => {
  await expect(sent(Promise.resolve('stage'))).resolves.toBe('stage');
  await expect(sent(Promise.resolve(undefined))).rejects.toThrow('a call that cannot be missing came back empty');
});
