import type { S3 } from '../aws/s3.js';
import { compareKeys } from '../files/compare-keys.js';
import type { Manifest, ManifestEntry, SentList } from './manifest.js';

/** What was sent below the prefix at hand. */
export interface ListHere extends Omit<SentList, 'prefix'> {
  /** Whether the last run that wrote it came to its end. */
  readonly complete: boolean;
}

/** What a list says of the prefix at hand, and of all that the mount had before. */
export function partLists(
  { former, prefix: last, complete, objects, gone }: Omit<Manifest, 'token'>,
  prefix: string,
): { here: ListHere | undefined; elsewhere: readonly SentList[] } {
  const links: readonly SentList[] = [...former, { prefix: last, objects, gone }];
  const elsewhere = links.filter((link) => link.prefix !== prefix);
  const here = links.filter((link) => link.prefix === prefix);
  if (here.length === 0) return { here: undefined, elsewhere };
  if (here.length === 1 && last === prefix) return { here: { complete, objects, gone }, elsewhere };
  // A mount that was moved there and back may have sent some of it twice: which of the two is there, only a look tells.
  const unsure = here
    .flatMap((link) => [...link.objects])
    .map(([key, entry]): [string, ManifestEntry] => [key, { ...entry, promised: true }]);
  const merged = [...new Map(unsure)].sort(([a], [b]) => compareKeys(a, b));
  return { here: { complete: false, objects: new Map(merged), gone: here.flatMap((link) => link.gone) }, elsewhere };
}

/** What a list names, with its ETags, that nobody replaced since, and what versions may be left of. */
export async function leftOf(s3: S3, bucket: string, list: SentList): Promise<Map<string, string | undefined>> {
  const left = new Map<string, string | undefined>(list.gone.map((key) => [list.prefix + key, undefined]));
  for await (const page of s3.listObjectPages(bucket, list.prefix)) {
    for (const { key, etag } of page) {
      const entry = list.objects.get(key.slice(list.prefix.length));
      if (entry === undefined) continue;
      // A promise names the digest of the bytes, which under KMS is not the ETag.
      const isOurs =
        entry.etag === etag ||
        (entry.promised === true && (await s3.findObjectHeaders(bucket, key))?.sha256 !== undefined);
      if (isOurs) left.set(key, etag);
    }
  }
  return left;
}
