/**
 * Does some work on each thing that comes, on up to `width` of them at once, and answers in the order in which they came.
 *
 * Nothing is taken from the source before it is needed to keep that many under way.
 */
export async function* lookAhead<T, R>(
  source: AsyncIterable<T>,
  width: number,
  work: (thing: T) => Promise<R>,
): AsyncGenerator<R> {
  const underWay: Promise<R>[] = [];
  for await (const thing of source) {
    const next = underWay.length < width ? undefined : underWay.shift();
    if (next !== undefined) yield await next;
    const begun = work(thing);
    // A failure is met in its turn; until then it has a listener, so that it does not count as unheard.
    begun.catch(() => undefined);
    underWay.push(begun);
  }
  for (const next of underWay) yield await next;
}
