import { at } from './at.ts';
import type { Curve } from './curve.ts';
import { NODES, nodes, runUp, weights } from './gauss-legendre.ts';
import { panelWidth, WIDEST } from './panel-width.ts';

/** Nats below which a contribution cannot be seen beside the peak: exp(-38) is a tenth of the last bit. */
export const INVISIBLE = 38;

/** Nats below which even a tail reported for itself is zero: exp(-745) is the smallest positive double. */
const NOTHING = 745;

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
  const depth = INVISIBLE + deepestMeeting(curves);
  const lowest = Math.min(...curves.map((curve) => curve.heart));
  const highest = Math.max(...curves.map((curve) => curve.heart));
  const reaches = curves.map((curve) => {
    const own = INVISIBLE + curve.cost(curve.heart);
    // A side that faces no other curve meets none: only its own mass matters there.
    return {
      from: edge(curve, -1, curve.heart > lowest ? Math.max(own, depth) : own),
      until: edge(curve, 1, curve.heart < highest ? Math.max(own, depth) : own),
    };
  });
  const edges = walk(curves, reaches);
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

/**
 * How far down, in nats, two curves meet: the least cost of the lower-lying one being above the higher one. Probabilities of
 * that size are what the caller will ask about, so every curve must be followed that far and then INVISIBLE more.
 */
function deepestMeeting(curves: readonly Curve[]): number {
  let deepest = 0;
  for (const low of curves) {
    const higher = curves.filter((curve) => curve.heart > low.heart);
    if (higher.length > 1) deepest = deeper(deepest, meeting(low, higher));
    for (const high of higher) deepest = deeper(deepest, meeting(low, [high]));
    if (higher.length === 0) deepest = deeper(deepest, low.cost(low.heart));
  }
  return deepest;
}

const deeper = (deepest: number, cost: number): number => (cost <= NOTHING ? Math.max(deepest, cost) : deepest);

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
function walk(curves: readonly Curve[], reaches: readonly Reach[]): Float64Array {
  const edges: number[] = [];
  let y = Math.min(...reaches.map(({ from }) => from));
  for (;;) {
    let steepest = 0;
    let bend = 0;
    let arrival = Infinity;
    let present = false;
    for (let i = 0; i < curves.length; i += 1) {
      const { from, until } = reaches[i] as Reach;
      if (from > y) arrival = Math.min(arrival, from);
      else if (until > y) {
        const curve = curves[i] as Curve;
        present = true;
        steepest = Math.max(steepest, Math.abs(curve.slope(y)));
        bend += curve.bend(y);
      }
    }
    if (present) {
      const next = Math.min(y + panelWidth(steepest, bend, y), arrival);
      edges.push(y, next);
      y = next;
    } else if (arrival < Infinity) y = arrival;
    else return Float64Array.from(edges);
  }
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
      for (let node = start; node < start + NODES; node += 1) density[node] = curve.density(at(positions, node));
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
