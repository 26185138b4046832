import type { Experiments, Journeys } from './ports.ts';

/**
 * Erases all journeys of a visitor, under whichever of their ids, and says in how many experiments there was one. What was
 * counted stays counted, without a name: the stream adds the worth of what is gone to the ledger of the erased.
 */
export async function eraseVisitor(
  { experiments, journeys }: { readonly experiments: Experiments; readonly journeys: Journeys },
  visitor: string,
): Promise<string[]> {
  const erased: string[] = [];
  for (const { id, status } of await experiments.list()) {
    if (status === 'draft') continue;
    const counted = await journeys.find(id, visitor);
    // The id that was asked for goes last: should this be cut off, it still leads to the others when it is asked for again.
    const ids = new Set([...(counted?.mergedFrom ?? []), ...(counted ? [counted.visitor] : [])]);
    ids.delete(visitor);
    let found = false;
    for (const each of [...ids, visitor]) found = (await journeys.erase(id, each)) || found;
    if (found) erased.push(id);
  }
  return erased;
}
