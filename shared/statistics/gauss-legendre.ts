import { at } from './at.ts';

/**
 * Sixteen Gauss-Legendre nodes on [-1, 1], and what can be asked of a function known only there.
 *
 * Exact for polynomials up to degree 31. A bell two standard deviations wide is integrated to 1e-20, so panels can be few.
 * Computed once from the recurrence of the Legendre polynomials, because a table of 288 constants cannot be proofread.
 * @see https://dlmf.nist.gov/3.5#v
 */

/** Nodes to a panel. */
export const NODES = 16;

/** P_0(x) … P_degree(x), by (k + 1) P_{k+1} = (2k + 1) x P_k - k P_{k-1}. */
function legendre(x: number, degree: number): number[] {
  const values = [1, x];
  let [previous, current] = [1, x];
  for (let k = 1; k < degree; k += 1) {
    [previous, current] = [current, ((2 * k + 1) * x * current - k * previous) / (k + 1)];
    values.push(current);
  }
  return values;
}

function slopeAt(x: number): number {
  const values = legendre(x, NODES);
  return (NODES * ((values[NODES - 1] as number) - x * (values[NODES] as number))) / (1 - x * x);
}

function root(index: number): number {
  let x = -Math.cos((Math.PI * (index + 0.75)) / (NODES + 0.5));
  for (let round = 0; round < 5; round += 1) x -= (legendre(x, NODES)[NODES] as number) / slopeAt(x);
  return x;
}

/** The zeros of P_16, ascending and exactly antisymmetric. */
export const nodes: Float64Array = Float64Array.from({ length: NODES }, (_, i) =>
  i < NODES / 2 ? root(i) : -root(NODES - 1 - i),
);

/** ∫ f ≈ Σ weights[m] · f(nodes[m]). */
export const weights: Float64Array = nodes.map((x) => 2 / ((1 - x * x) * slopeAt(x) ** 2));

/**
 * Integrates the sixteen values that start at `start` from either end of their panel to each node: `below` from the left,
 * `above` from the right. Returns the whole integral. `half` is half the panel's width.
 *
 * Both run over the polynomial through the sixteen values. Split into its even and its odd part about the middle, eight rows
 * of sixteen products give all thirty-two integrals, and each small one is a sum of its own, not the rest of the whole.
 */
export function runUp(
  values: Float64Array,
  below: Float64Array,
  above: Float64Array,
  start: number,
  half: number,
): number {
  const last = start + NODES - 1;
  let whole = 0;
  for (let m = 0; m < HALF; m += 1) {
    const left = at(values, start + m);
    const right = at(values, last - m);
    evens[m] = left + right;
    odds[m] = left - right;
    whole += at(weights, m) * (left + right);
  }
  for (let i = 0; i < HALF; i += 1) {
    let even = 0;
    let odd = 0;
    for (let m = 0; m < HALF; m += 1) {
      even += at(evenRows, HALF * i + m) * at(evens, m);
      odd += at(oddRows, HALF * i + m) * at(odds, m);
    }
    below[start + i] = half * (even + odd);
    above[start + i] = half * (whole - even - odd);
    below[last - i] = half * (whole - even + odd);
    above[last - i] = half * (even - odd);
  }
  return half * whole;
}

const HALF = NODES / 2;

/** The values' even and odd parts while one panel is worked on; nothing in them outlives a call. */
const evens = new Float64Array(HALF);
const odds = new Float64Array(HALF);

/**
 * Rows of the integration matrix, ∫ from -1 to nodes[i] of the m-th Lagrange polynomial, folded about the middle.
 *
 * The polynomial through the values is Σ_k c_k P_k, with c_k from the same nodes, and the integral of P_k from -1 to x is
 * (P_{k+1}(x) - P_{k-1}(x)) / (2k + 1).
 */
const table = Array.from(nodes, (x) => legendre(x, NODES));
const evenRows = foldedRows(1);
const oddRows = foldedRows(-1);

function foldedRows(sign: 1 | -1): Float64Array {
  const rows = new Float64Array(HALF * HALF);
  for (let i = 0; i < HALF; i += 1) {
    for (let m = 0; m < HALF; m += 1) {
      rows[HALF * i + m] = (runningIntegral(i, m) + sign * runningIntegral(i, NODES - 1 - m)) / 2;
    }
  }
  return rows;
}

function runningIntegral(i: number, m: number): number {
  const upper = table[i] as number[];
  const sample = table[m] as number[];
  let sum = at(nodes, i) + 1;
  for (let k = 1; k < NODES; k += 1) {
    sum += (sample[k] as number) * ((upper[k + 1] as number) - (upper[k - 1] as number));
  }
  return (at(weights, m) / 2) * sum;
}
