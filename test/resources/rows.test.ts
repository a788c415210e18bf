import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareKeys } from '../../src/files/compare-keys.js';
import type { LocalImage } from '../../src/resources/local-images.js';
import type { ManifestEntry, Named } from '../../src/resources/manifest.js';
import { type Match, matchKeys } from '../../src/resources/rows.js';

/** Keys of a few letters, so that sources share many. */
const KEYS = fc.uniqueArray(fc.stringMatching(/^[ab/é\u{1f600}\uffee]{1,3}$/u), { maxLength: 20 });

const imageOf = (key: string): LocalImage => ({ key }) as LocalImage;
const objectOf = (key: string) => ({ key: `images/${key}`, etag: `there ${key}`, sizeBytes: 1, modifiedMs: 0 });
const entryOf = (key: string): ManifestEntry => ({ etag: `sent ${key}` }) as ManifestEntry;

/** Gives a source in batches of some length. */
async function* batches<T>(items: readonly T[], length: number): AsyncGenerator<readonly T[]> {
  yield [];
  for (let at = 0; at < items.length; at += length) yield items.slice(at, at + length);
}

const sorted = (keys: readonly string[]): string[] => [...keys].sort(compareKeys);

test('matchKeys() tells each key of three sources once, in order, with all that they say of it', async () => {
  await fc.assert(
    fc.asyncProperty(KEYS, KEYS, KEYS, fc.integer({ min: 1, max: 5 }), async (files, objects, sent, length) => {
      const told: Match[] = [];
      const listing = sorted(objects).map((key) => [key, objectOf(key)] as const);
      const entries = sorted(sent).map((key): Named => [key, entryOf(key)]);

      await matchKeys(
        { images: sorted(files).map(imageOf), listing: batches(listing, length), entries: batches(entries, 7) },
        (match) => told.push(match),
      );

      const all = sorted([...new Set([...files, ...objects, ...sent])]);
      expect(told).toEqual(
        all.map((key) => ({
          key,
          image: files.includes(key) ? imageOf(key) : undefined,
          there: objects.includes(key) ? objectOf(key) : undefined,
          entry: sent.includes(key) ? entryOf(key) : undefined,
        })),
      );
    }),
  );
});

test('matchKeys() lets go of both streams when one of them fails', async () => {
  const closed: string[] = [];
  async function* failing(): AsyncGenerator<readonly never[]> {
    try {
      yield [];
      throw new Error('broken off');
    } finally {
      closed.push('listing');
    }
  }
  async function* endless(): AsyncGenerator<readonly Named[]> {
    try {
      for (let n = 0; ; n += 1) yield [[String(n), entryOf('a')]];
    } finally {
      closed.push('entries');
    }
  }
  const entries = endless();
  await entries.next();

  await expect(matchKeys({ images: [], listing: failing(), entries }, () => {})).rejects.toThrow('broken off');

  expect(closed).toEqual(['listing', 'entries']);
});
