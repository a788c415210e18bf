/**
 * Works through a list with a bounded number at once, and hands on the results in the order of the list.
 *
 * The first failure ends it: what has begun is finished, nothing more is begun, and the failure leaves.
 */
export async function runInOrder<Item, Result>(
  items: readonly Item[],
  width: number,
  run: (item: Item) => Promise<Result>,
  onResult: (result: Result) => void,
): Promise<void> {
  const queue = items.entries();
  const finished = new Map<number, { readonly result: Result }>();
  let told = 0;
  let broken = false;
  const worker = async () => {
    for (const [index, item] of queue) {
      if (broken) return;
      try {
        finished.set(index, { result: await run(item) });
      } catch (error) {
        broken = true;
        throw error;
      }
      for (let due = finished.get(told); due !== undefined; due = finished.get(told)) {
        finished.delete(told++);
        onResult(due.result);
      }
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: Math.max(1, width) }, worker));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
