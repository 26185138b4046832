import type { Beta, Interval } from './beta.ts';
import { digamma, trigamma } from './digamma.ts';
import { climb, type LadderPosterior } from './ladder.ts';
import { uplift } from './uplift.ts';

/** A step that both ladders share, by its rung in each. */
export type Anchor = { readonly control: number; readonly treatment: number };

/** One part of log(goal_B / goal_A): the stretch from one anchor to the next, however many steps either ladder has in it. */
export type DropOffTerm = {
  readonly from: Anchor;
  readonly to: Anchor;
  /** Share of those on the lower anchor who come to the upper one, in each ladder. */
  readonly control: Beta;
  readonly treatment: Beta;
  /** Expected log ratio treatment over control, and its variance. Both add up over terms, exactly. */
  readonly logRatio: number;
  readonly variance: number;
  /** Where the log ratio lies, from the ratio of the two Betas. Intervals do not add. */
  readonly interval: Interval;
  /** logRatio over the total's; null while the total is unclear. */
  readonly share: number | null;
  /**
   * Are the same kind of people compared? Only from assignment onwards, where chance has mixed them. Later stretches compare
   * those whom two different ladders have let through: say so wherever they are shown.
   */
  readonly randomised: boolean;
};

export type DropOffAttribution = {
  readonly total: { readonly logRatio: number; readonly variance: number; readonly interval: Interval };
  readonly terms: readonly DropOffTerm[];
  /** The total's interval contains "no difference": there is nothing yet to attribute. */
  readonly suppressed: boolean;
};

/** Rung zero of every ladder: being assigned. */
const ASSIGNED: Anchor = { control: 0, treatment: 0 };

/**
 * Where two ladders' goal rates part ways: log(θ_B / θ_A) split over the steps they share.
 *
 *   log(θ_B / θ_A) = Σ over stretches of log(m_B / m_A)
 *
 * With the coherent posterior each stretch m is a Beta, and its log has mean ψ(α) - ψ(α + β) and variance ψ₁(α) - ψ₁(α + β).
 * As the α + β of each stretch is the α of the one before, the sums telescope to the goal's own moments: the split is exact
 * (1e-9 is asserted), not a rounding of draws.
 *
 * Accounting, not cause: those who reach an anchor in B are not the people who reach it in A. An ask that turns away the
 * unwilling early makes every later stretch look better.
 *
 * `anchors` in order; the goal is added if it is not among them.
 * @example attributeDropOff({ control: ladderPosterior([6000, 3000, 1000]), treatment: ladderPosterior([5000, 3500, 1500]) },
 *   [{ control: 1, treatment: 1 }]) // total 0.405298; of it 55.0 % up to the anchor, 45.0 % after it
 */
export function attributeDropOff(
  ladders: { readonly control: LadderPosterior; readonly treatment: LadderPosterior },
  anchors: readonly Anchor[] = [],
  level = 0.95,
): DropOffAttribution {
  const { control, treatment } = ladders;
  const goal: Anchor = { control: control.rungs.length, treatment: treatment.rungs.length };
  const last = anchors.at(-1);
  const stops = last?.control === goal.control && last.treatment === goal.treatment ? anchors : [...anchors, goal];

  const total = logRatioOf(control.goal, treatment.goal, level);
  const suppressed = total.interval.low <= 0 && total.interval.high >= 0;
  const terms = stops.map((to, i): DropOffTerm => {
    const from = stops[i - 1] ?? ASSIGNED;
    if (!(from.control < to.control && from.treatment < to.treatment))
      throw new RangeError(`attributeDropOff requires anchors that rise in both ladders, got ${JSON.stringify(to)}`);
    const stretch = {
      control: climb(control, from.control, to.control),
      treatment: climb(treatment, from.treatment, to.treatment),
    };
    const term = logRatioOf(stretch.control, stretch.treatment, level);
    return {
      from,
      to,
      ...stretch,
      ...term,
      share: suppressed ? null : term.logRatio / total.logRatio,
      randomised: i === 0,
    };
  });

  const sum = terms.reduce((whole, { logRatio }) => whole + logRatio, 0);
  if (Math.abs(sum - total.logRatio) > 1e-9)
    throw new Error(`attributeDropOff lost ${sum - total.logRatio} of its total ${total.logRatio}`);
  return { total, terms, suppressed };
}

function logRatioOf(control: Beta, treatment: Beta, level: number) {
  const { low, high } = uplift(control, treatment, level).interval;
  return {
    logRatio: logMean(treatment) - logMean(control),
    variance: logVariance(treatment) + logVariance(control),
    interval: { low: Math.log1p(low), high: Math.log1p(high) },
  };
}

const logMean = ({ alpha, beta }: Beta) => digamma(alpha) - digamma(alpha + beta);
const logVariance = ({ alpha, beta }: Beta) => trigamma(alpha) - trigamma(alpha + beta);
