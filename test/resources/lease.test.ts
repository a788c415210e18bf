import { expect, test } from 'vitest';
import { isOver, readLease, toInstant } from '../../src/resources/lease.js';

const EARLY = '2026-11-23T10:00:00Z';
const LATE = '2026-11-23T12:00:00Z';

/** Things whose tags say these ends; undefined says none. */
const things = (...ends: (string | undefined)[]) =>
  ends.map((end, n) => ({
    label: `thing ${n}`,
    tags: { 'pixgate:token': 't', ...(end === undefined ? {} : { 'pixgate:expires': end }) },
  }));

test.each([
  ['one end', things(EARLY), EARLY],
  ['the same end on all', things(LATE, LATE), LATE],
  ['two ends: the later', things(LATE, EARLY), LATE],
  ['an end that is not on all: none', things(LATE, undefined), undefined],
  ['none', things(undefined), undefined],
  ['nothing', things(), undefined],
  ['a thing that lost its tags, which says nothing', [...things(EARLY), { label: 'x', tags: {} }], EARLY],
])('readLease() of %s', (_, given, expected) => {
  const lease = readLease(given);

  expect(lease).toEqual({ ...(expected === undefined ? {} : { until: expected }), unreadable: [] });
});

test.each(['', 'soon', '2026-11-23', '2026-11-23T10:00:00', '2026-11-23T10:00:00+01:00', '2026-02-30T10:00:00Z', '0'])(
  'readLease() names %j as unreadable, and it is never over',
  (value) => {
    const lease = readLease(things(EARLY, value));

    expect(lease.unreadable).toEqual([{ thing: 'thing 1', value }]);
    expect(isOver(lease, Date.parse('2099-01-01T00:00:00Z'))).toBe(false);
  },
);

test.each([
  [Date.parse(EARLY) - 1, false],
  [Date.parse(EARLY), true],
])('isOver() at %s is %s', (now, expected) => {
  const over = isOver(readLease(things(EARLY)), now);

  expect(over).toBe(expected);
});

test.each([
  [0, '1970-01-01T00:00:00Z'],
  [Date.parse(EARLY) - 999, EARLY],
  [Date.parse(EARLY) + 1, '2026-11-23T10:00:01Z'],
])('toInstant(%s) counts a begun second whole', (ms, expected) => {
  const text = toInstant(ms);

  expect(text).toBe(expected);
});
