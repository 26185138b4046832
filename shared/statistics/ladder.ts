import type { Beta } from './beta.ts';
import { compareRates } from './comparison.ts';

/**
 * One coherent posterior of a ladder, from how far each visitor came.
 *
 * "Furthest rung" is one draw from K + 1 categories. Its prior is Dirichlet(1/K, …, 1/K, 1): one for the goal and one shared
 * out over the K ways to stop short, so that the goal rate has the prior Beta(1, 1) whatever the ladder's length. A
 * symmetric Dirichlet would start a one-step ladder at ½ and a three-step ladder at ¼. Every reach and every pass rate is
 * then exactly a Beta, and the numbers on different screens agree.
 */
export type LadderPosterior = {
  readonly visitors: number;
  /** Share of the assigned who reach the last rung: Beta(1 + goals, 1 + visitors - goals), exactly. */
  readonly goal: Beta;
  /** Rungs 1 to K, in order. */
  readonly rungs: readonly RungPosterior[];
};

export type RungPosterior = {
  readonly rung: number;
  /** Share of the assigned who come at least this far. Comparable between variants: everyone assigned is in it. */
  readonly reach: Beta;
  /**
   * Momentum: share of those on the rung below who take this step. Descriptive: the people on the rung below chose to be
   * there, and another ladder's people on "the same" rung are other people.
   */
  readonly pass: Beta;
};

/**
 * The posterior of a ladder with K steps, from K + 1 counts: `furthest[k]` visitors came to rung k and no further.
 *
 * Domain: K ≥ 1. Exact; pass rates of one ladder are independent of each other.
 * @see Connor & Mosimann, JASA 1969 (neutrality of the Dirichlet)
 * @example ladderPosterior([380, 210, 205, 205]).goal // { alpha: 206, beta: 796 }
 */
export function ladderPosterior(furthest: readonly number[]): LadderPosterior {
  const steps = furthest.length - 1;
  if (steps < 1) throw new RangeError(`ladderPosterior requires at least two counts, got ${furthest.length}`);
  const visitors = furthest.reduce((sum, count) => sum + count, 0);
  let below = 0;
  const rungs = furthest.slice(1).map((_, i): RungPosterior => {
    const rung = i + 1;
    const stopped = furthest[i] ?? 0;
    below += stopped;
    // The prior of the rungs below is written rung / K, not as a sum, so that it is exactly one at the goal.
    const reach = { alpha: visitors - below + 1 + (steps - rung) / steps, beta: below + rung / steps };
    return { rung, reach, pass: { alpha: reach.alpha, beta: stopped + 1 / steps } };
  });
  const goals = furthest[steps] ?? 0;
  return { visitors, goal: { alpha: 1 + goals, beta: 1 + visitors - goals }, rungs };
}

/**
 * Share of those on rung `from` (0: assigned) who come to rung `to`: a product of pass rates, and again exactly a Beta.
 * @example climb(ladderPosterior([380, 210, 205, 205]), 0, 3) // { alpha: 206, beta: 796 }
 */
export function climb(ladder: LadderPosterior, from: number, to: number): Beta {
  const target = ladder.rungs[to - 1];
  if (target === undefined || !(from >= 0 && from < to))
    throw new RangeError(`climb requires two rungs of the ladder in order, got ${from} and ${to}`);
  if (from === 0) return target.reach;
  const beta = ladder.rungs.slice(from, to).reduce((sum, { pass }) => sum + pass.beta, 0);
  return { alpha: target.reach.alpha, beta };
}

/**
 * For each step, the probability that it loses the largest share of those who come to it. Descriptive: it says where to
 * look first, not what a change would bring.
 *
 * The drop-offs 1 - pass are independent Betas, so this is P(best) among them, by deterministic quadrature.
 * @example worstStep(ladderPosterior([380, 210, 205, 205])) // [0.000018, 0.0000001, 0.999982]
 */
export function worstStep(ladder: LadderPosterior): readonly number[] {
  const dropOffs = ladder.rungs.map(({ pass }): Beta => ({ alpha: pass.beta, beta: pass.alpha }));
  return dropOffs.length === 1 ? [1] : compareRates(dropOffs, 0).best;
}
