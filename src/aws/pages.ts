/** One page of a listing. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins; undefined on the last one. */
  readonly next: string | undefined;
}

/** All items of a listing, page after page. */
export async function drain<T>(read: (from: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  let from: string | undefined;
  do {
    const page = await read(from);
    all.push(...page.items);
    from = page.next;
  } while (from !== undefined);
  return all;
}
