import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ListedObjects, liftObjects } from '../../src/aws/listed-objects.js';

const TIME = '2026-11-23T10:20:30.000Z';
const HEAD =
  '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">';
const REST = '<Name>b</Name><KeyCount>2</KeyCount><IsTruncated>false</IsTruncated>';

interface Wanted {
  readonly key: string;
  readonly etag: string;
  readonly sizeBytes: number;
}

/** The five characters that XML keeps for itself, and those that it does not let stand. */
function escapeXml(text: string): string {
  return text.replace(
    /[&<>"'\u0000-\u001f]/g,
    (mark) => `&#${mark === '&' ? 38 : `x${mark.charCodeAt(0).toString(16)}`};`,
  );
}

function contentsOf({ key, etag, sizeBytes }: Wanted): string {
  return `<Contents><Key>${escapeXml(key)}</Key><LastModified>${TIME}</LastModified><ETag>&quot;${etag}&quot;</ETag><Size>${sizeBytes}</Size><Owner><ID>75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a</ID></Owner><StorageClass>STANDARD</StorageClass></Contents>`;
}

function lift(xml: string) {
  const apart = liftObjects(Buffer.from(xml));
  return apart === undefined ? undefined : { objects: [...apart.objects], rest: apart.rest.toString() };
}

describe('liftObjects()', () => {
  const object = fc.record({
    key: fc.oneof(fc.string({ minLength: 1 }), fc.string({ unit: 'binary', minLength: 1 })),
    etag: fc.stringMatching(/^[0-9a-f]{32}(-[1-9])?$/),
    sizeBytes: fc.nat(),
  });

  test('liftObjects() gives every object as it was written, whatever its key, and leaves the rest', () => {
    fc.assert(
      fc.property(fc.array(object, { maxLength: 400 }), (wanted) => {
        const xml = `${HEAD}${REST}${wanted.map(contentsOf).join('')}<Prefix/></ListBucketResult>`;

        const { objects, rest } = lift(xml) ?? {};

        expect(objects).toEqual(wanted.map((is) => ({ ...is, modifiedMs: Date.parse(TIME) })));
        expect(rest).toBe(`${HEAD}${REST}<Prefix/></ListBucketResult>`);
      }),
      { numRuns: 100 },
    );
  });

  test.each([
    ['&amp;&lt;&gt;&quot;&apos;', '&<>"\''],
    ['&#38;amp;', '&amp;'],
    ['a&#x1f600;b&#128512;', 'a😀b😀'],
    ['&#13;&#xD;&#10;', '\r\r\n'],
    ['&nbsp; & &#xfffffff;', '&nbsp; & &#xfffffff;'],
    [' two  blanks ', ' two  blanks '],
  ])('liftObjects() reads the key %s as %j', (written, key) => {
    const xml = `${HEAD}<Contents><Key>${written}</Key></Contents></ListBucketResult>`;

    expect(lift(xml)?.objects).toEqual([{ key, etag: '', sizeBytes: 0, modifiedMs: 0 }]);
  });

  test('liftObjects() names a storage class that is not the usual one', () => {
    const xml = `${HEAD}<Contents><Key>a</Key><StorageClass>GLACIER</StorageClass></Contents></ListBucketResult>`;

    expect(lift(xml)?.objects).toMatchObject([{ key: 'a', storageClass: 'GLACIER' }]);
  });

  test.each([
    ['an empty answer', ''],
    ['a page of a proxy', '<html><body>busy</body></html>'],
    [
      'an answer cut off within an object',
      `${HEAD}${contentsOf({ key: 'a', etag: 'e', sizeBytes: 1 })}<Contents><Key>b`,
    ],
    ['an answer cut off behind an object', `${HEAD}${contentsOf({ key: 'a', etag: 'e', sizeBytes: 1 })}`],
    ['an answer whose only object is cut off', `${HEAD}<Contents><Key>b`],
    ['an answer cut off before the objects', `${HEAD}${REST}`],
  ])('liftObjects() leaves %s to whoever complains of it', (_, xml) => {
    expect(lift(xml)).toBeUndefined();
  });
});

describe('ListedObjects', () => {
  const keys = Array.from({ length: 1000 }, (_, n) => `folder/image-${`${n}`.padStart(4, '0')}é.png`);
  const all = new ListedObjects(Buffer.from(keys.map((key) => contentsOf({ key, etag: 'e', sizeBytes: 1 })).join('')));
  const keysOf = (objects: Iterable<{ key: string }>) => Array.from(objects, ({ key }) => key);

  test('ListedObjects tells the last one, and gives all of them as often as asked', () => {
    expect(all.last?.key).toBe(keys.at(-1));
    expect(keysOf(all)).toEqual(keys);
    expect(keysOf(all)).toEqual(keys);
  });

  test.each([0, 1, 500, 999, 1000])('until() gives the %s before the first beyond', (count) => {
    const some = all.until((key) => key >= (keys[count] ?? '~'));

    expect(keysOf(some)).toEqual(keys.slice(0, count));
    expect(some.isEmpty).toBe(count === 0);
    expect(some.last?.key).toBe(keys[count - 1]);
  });
});
