import { Errors } from '@oclif/core';
import { expect, test } from 'vitest';
import {
  AwsError,
  CancelledError,
  ChecksFailedError,
  ConfigError,
  RefusedError,
  UsageError,
} from '../../src/errors.js';
import { renderComplaint, toComplaint, toErrorDocument } from '../../src/terminal/complaint.js';
import { blankPage } from './blank-page.js';

function named(name: string): Error {
  return Object.assign(new Error('User force closed the prompt'), { name });
}

test.each([
  [named('ExitPromptError'), CancelledError, 'Cancelled: nothing was changed.'],
  [named('AbortPromptError'), CancelledError, 'Cancelled: nothing was changed.'],
  [
    Object.assign(new Errors.CLIError('Nonexistent flag: --bogus\nSee more help with --help'), { flags: ['--bogus'] }),
    UsageError,
    'There is no flag --bogus.',
  ],
  [new Errors.CLIError('Flag --stage expects a value'), UsageError, 'Flag --stage expects a value.'],
  [new RefusedError('Cannot.'), RefusedError, 'Cannot.'],
  [new TypeError('x is not a function'), TypeError, 'x is not a function'],
])('toComplaint() knows what %s means', (thrown, kind, message) => {
  const complaint = toComplaint(thrown);

  expect(complaint).toBeInstanceOf(kind);
  expect(complaint).toHaveProperty('message', message);
});

test('renderComplaint() says one sentence, then what to type, then where to read', () => {
  const error = new RefusedError('Cannot use bucket "b": it is not ours.', {
    suggestions: ['pixgate init --bucket other', 'pixgate list'],
    ref: 'https://example.test/page',
  });

  const lines = renderComplaint(error, blankPage(), '1.2.3', false);

  expect(lines).toEqual([
    'Cannot use bucket "b": it is not ours.',
    'Try this: pixgate init --bucket other',
    '      or: pixgate list',
    'See https://example.test/page',
  ]);
});

test('renderComplaint() calls what nobody foresaw a bug, and hides the stack', () => {
  const lines = renderComplaint(new TypeError('x\u001b[2J is not a function'), blankPage(), '1.2.3', false);

  expect(lines).toEqual([
    'This is a bug in pixgate 1.2.3: x\\x1b[2J is not a function',
    'Try this: run it again with --verbose and report what it prints.',
  ]);
});

test('renderComplaint() shows the stack with verbose', () => {
  const lines = renderComplaint(new TypeError('x is not a function'), blankPage(), '1.2.3', true);

  expect(lines.some((line) => line.includes('complaint.test.ts'))).toBe(true);
});

test.each([
  [
    new AwsError('Cannot.', { service: 'S3', operation: 'PutObject', awsCode: 'SlowDown', status: 503 }),
    { code: 'AWS', failure: { service: 'S3', operation: 'PutObject', awsCode: 'SlowDown', status: 503 } },
  ],
  [
    new ConfigError('Cannot.', { file: 'pixgate.yaml', line: 7 }),
    { code: 'CONFIG', place: { file: 'pixgate.yaml', line: 7 } },
  ],
  [new ChecksFailedError('Cannot.', { failed: 1, total: 9 }), { code: 'CHECKS_FAILED', failed: 1, total: 9 }],
  [new RangeError('Cannot.'), { code: 'BUG' }],
])('toErrorDocument() gives code, message, suggestions and the fields of %s', (error, fields) => {
  const document = toErrorDocument(error, false);

  expect(document).toEqual({ message: 'Cannot.', suggestions: [], ...fields });
});
