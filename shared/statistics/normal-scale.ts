import { normalQuantile } from './jstat.ts';
import type { Split } from './split.ts';

/** A point of a distribution: where it is, its place on the normal scale, and how far one moves for a unit of that scale. */
interface Mark {
  readonly x: number;
  readonly z: number;
  readonly perUnit: number;
}

/**
 * A mark with an error below this, or two whose errors multiply to less, tell the point sought to 1e-11 of a standard deviation.
 */
const NEAR_ENOUGH = 1e-5;

/**
 * The point that a distribution puts z standard normal units from its median: the quantile of Φ(z).
 *
 * On the scale of Φ⁻¹(P(below x)) a normal distribution is a straight line and a posterior nearly one; `guess` says roughly
 * where on that scale x lies. A first cut there is corrected along the guess, later ones along the cubic through the last two:
 * one to three cuts where the probability itself, being S-shaped, would need ten. A bracket that only shrinks keeps it safe.
 */
export function pointAt(
  z: number,
  cut: (x: number) => Split,
  guess: (z: number) => number,
  bounds: readonly [number, number],
): number {
  let [low, high] = bounds;
  const start = guess(z);
  let x = start > low && start < high ? start : (low + high) / 2;
  let previous: Mark | undefined;
  for (let round = 0; round < 100; round += 1) {
    const mark = markOf(x, cut(x));
    if (mark.z < z) low = x;
    else high = x;
    const next = previous ? between(previous, mark, z) : along(guess, mark, z);
    const miss = previous ? (mark.z - z) * (previous.z - z) : mark.z - z;
    if (Math.abs(miss) < NEAR_ENOUGH) return next;
    const inside = next > low && next < high;
    previous = inside ? mark : undefined;
    x = inside ? next : (low + high) / 2;
    if (x === low || x === high) return x;
  }
  return x;
}

/** From a mark to z: straight by its own slope, bent as the guess is bent. */
function along(guess: (z: number) => number, mark: Mark, z: number): number {
  const gap = z - mark.z;
  if (Math.abs(gap) > 0.1) return mark.x + gap * mark.perUnit;
  const bend = guess(mark.z + 1) - 2 * guess(mark.z) + guess(mark.z - 1);
  return mark.x + gap * (mark.perUnit + (gap * bend) / 2);
}

function markOf(x: number, { below, above, density }: Split): Mark {
  const z = below < above ? normalQuantile(Math.max(below, 1e-300)) : -normalQuantile(Math.max(above, 1e-300));
  return { x, z, perUnit: Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI) / density };
}

/** The cubic through two marks with their slopes, at z. */
function between(a: Mark, b: Mark, z: number): number {
  const span = b.z - a.z;
  const t = (z - a.z) / span;
  const s = 1 - t;
  return s * s * ((1 + 2 * t) * a.x + t * span * a.perUnit) + t * t * ((3 - 2 * t) * b.x - s * span * b.perUnit);
}
