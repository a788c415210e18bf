import type { ApplyResult } from '../model/result.js';

/** Says for how long visitors may see what an upload replaced or removed; undefined where no cache keeps it, or it was expired. `ttlSeconds` is that of the cache, `flush` the command that empties it. */
export function describeStale(
  { steps, invalidated }: Pick<ApplyResult, 'steps' | 'invalidated'>,
  ttlSeconds: number | undefined,
  flush: string,
): string | undefined {
  if (ttlSeconds === undefined || invalidated !== undefined) return undefined;
  const changes = steps.filter(({ address }) => address.startsWith('objects/')).flatMap((step) => step.changes);
  const isReplaced = changes.some(({ path, from }) => /^(headers|remove) /.test(path) || (/^put /.test(path) && from));
  if (!isReplaced) return undefined;
  // A later --invalidate does not know any more what this upload changed.
  return `Visitors may see the old ones for up to ${ttlSeconds} s: ${flush} expires them now, --invalidate the next time.`;
}
