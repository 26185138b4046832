import * as Plot from '@observablehq/plot';
import type { Room } from './svg.ts';

/** The end of a line, and the name that stands there. */
export type LineEnd = {
  readonly x: number | Date;
  /** On the plot's scale. */
  readonly y: number;
  readonly name: string;
  readonly fill: string;
  /** What is asked for is no variant, and lighter. */
  readonly quiet?: boolean;
};

/** Pixels from one name to the next. */
const LINE = 16;

/** The names at the ends of lines, moved apart where two would lie on each other. A narrow plot has none: it has a key. */
export function lineEnds(
  ends: readonly LineEnd[],
  { room, domain: [low, high], pixels }: { room: Room; domain: readonly [number, number]; pixels: number },
): Plot.Markish[] {
  if (room === 'narrow') return [];
  const place = (y: number) => ((high - y) / (high - low)) * pixels;
  return apart(
    ends.map((end) => ({ end, wanted: place(end.y) })),
    pixels,
  ).map(({ end, wanted, placed }) =>
    Plot.text([end], {
      x: 'x',
      y: 'y',
      text: 'name',
      dx: 9,
      dy: placed - wanted,
      textAnchor: 'start',
      lineWidth: 9,
      textOverflow: 'ellipsis-end',
      fill: end.fill,
      fontWeight: end.quiet ? 400 : 600,
    }),
  );
}

/** Down from the top, each at least a line below the one before; and up again from the foot, where that was too far. */
function apart<T extends { readonly wanted: number }>(names: readonly T[], foot: number): (T & { placed: number })[] {
  const placed = [...names].sort((a, b) => a.wanted - b.wanted).map((name) => ({ ...name, placed: name.wanted }));
  placed.forEach((name, i) => {
    name.placed = Math.max(name.wanted, (placed[i - 1]?.placed ?? -Infinity) + LINE);
  });
  for (let i = placed.length - 1, limit = foot; i >= 0; i -= 1, limit -= LINE) {
    const name = placed[i];
    if (name && name.placed > limit) name.placed = limit;
  }
  return placed;
}
