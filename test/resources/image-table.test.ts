import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareKeys } from '../../src/files/compare-keys.js';
import type { RememberedFile } from '../../src/files/digest-memo.js';
import { draftTable } from '../../src/resources/draft-table.js';
import type { ImageTable, TableRow } from '../../src/resources/image-table.js';
import type { LocalImage } from '../../src/resources/local-images.js';

const hex = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex');
const PLAIN = {};
const CACHED = { 'Cache-Control': 'no-store' };

function rowOf(
  key: string,
  { file, ...other }: Partial<Omit<TableRow, 'file'>> & { file?: Partial<RememberedFile> } = {},
): TableRow {
  return {
    key,
    path: `/photos/${key}`,
    sizeBytes: 7,
    file: {
      stamp: `07${'0'.repeat(14)}${hex('sha256', key)}`,
      sha256: hex('sha256', key),
      type: 'image/png',
      active: [],
      ...file,
    },
    headers: PLAIN,
    isSettled: true,
    isRefused: false,
    ...other,
  };
}

type Unnumbered = Omit<LocalImage, 'number'>;

function imageOf({ key, path, sizeBytes, file, headers, isSettled }: TableRow): Unnumbered {
  const { sha256, type: contentType, stamp } = file;
  const image = { key, path, sha256, sizeBytes, contentType, headers };
  return isSettled ? { ...image, stamp } : image;
}

/** Without its number. */
function bare({ number: _, ...image }: LocalImage): Unnumbered {
  return image;
}

function tableOf(rows: readonly TableRow[], former?: ImageTable, root = '/photos'): ImageTable {
  const draft = draftTable(root, former);
  for (const row of rows) draft.add(row);
  return draft.finish();
}

const SCRIPT = { type: 'image/svg+xml', active: ['a script'] };
const ROWS = [
  rowOf('a.png'),
  rowOf('b.svg', { file: SCRIPT, headers: CACHED }),
  rowOf('c.png', { isSettled: false, sizeBytes: 10_485_760 }),
  rowOf('d.svg', { file: SCRIPT, isRefused: true }),
  rowOf('é/link.png', { path: '/photos/a.png', file: { behind: 'carries 1 byte' } }),
];

describe('ImageTable', () => {
  it('gives each image as it was put in, by key and in order', () => {
    const table = tableOf(ROWS);
    const shown = ROWS.filter(({ isRefused }) => !isRefused);

    expect([...table.values()].map(bare)).toEqual(shown.map(imageOf));
    for (const image of table.values()) expect(table.at(image.number)).toEqual(image);
    expect([...table.keys()]).toEqual(shown.map(({ key }) => key));
    expect(table.size).toBe(4);
    for (const row of ROWS.toReversed()) {
      const image = table.get(row.key);
      expect(image && bare(image)).toEqual(row.isRefused ? undefined : imageOf(row));
      expect(table.has(row.key)).toBe(!row.isRefused);
    }
    expect(table.get('b.png')).toBeUndefined();
  });

  it('remembers every file that its stamp vouches for, whether it is an image or not', () => {
    const table = tableOf(ROWS);
    table.hide(new Set(['a.png']));

    const remembered = ROWS.filter(({ isSettled }) => isSettled).map(({ key, file }) => [key, file]);
    expect([...table.remembered()]).toEqual(remembered);
  });

  it('hides images, and shows them again', () => {
    const table = tableOf(ROWS);

    table.hide(new Set(['a.png', 'c.png']));
    const hidden = [table.size, [...table.keys()], table.has('a.png'), table.get('c.png'), table.at(2)];
    table.hide(new Set());

    expect(hidden).toEqual([2, ['b.svg', 'é/link.png'], false, undefined, undefined]);
    expect(table.size).toBe(4);
  });

  it('holds more rows than one piece of memory does, under keys of every kind', () => {
    const keysOf = fc.uniqueArray(fc.string({ unit: 'grapheme', maxLength: 12 }), { maxLength: 50 });
    fc.assert(
      fc.property(keysOf, fc.constantFrom(0, 4095, 4096, 5000), (odd, many) => {
        const more = Array.from({ length: many }, (_, n) => `m${n}`);
        const keys = [...new Set([...odd, ...more])].sort(compareKeys);
        const table = tableOf(keys.map((key) => rowOf(key, { sizeBytes: key.length, isSettled: false })));

        expect([...table.keys()]).toEqual(keys);
        for (const key of odd) expect(table.get(key)?.sizeBytes).toBe(key.length);
        expect(table.size).toBe(keys.length);
      }),
      { numRuns: 10 },
    );
  });
});

describe('draftTable()', () => {
  it('gives back the former table when it holds the very same rows', () => {
    const former = tableOf(ROWS);

    expect(
      tableOf(
        ROWS.map((row) => ({ ...row, headers: { ...row.headers } })),
        former,
      ),
    ).toBe(former);
  });

  it.each<[what: string, change: (rows: TableRow[]) => TableRow[]]>([
    ['the last is gone', (rows) => rows.slice(0, -1)],
    ['the first is gone', (rows) => rows.slice(1)],
    ['all are gone', () => []],
    ['one came', (rows) => [...rows, rowOf('ü.png')]],
    ['a key changed', ([, ...rows]) => [rowOf('A.png'), ...rows]],
    [
      'a stamp changed',
      ([, ...rows]) => [rowOf('a.png', { file: { stamp: `07${'0'.repeat(14)}${'1'.repeat(64)}` } }), ...rows],
    ],
    ['a stamp no longer vouches', ([, ...rows]) => [rowOf('a.png', { isSettled: false }), ...rows]],
    ['bytes changed', ([, ...rows]) => [rowOf('a.png', { file: { sha256: hex('sha256', 'x') } }), ...rows]],
    ['a size changed that no stamp tells', (rows) => rows.with(2, rowOf('c.png', { isSettled: false, sizeBytes: 8 }))],
    ['headers changed', ([, ...rows]) => [rowOf('a.png', { headers: CACHED }), ...rows]],
    ['a link leads elsewhere', (rows) => rows.with(4, rowOf('é/link.png', { file: { behind: 'carries 1 byte' } }))],
    ['one is refused now', ([, ...rows]) => [rowOf('a.png', { isRefused: true }), ...rows]],
  ])('makes another table when %s, and leaves the former as it is', (_, change) => {
    const former = tableOf(ROWS);
    const before = [...former.values()];
    const rows = change(ROWS);

    const table = tableOf(rows, former);

    expect([...table.values()].map(bare)).toEqual(rows.filter(({ isRefused }) => !isRefused).map(imageOf));
    expect([...former.values()]).toEqual(before);
    expect(table).not.toBe(former);
  });

  it('takes nothing from a table of another folder', () => {
    const former = tableOf(ROWS);
    const rows = [rowOf('a.png', { path: '/others/a.png' })];

    expect([...tableOf(rows, former, '/others').values()].map(bare)).toEqual(rows.map(imageOf));
  });
});
