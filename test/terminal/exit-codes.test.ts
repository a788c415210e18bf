import { expect, test } from 'vitest';
import {
  AwsError,
  CancelledError,
  ChecksFailedError,
  ConfigError,
  LedgerError,
  RefusedError,
  UsageError,
  WaitError,
} from '../../src/errors.js';
import { exitCodeOf } from '../../src/terminal/exit-codes.js';

test.each([
  [new ChecksFailedError('2 of 31', { failed: 2, total: 31 }), 1],
  [new UsageError('no'), 2],
  [new ConfigError('no', { file: 'pixgate.yaml' }), 2],
  [new RefusedError('no'), 3],
  [new AwsError('no', { service: 'S3', operation: 'PutObject', awsCode: 'SlowDown' }), 4],
  [new WaitError('no'), 5],
  [new LedgerError('no'), 6],
  [new CancelledError('no'), 130],
  [new TypeError('x is not a function'), 70],
  ['a string', 70],
])('exitCodeOf() tells %s by who must act: %i', (error, expected) => {
  const code = exitCodeOf(error);

  expect(code).toBe(expected);
});
