import { at } from './at.ts';
import type { Bell } from './bell.ts';
import { NODES, nodes, weights } from './gauss-legendre.ts';
import { INVISIBLE, NOTHING } from './nats.ts';
import { GENTLE, panelWidth } from './panel-width.ts';

/** Which way is out: towards rate zero or towards rate one. */
export type Side = -1 | 1;

/**
 * The probability beyond distance u from the peak, on one side. If u lies on that side the bell is integrated from u outwards;
 * if not, the answer is the large one and the complement of the other tail.
 */
export function tailOf(bell: Bell, u: number, side: Side): number {
  return side * u >= 0 ? outwards(bell, u, side) : 1 - outwards(bell, u, side < 0 ? 1 : -1);
}

/** From u panel by panel until nothing is left to see. */
function outwards(bell: Bell, u: number, side: Side): number {
  const fallen = bell.cost(u);
  if (fallen > NOTHING + Math.log1p(bell.peak)) return 0;
  let mass = 0;
  let y = u;
  while (bell.cost(y) < fallen + INVISIBLE) {
    const width = panelWidth(bell.slope(y), bell.bend(y), side * (bell.centre + y), GENTLE);
    let sum = 0;
    for (let m = 0; m < NODES; m += 1)
      sum += at(weights, m) * bell.density(y + (side * width * (1 + at(nodes, m))) / 2);
    mass += (width / 2) * sum;
    y += side * width;
  }
  return mass;
}
