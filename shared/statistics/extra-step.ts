import type { Beta, Interval } from './beta.ts';
import { betaMean, mirrored } from './beta.ts';
import { betaInterval } from './beta-distribution.ts';
import { climb, type LadderPosterior } from './ladder.ts';
import { probabilityOfRatioBelow, probabilityRatioWithin, uplift } from './uplift.ts';

/** Does the extra step earn its place? */
export type ExtraStepVerdict = 'earns' | 'costs' | 'equivalent' | 'keep-running';

export type ExtraStep = {
  readonly verdict: ExtraStepVerdict;
  /** P(longer ladder's goal rate > (1 + δ) · the shorter's). */
  readonly probabilityEarns: number;
  /** P(longer ladder's goal rate < (1 - δ) · the shorter's). */
  readonly probabilityCosts: number;
  /** P(the two are within δ of each other). The three sum to one. */
  readonly probabilityEquivalent: number;
  /** What happens at the step itself; null where the step was not counted, so that nothing can be read into it. */
  readonly atTheStep: StepDiagnosis | null;
};

/** Descriptive: it explains the verdict and never makes it. */
export type StepDiagnosis = {
  /** Who stops at the extra ask: 1 - P(step | rung below). */
  readonly friction: Estimate;
  /** How many times likelier the goal is for those who took the step than for those at the same place without it. */
  readonly lift: Estimate;
  /** The step pays if more than this share take it (`rate`, 1 / lift; above one it can never pay); `observed` do. */
  readonly breakEven: { readonly rate: number; readonly interval: Interval; readonly observed: number };
};

export type Estimate = { readonly estimate: number; readonly interval: Interval };

/** How sure the posterior must be of one of the three. */
const SURE = 0.95;

/**
 * Two ladders that differ by one step: does asking once more bring more people to the goal, or fewer?
 *
 * Judged on the goal rate of everyone assigned and on nothing else: `earns` if the longer ladder's rate is more than δ
 * above the shorter's with probability 0.95, `costs` if more than δ below, `equivalent` if within δ, and then the shorter
 * ladder should win, because an ask that changes nothing is still an ask. A difference is only called if `gate`, the
 * anytime-valid evidence, agrees; without it every look would be one more chance to be wrong.
 *
 * Friction, lift and break-even say why: friction = 1 - P(j | j - 1 in the longer), lift = P(goal | j in the longer) /
 * P(goal | j - 1 in the shorter), break-even commit rate = 1 / lift. Estimates are posterior means, or their ratio;
 * intervals are exact, by quadrature over the ratio of Betas.
 *
 * `rung` is the extra step's place in the longer ladder; below it both ladders are the same. `counted: false` for a step
 * known only through later ones.
 * @example judgeExtraStep({ shorter: ladderPosterior([37_600, 2400]), longer: ladderPosterior([12_000, 25_200, 2800]),
 *   rung: 1, gate: true }) // 'earns': 70.0 % take the step, and 60.0 % would do
 */
export function judgeExtraStep(question: {
  readonly shorter: LadderPosterior;
  readonly longer: LadderPosterior;
  readonly rung: number;
  readonly gate: boolean;
  readonly delta?: number;
  readonly counted?: boolean;
  readonly level?: number;
}): ExtraStep {
  const { shorter, longer, rung, gate, delta = 0.01, counted = true, level = 0.95 } = question;
  if (!(delta >= 0 && delta < 1))
    throw new RangeError(`judgeExtraStep requires a delta from zero to one, got ${delta}`);
  if (!(rung >= 1 && rung < longer.rungs.length))
    throw new RangeError(`judgeExtraStep requires a rung below the longer ladder's goal, got ${rung}`);
  // "More than δ above" read from the other side, so that it keeps its digits also where it is tiny.
  const probabilityEarns = probabilityOfRatioBelow(longer.goal, shorter.goal, 1 / (1 + delta));
  const probabilityCosts = probabilityOfRatioBelow(shorter.goal, longer.goal, 1 - delta);
  const probabilityEquivalent = probabilityRatioWithin(shorter.goal, longer.goal, 1 - delta, 1 + delta);
  const verdict = verdictOf({ probabilityEarns, probabilityCosts, probabilityEquivalent }, gate);
  const atTheStep = counted ? diagnosis(shorter, longer, rung, level) : null;
  return { verdict, probabilityEarns, probabilityCosts, probabilityEquivalent, atTheStep };
}

type Probabilities = Pick<ExtraStep, 'probabilityEarns' | 'probabilityCosts' | 'probabilityEquivalent'>;

function verdictOf(chances: Probabilities, gate: boolean): ExtraStepVerdict {
  if (gate && chances.probabilityEarns >= SURE) return 'earns';
  if (gate && chances.probabilityCosts >= SURE) return 'costs';
  // Equivalence needs no evidence against "no difference": it is not a claim of one.
  return chances.probabilityEquivalent >= SURE ? 'equivalent' : 'keep-running';
}

function diagnosis(shorter: LadderPosterior, longer: LadderPosterior, rung: number, level: number): StepDiagnosis {
  const commit = climb(longer, rung - 1, rung);
  const after = climb(longer, rung, longer.rungs.length);
  const without = climb(shorter, rung - 1, shorter.rungs.length);
  const refusal = mirrored(commit);
  const lift = ratio(without, after, level);
  return {
    friction: { estimate: betaMean(refusal), interval: betaInterval(refusal, level) },
    lift,
    breakEven: {
      rate: 1 / lift.estimate,
      interval: { low: 1 / lift.interval.high, high: 1 / lift.interval.low },
      observed: betaMean(commit),
    },
  };
}

/** Numerator over denominator. */
function ratio(denominator: Beta, numerator: Beta, level: number): Estimate {
  const { low, high } = uplift(denominator, numerator, level).interval;
  return { estimate: betaMean(numerator) / betaMean(denominator), interval: { low: 1 + low, high: 1 + high } };
}
