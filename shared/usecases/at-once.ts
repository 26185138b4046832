/**
 * Works through a queue with so many at a time, and gives back what came of each in its place. One that fails fails the whole; what
 * is under way is not waited for then.
 */
export async function atOnce<T, R>(
  most: number,
  queue: readonly T[],
  work: (item: T, place: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(queue.length);
  const waiting = queue.entries();
  const worker = async () => {
    for (const [place, item] of waiting) results[place] = await work(item, place);
  };
  await Promise.all(Array.from({ length: most }, worker));
  return results;
}
