import { at } from './at.ts';
import type { Curve } from './curve.ts';
import { NODES, nodes, runUp, weights } from './gauss-legendre.ts';
import { INVISIBLE, NOTHING } from './nats.ts';
import { FAITHFUL, GENTLE, panelWidth, WIDEST } from './panel-width.ts';

/** How one curve runs over the nodes of all panels: its density, and the probability below and above each node. */
export interface Strand {
  readonly density: Float64Array;
  readonly below: Float64Array;
  readonly above: Float64Array;
}

/** Several curves on one common set of quadrature nodes: an integral of any product of them is one weighted sum. */
export interface Panels {
  /** The panels' ends, two by two; sixteen nodes lie in each. */
  readonly edges: Float64Array;
  readonly positions: Float64Array;
  readonly weights: Float64Array;
  readonly strands: readonly Strand[];
}

/** The stretch of the line outside which a curve has nothing to say: below it no probability, above it no more. */
interface Reach {
  readonly from: number;
  readonly until: number;
}

/**
 * Lays panels under the curves, fine where they bend or climb, absent where nothing happens, and integrates each curve from
 * both ends. Probabilities below are summed from the left and those above from the right, never one as the complement of
 * the other, so the tails where two well separated arms meet keep all their digits down to 1e-300.
 */
export function panelsUnder(curves: readonly Curve[]): Panels {
  const depths = depthsOf(curves);
  const reaches = curves.map((curve, i): Reach => {
    const { left, right } = depths[i] as Depth;
    return { from: edge(curve, -1, left + INVISIBLE), until: edge(curve, 1, right + INVISIBLE) };
  });
  const edges = walk(curves, reaches, depths);
  const count = (edges.length / 2) * NODES;
  const positions = new Float64Array(count);
  const share = new Float64Array(count);
  for (let panel = 0; panel < edges.length / 2; panel += 1) {
    const half = (at(edges, 2 * panel + 1) - at(edges, 2 * panel)) / 2;
    const middle = at(edges, 2 * panel) + half;
    for (let m = 0; m < NODES; m += 1) {
      positions[panel * NODES + m] = middle + half * at(nodes, m);
      share[panel * NODES + m] = half * at(weights, m);
    }
  }
  const strands = curves.map((curve, i) => strandOf(curve, reaches[i] as Reach, edges, positions));
  return { edges, positions, weights: share, strands };
}

/** How many nats down a curve is of interest for itself, on either side of its heart. */
interface Depth {
  left: number;
  right: number;
}

/**
 * A curve is of interest as far down as it meets others: to the least joint cost of its lying above higher curves, or of lower
 * ones lying above it. Probabilities of that size are what the caller will ask about.
 */
function depthsOf(curves: readonly Curve[]): Depth[] {
  const depths = curves.map((curve): Depth => {
    const own = curve.cost(curve.heart);
    return { left: own, right: own };
  });
  for (const [i, low] of curves.entries()) {
    const higher = [...curves.keys()].filter((j) => (curves[j] as Curve).heart > low.heart);
    const groups = higher.length > 1 ? [higher, ...higher.map((j) => [j])] : [higher];
    for (const group of groups) {
      const cost =
        group.length > 0
          ? meeting(
              low,
              group.map((j) => curves[j] as Curve),
            )
          : 0;
      if (cost > NOTHING) continue;
      deepen(depths[i] as Depth, 'right', cost);
      for (const j of group) deepen(depths[j] as Depth, 'left', cost);
    }
  }
  return depths;
}

function deepen(depth: Depth, side: keyof Depth, cost: number): void {
  depth[side] = Math.max(depth[side], cost);
}

/** The least joint cost over y of `low` being at y and all of `higher` below y; the joint cost is convex, so bisect its slope. */
function meeting(low: Curve, higher: readonly Curve[]): number {
  let from = low.heart;
  let until = Math.max(...higher.map((curve) => curve.heart));
  for (let round = 0; round < 20; round += 1) {
    const y = (from + until) / 2;
    let slope = low.slope(y);
    for (const curve of higher) if (y < curve.heart) slope += curve.slope(y);
    if (slope < 0) from = y;
    else until = y;
  }
  let cost = low.cost(until);
  for (const curve of higher) cost += curve.cost(Math.min(until, curve.heart));
  return cost;
}

/** Where, on one side of its heart, a curve has fallen by `depth` nats; within a few per cent and on the outer side. */
function edge(curve: Curve, side: 1 | -1, depth: number): number {
  const { heart } = curve;
  let inner = 0;
  let outer = Math.min(Math.sqrt((2 * depth) / curve.bend(heart)), WIDEST);
  while (curve.cost(heart + side * outer) < depth) {
    inner = outer;
    outer *= 2;
  }
  for (let round = 0; round < 5; round += 1) {
    const middle = (inner + outer) / 2;
    if (curve.cost(heart + side * middle) < depth) inner = middle;
    else outer = middle;
  }
  return heart + side * outer;
}

/** Walks the line from left to right and returns the panels' ends, two by two. Stretches that no curve reaches are skipped. */
function walk(curves: readonly Curve[], reaches: readonly Reach[], depths: readonly Depth[]): Float64Array {
  const edges: number[] = [];
  let y = Math.min(...reaches.map(({ from }) => from));
  for (;;) {
    let next = Infinity;
    let bend = 0;
    let arrival = Infinity;
    for (let i = 0; i < curves.length; i += 1) {
      const { from, until } = reaches[i] as Reach;
      if (from > y) arrival = Math.min(arrival, from);
      else if (until > y) {
        const curve = curves[i] as Curve;
        bend += curve.bend(y);
        next = Math.min(next, y + panelWidth(curve.slope(y), bend, y, climbOf(curve, y, depths[i] as Depth)));
      }
    }
    if (next < Infinity) {
      next = Math.min(next, arrival);
      edges.push(y, next);
      y = next;
    } else if (arrival < Infinity) y = arrival;
    else return Float64Array.from(edges);
  }
}

/** Beyond the depth that is of interest for itself, a panel's low end matters the less the further down it is. */
function climbOf(curve: Curve, y: number, { left, right }: Depth): number {
  const cost = curve.cost(y);
  if (y < curve.heart) return Math.min(Math.max(FAITHFUL, FAITHFUL + cost - left), GENTLE);
  return cost + FAITHFUL > right ? GENTLE : FAITHFUL;
}

function strandOf(curve: Curve, { from, until }: Reach, edges: Float64Array, positions: Float64Array): Strand {
  const count = positions.length;
  const density = new Float64Array(count);
  const below = new Float64Array(count);
  const above = new Float64Array(count);
  const masses = new Float64Array(count / NODES);
  let sum = curve.before;
  for (let panel = 0; panel < masses.length; panel += 1) {
    const start = panel * NODES;
    const left = at(edges, 2 * panel);
    if (from <= left && left < until) {
      curve.fill(positions, density, start);
      masses[panel] = runUp(density, below, above, start, (at(edges, 2 * panel + 1) - left) / 2);
    }
    for (let node = start; node < start + NODES; node += 1) below[node] = sum + at(below, node);
    sum += at(masses, panel);
  }
  sum = curve.after;
  for (let panel = masses.length - 1; panel >= 0; panel -= 1) {
    const start = panel * NODES;
    for (let node = start; node < start + NODES; node += 1) above[node] = sum + at(above, node);
    sum += at(masses, panel);
  }
  return { density, below, above };
}
