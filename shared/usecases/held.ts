import type { Clock } from './ports.ts';

/** Names nobody defined must not fill the memory: anyone can ask for any. */
const ROOM = 5_000;

/**
 * What a store has, kept in memory for `maxAgeMs`, the stated delay of every change. One load at a time per name; a failed
 * load is not kept. Where a load fails and an older copy is there, the older copy serves: a visitor is worth more than
 * the newest revision.
 */
export function held<T>(
  load: (name: string) => Promise<T>,
  clock: Clock,
  maxAgeMs: number,
): (name: string) => Promise<T> {
  const copies = new Map<string, { readonly at: number; readonly copy: Promise<T> }>();
  return async (name) => {
    const known = copies.get(name);
    if (known && clock() - known.at < maxAgeMs) return known.copy;
    const copy = load(name).catch((error: unknown) => {
      if (copies.get(name)?.copy !== copy) throw error;
      // The older copy goes back to where it was, as old as it is: the next request asks the store again.
      if (known) copies.set(name, known);
      else copies.delete(name);
      if (known) return known.copy;
      throw error;
    });
    if (copies.size > ROOM) copies.clear();
    copies.set(name, { at: clock(), copy });
    return copy;
  };
}
