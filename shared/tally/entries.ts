import type { Sequence } from '../experiment/sequence.ts';
import type { Where } from './counts.ts';
import { parseCellKey, type Tally } from './tally.ts';

/** Who entered on one day, and how many of them took any step at all. */
export type Entries = { readonly day: number; readonly visitors: number; readonly active: number };

/** The entries of a sequence by day, all variants together, oldest first. */
export function entriesOf(tally: Tally, sequence: Sequence, where: Where = () => true): Entries[] {
  const days = new Map<number, Entries>();
  for (const [key, counters] of tally) {
    const cell = parseCellKey(key);
    if (cell.sequence !== sequence.version || !where(cell)) continue;
    const { visitors, active } = days.get(cell.day) ?? { visitors: 0, active: 0 };
    const entered = counters.n ?? 0;
    days.set(cell.day, {
      day: cell.day,
      visitors: visitors + entered,
      active: active + entered - (counters.f0 ?? 0),
    });
  }
  return [...days.values()].sort((a, b) => a.day - b.day);
}
