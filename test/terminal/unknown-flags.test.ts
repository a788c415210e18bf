import { expect, test } from 'vitest';
import { complainOfUnknownFlags } from '../../src/terminal/unknown-flags.js';

const flags = {
  plan: { type: 'boolean' },
  yes: { type: 'boolean' },
  delete: { type: 'boolean', aliases: ['prune'] },
  tracing: { type: 'boolean', allowNo: true },
  'cache-ttl': { type: 'option' },
} as const;

test.each([
  ['--dry-run', '--plan'],
  ['--cahce-ttl=5', '--cache-ttl'],
  ['--cache_ttl', '--cache-ttl'],
  ['--Prune', '--prune'],
  ['--no-tracin', '--no-tracing'],
  ['--yess', '--yes'],
])('complainOfUnknownFlags() knows what %s is meant to be', (word, meant) => {
  const { suggestions } = complainOfUnknownFlags([word], flags, undefined);

  expect(suggestions).toEqual([`did you mean ${meant}?`, 'add --help to see what there is']);
});

test.each([['--bogus'], ['-x'], ['--nope'], ['--constructor']])(
  'complainOfUnknownFlags() makes no guess for %s',
  (word) => {
    const { suggestions } = complainOfUnknownFlags([word], flags, undefined);

    expect(suggestions).toEqual(['add --help to see what there is']);
  },
);

test('complainOfUnknownFlags() has no synonym for a flag that the command lacks', () => {
  const { suggestions } = complainOfUnknownFlags(['--dry-run'], { yes: { type: 'boolean' } }, undefined);

  expect(suggestions).toEqual(['add --help to see what there is']);
});

test('complainOfUnknownFlags() does not repeat a value, which may be a secret', () => {
  const { message } = complainOfUnknownFlags(['--password=hunter2', '-x'], flags, undefined);

  expect(message).toBe('There is no flag --password, -x.');
});
