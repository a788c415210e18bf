import type { S3 } from '../aws/s3.js';
import type { FormerList, FoundManifest, Manifest } from './manifest.js';

/** What our list says of the prefix at hand, and of all that the mount had before. */
export function partLists(
  list: FoundManifest | undefined,
  prefix: string,
): { here: FoundManifest | undefined; elsewhere: readonly FormerList[] } {
  if (list === undefined) return { here: undefined, elsewhere: [] };
  const { former = [], ...rest } = list;
  const { complete, objects, gone } = rest;
  const links: readonly FormerList[] = [...former, { prefix: rest.prefix, complete, objects, ...(gone && { gone }) }];
  const elsewhere = links.filter((link) => link.prefix !== prefix);
  const here = links.filter((link) => link.prefix === prefix);
  if (here.length === 0) return { here: undefined, elsewhere };
  if (here.length === 1 && rest.prefix === prefix) return { here: rest, elsewhere };
  // A mount that was moved there and back may have sent some of it twice: which of the two is there, only a look tells.
  const merged = {
    complete: false,
    objects: Object.assign({}, ...here.map((link) => link.objects)) as Manifest['objects'],
    gone: here.flatMap((link) => link.gone ?? []),
  };
  return { here: { ...rest, ...merged, prefix }, elsewhere };
}

/** What a list names, with its ETags, that nobody replaced since, and what versions may be left of. */
export async function leftOf(s3: S3, bucket: string, list: FormerList): Promise<Map<string, string | undefined>> {
  const gone = (list.gone ?? []).map((key) => [list.prefix + key, undefined] as const);
  const listed = await s3.listObjects(bucket, list.prefix);
  const left = new Map<string, string | undefined>(gone);
  for (const { key, etag } of listed) {
    const entry = list.objects[key.slice(list.prefix.length)];
    if (entry === undefined) continue;
    // A promise names the digest of the bytes, which under KMS is not the ETag.
    const isOurs =
      entry.etag === etag || (!list.complete && (await s3.findObjectHeaders(bucket, key))?.sha256 !== undefined);
    if (isOurs) left.set(key, etag);
  }
  return left;
}
