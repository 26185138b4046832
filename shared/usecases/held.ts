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
      // The older copy is held as if it were new: in an outage not every request may wait for the store to fail again.
      if (copies.get(name)?.copy === copy)
        if (known) copies.set(name, { at: clock(), copy: known.copy });
        else copies.delete(name);
      if (known) return known.copy;
      throw error;
    });
    if (copies.size > ROOM) copies.clear();
    copies.set(name, { at: clock(), copy });
    return copy;
  };
}
