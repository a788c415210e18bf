import { compareKeys } from '../files/compare-keys.js';
import type { ManifestEntry, Named } from './manifest.js';
import type { ObjectsHave, ObjectsWant, Work } from './objects-work.js';
import type { Row } from './rows.js';
import type { SentImages } from './sent-images.js';

/** How far an upload has come. */
export interface Sent {
  readonly work: Pick<Work, 'put' | 'headers'>;
  /** What is there now of images that were sent. */
  readonly sent: SentImages;
  readonly removed: ReadonlySet<string>;
}

/** What our list names besides the images of the folder, in order: it is still there, and still ours. */
export function keptRows({ folder }: Pick<ObjectsWant, 'folder'>, have: Pick<ObjectsHave, 'rows' | 'list'>): Row[] {
  return [...have.rows.values()].filter(({ key, there, entry, headers }) => {
    if (folder.images.has(key) || entry === undefined) return false;
    if (headers !== undefined && headers.sha256 === undefined) return false;
    // Another machine may be about to keep a promise: only the next run but one is sure that nobody did.
    return there !== undefined || (entry.promised === true && have.list?.complete === false);
  });
}

/** What our list names from now on: what is there, and as promises what is about to be sent. In the order of the keys' bytes. */
export function* entriesAfter(
  want: Pick<ObjectsWant, 'folder'>,
  have: Pick<ObjectsHave, 'rows' | 'list' | 'etags'>,
  { work, sent, removed }: Sent,
): Generator<Named> {
  const others = keptRows(want, have).filter(({ key }) => !removed.has(key));
  let at = 0;
  function* othersBefore(key: string | undefined): Generator<Named> {
    for (let row = others[at]; row !== undefined; row = others[++at]) {
      if (key !== undefined && compareKeys(row.key, key) > 0) return;
      if (row.entry !== undefined) yield [row.key, entryNow(row.entry, row)];
    }
  }
  for (const image of want.folder.images.values()) {
    const { number, key, sha256, sizeBytes, contentType, headers } = image;
    yield* othersBefore(key);
    const now = sent.of(image);
    if (now !== undefined) yield [key, now];
    else if (work.put.has(number) || work.headers.has(number))
      yield [key, { etag: '', sha256, sizeBytes, contentType, headers, promised: true }];
    else {
      const etag = have.rows.get(key)?.there?.etag ?? have.etags.at(number);
      yield [key, { etag, sha256, sizeBytes, contentType, headers }];
    }
  }
  yield* othersBefore(undefined);
}

/** An entry that is kept, with headers as a look found them: the new list is later than their change, so no run would look again. */
function entryNow({ sent: _, ...entry }: ManifestEntry, { headers: found }: Row): ManifestEntry {
  return found === undefined ? entry : { ...entry, contentType: found.contentType, headers: found.headers };
}

/** The keys, once what is planned is done, of which versions of ours may be left; only where the bucket is not ours. */
export function goneAfter(
  { folder }: Pick<ObjectsWant, 'folder'>,
  have: ObjectsHave,
  isOurBucket: boolean,
): Set<string> {
  const gone = new Set(have.list?.gone.filter((key) => !folder.images.has(key)));
  if (isOurBucket) return gone;
  for (const { key, there, entry } of have.rows.values())
    if (entry !== undefined && there === undefined && !folder.images.has(key)) gone.add(key);
  return gone;
}
