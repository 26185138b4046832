import type { LayerSlice } from '../experiment/layer.ts';
import { LINE, pointAt } from './line.ts';

type Slice = Pick<LayerSlice, 'from' | 'until'>;

/**
 * True when a visitor could lie in both. Compared as points of the line, where decisions are made: `0.1 + 0.2` and `0.3` are two
 * numbers and one point.
 */
export const overlaps = (a: Slice, b: Slice): boolean =>
  Math.max(pointAt(a.from), pointAt(b.from)) < Math.min(pointAt(a.until), pointAt(b.until));

/**
 * What some slices leave of a layer, in order.
 * @example freeSlices([{ from: 0.2, until: 0.5 }]) // [{ from: 0, until: 0.2 }, { from: 0.5, until: 1 }]
 */
export function freeSlices(taken: readonly Slice[]): Slice[] {
  const free: Slice[] = [];
  let from = 0;
  for (const slice of [...taken].sort((a, b) => a.from - b.from)) {
    if (pointAt(from) < pointAt(slice.from)) free.push({ from, until: slice.from });
    from = Math.max(from, slice.until);
  }
  if (pointAt(from) < LINE) free.push({ from, until: 1 });
  return free;
}
