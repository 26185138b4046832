import type { Experiments, Journeys } from './ports.ts';

/**
 * Erases all journeys of a visitor, and says in how many experiments there was one. What was counted stays counted,
 * without a name: the stream adds the worth of what is gone to the ledger of the erased.
 */
export async function eraseVisitor(
  { experiments, journeys }: { readonly experiments: Experiments; readonly journeys: Journeys },
  visitor: string,
): Promise<string[]> {
  const erased: string[] = [];
  for (const { id, status } of await experiments.list()) {
    if (status === 'draft' || (await journeys.find(id, visitor)) === undefined) continue;
    await journeys.erase(id, visitor);
    erased.push(id);
  }
  return erased;
}
