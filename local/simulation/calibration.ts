import type { Definition } from '#shared/experiment/definition.ts';
import { draft } from '#shared/experiment/experiment.ts';
import { compareRates } from '#shared/statistics/comparison.ts';
import { evidenceThreshold, scoreEvidence } from '#shared/statistics/evidence.ts';
import type { Cohort } from '#shared/tally/counts.ts';
import { reallocatedShares } from '#shared/usecases/reallocate.ts';
import { decisionDays } from '#shared/verdict/decision-days.ts';
import { type Case, judge } from '#shared/verdict/judge.ts';
import { pursesOf } from '#shared/verdict/purses.ts';
import { standardisedPosteriors, totalOf } from '#shared/verdict/standardised.ts';
import { strata } from '#shared/verdict/standing.ts';
import type { Random } from './random.ts';

/** Experiments of a known truth on somebody's own policy, looked at every day. */
export type CalibrationPlan = {
  readonly runs: number;
  /** Visitors a day and variant, on average; the definition's weights share them out, and its allocation moves those. */
  readonly perDay: number;
  /** The goal rates of the variants in their order; the last stands for all that follow. One rate is an A/A experiment. */
  readonly rates: readonly number[];
  /** The share of the traffic that takes part on the first days; the last holds from then on. All of it when absent. */
  readonly ramp?: readonly number[];
  /** Days looked at; the planned end and a week more when absent. */
  readonly days?: number;
};

export type Calibration = {
  readonly runs: number;
  /** Winners named that are not better than every other variant. */
  readonly falseWinners: number;
  /** Of those, the ones an early look named. */
  readonly early: number;
  /** Winners named that are. */
  readonly trueWinners: number;
  readonly promised: number;
  /** Whether what was measured is compatible with the promise: within three standard errors of it, or below. */
  readonly kept: boolean;
};

/**
 * Runs experiments through the very verdict that ships, on every day until it names a winner, and counts how often that is a
 * variant which is not the best. The policy promises `falseWinnerRate` at most, whatever the true rates.
 */
export function calibrate(
  random: Random,
  definition: Definition,
  plan: CalibrationPlan,
  advance: (done: number) => void = () => {},
): Calibration {
  const { policy, variants } = definition;
  const days = plan.days ?? policy.plannedDays + 7;
  const [sequence] = draft(definition, 'calibration', 0).sequences;
  const names = Object.fromEntries(variants.map(({ id, name }) => [id, name]));
  const weights = variants.reduce((sum, { weight }) => sum + weight, 0);
  const best = bestOf(variants.map((_, i) => rateOf(plan, i)));
  const counts = { falseWinners: 0, early: 0, trueWinners: 0 };
  for (let run = 0; run < plan.runs; run += 1) {
    const cohorts: Cohort[] = [];
    let [seen, endIsJudged] = [0, false];
    let split: Split = { epoch: 1, shares: variants.map(({ weight }) => weight / weights) };
    for (let day = 0; day < days; day += 1) {
      cohorts.push(cohortOf(random, definition, plan, day, split));
      split = moved(split, cohorts, definition);
      if (cohorts.length < policy.minimumDays) continue;
      // With whole weeks most mornings show the numbers of the day before.
      const unit = policy.wholeWeeks ? 7 : 1;
      const decided = cohorts.length - (cohorts.length % unit);
      if (decided === seen) continue;
      seen = decided;
      const isEnd = decided >= policy.plannedDays && !endIsJudged;
      if (!isEnd && !anyEvidence(cohorts.slice(0, decided), { sequence, policy })) continue;
      const { verdict } = judge({ sequence, policy, names, cohorts: [...cohorts], ratios: [] });
      // Too few goals put the look at the planned end off; it is always at the same days.
      if (isEnd && verdict.kind !== 'collecting') endIsJudged = true;
      if (verdict.kind !== 'winner') continue;
      if (verdict.variant === variants[best ?? -1]?.id) counts.trueWinners += 1;
      else {
        counts.falseWinners += 1;
        if (day + 1 < policy.plannedDays) counts.early += 1;
      }
      break;
    }
    advance(run + 1);
  }
  const promised = policy.falseWinnerRate;
  const standardError = Math.sqrt((promised * (1 - promised)) / plan.runs);
  const kept = counts.falseWinners / plan.runs <= promised + 3 * standardError;
  return { runs: plan.runs, ...counts, promised, kept };
}

/**
 * Whether any two variants are told apart. If not, only the look at the planned end can name a winner, and most looks are over in a
 * thousandth of the time of a verdict.
 */
function anyEvidence(cohorts: readonly Cohort[], { sequence, policy }: Pick<Case, 'sequence' | 'policy'>): boolean {
  const variants = Object.keys(sequence.ladders);
  const bound = Math.log(evidenceThreshold(pursesOf(policy).alphaEarly, variants.length));
  const tau = Math.log1p(policy.effect);
  return variants.some((one, i) =>
    variants.slice(i + 1).some((other) => scoreEvidence(strata(cohorts, one, other), tau).logEvidence >= bound),
  );
}

/** The one variant that is better than all others, if there is one. */
function bestOf(rates: readonly number[]): number | undefined {
  const highest = Math.max(...rates);
  const places = [...rates.keys()].filter((i) => rates[i] === highest);
  return places.length === 1 ? places[0] : undefined;
}

const rateOf = ({ rates }: CalibrationPlan, variant: number): number => rates[variant] ?? rates.at(-1) ?? 0;

/** How the traffic is shared out, under which set of weights. */
type Split = { readonly epoch: number; readonly shares: readonly number[] };

/** The next morning's split, by the very step that moves the weights of a running experiment. */
function moved(split: Split, cohorts: readonly Cohort[], { policy, variants, allocation }: Definition): Split {
  if (allocation.kind === 'fixed') return split;
  const counted = decisionDays(cohorts, policy).cohorts;
  const ids = variants.map(({ id }) => id);
  const { best } = compareRates(standardisedPosteriors(counted, ids));
  const standings = ids.map((id, i) => ({ best: best[i] ?? 0, counted: totalOf(counted, id).visitors }));
  const shares = reallocatedShares(split.shares, standings, allocation);
  return shares ? { epoch: split.epoch + 1, shares } : split;
}

function cohortOf(
  random: Random,
  { variants }: Definition,
  plan: CalibrationPlan,
  day: number,
  { epoch, shares }: Split,
): Cohort {
  const { ramp = [1], perDay } = plan;
  const traffic = (ramp[day] ?? ramp.at(-1) ?? 1) * perDay * variants.length;
  const visitors = shares.map((share) => Math.round(traffic * share));
  return {
    epoch,
    day,
    visitors: Object.fromEntries(variants.map(({ id }, i) => [id, visitors[i] ?? 0])),
    goals: Object.fromEntries(variants.map(({ id }, i) => [id, random.binomial(visitors[i] ?? 0, rateOf(plan, i))])),
  };
}
