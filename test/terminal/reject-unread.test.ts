import { expect, test } from 'vitest';
import { UsageError } from '../../src/errors.js';
import { nameVariable, rejectUnread } from '../../src/terminal/reject-unread.js';

const flags = {
  plan: { type: 'boolean', env: 'PIXGATE_PLAN' },
  delete: { type: 'boolean', aliases: ['prune'] },
  tracing: { type: 'boolean', allowNo: true },
  sample: { type: 'option', env: 'PIXGATE_SAMPLE' },
  stage: { type: 'option' },
} as const;

test.each([
  [['--plan=maybe'], {}, '--plan takes no value: got "maybe".'],
  [['--plan='], {}, '--plan takes no value: got "".'],
  [['--prune=no'], {}, '--prune takes no value: got "no".'],
  [['--no-tracing=1\n2'], {}, '--no-tracing takes no value: got "1\\n2".'],
  [[], { PIXGATE_PLAN: 'on' }, 'PIXGATE_PLAN must be one of 1, 0, true, false, yes, no: got "on".'],
  [['--', '--plan'], { PIXGATE_PLAN: '' }, 'PIXGATE_PLAN must be one of 1, 0, true, false, yes, no: got "".'],
  [[], { PIXGATE_SAMPLE: '' }, 'PIXGATE_SAMPLE must not be empty: got "".'],
])('rejectUnread() refuses %j with %j', (argv, env, message) => {
  const act = () => rejectUnread(argv, env, flags);

  expect(act).toThrow(UsageError);
  expect(act).toThrow(message);
});

test.each([
  [['--plan', '--stage=a=b', '--unknown=x'], {}],
  [['--', '--plan=maybe'], {}],
  [[], { PIXGATE_PLAN: 'YES', PIXGATE_SAMPLE: '3' }],
  [['--plan'], { PIXGATE_PLAN: 'on' }],
  [['--sample=3'], { PIXGATE_SAMPLE: '' }],
])('rejectUnread() accepts %j with %j', (argv, env) => {
  const act = () => rejectUnread(argv, env, flags);

  expect(act).not.toThrow();
});

test.each([
  [[], { PIXGATE_SAMPLE: 'x' }, 'PIXGATE_SAMPLE must be a number.'],
  [['--sample', 'x'], { PIXGATE_SAMPLE: 'y' }, '--sample must be a number.'],
  [[], {}, '--sample must be a number.'],
])('nameVariable() names what gave the value: %j with %j', (argv, env, message) => {
  const error = new UsageError('--sample must be a number.');

  nameVariable(error, argv, env, flags);

  expect(error.message).toBe(message);
});
