import type { Definition } from '#shared/experiment/definition.ts';
import { draft } from '#shared/experiment/experiment.ts';
import type { Cohort } from '#shared/tally/counts.ts';
import { judge } from '#shared/verdict/judge.ts';
import type { Random } from './random.ts';

/** A/A experiments on somebody's own policy: all variants alike, looked at every day. */
export type CalibrationPlan = {
  readonly runs: number;
  /** Visitors a day and variant. */
  readonly perDay: number;
  /** The goal rate they all have. */
  readonly rate: number;
  /** Days looked at; the planned end and a week more when absent. */
  readonly days?: number;
};

export type Calibration = {
  readonly runs: number;
  readonly falseWinners: number;
  /** Of those, the ones an early look named. */
  readonly early: number;
  readonly promised: number;
  /** Whether what was measured is compatible with the promise: within three standard errors of it, or below. */
  readonly kept: boolean;
};

/**
 * Runs A/A experiments through the very verdict that ships and counts how many ever name a winner, in whichever direction, on
 * any day. The policy promises `falseWinnerRate` at most.
 */
export function calibrate(
  random: Random,
  definition: Definition,
  plan: CalibrationPlan,
  advance: (done: number) => void = () => {},
): Calibration {
  const { policy } = definition;
  const days = plan.days ?? policy.plannedDays + 7;
  const [sequence] = draft(definition, 'calibration', 0).sequences;
  const names = Object.fromEntries(definition.variants.map(({ id, name }) => [id, name]));
  const counts = { falseWinners: 0, early: 0 };
  for (let run = 0; run < plan.runs; run += 1) {
    const cohorts: Cohort[] = [];
    let seen = -1;
    for (let day = 0; day < days; day += 1) {
      cohorts.push(cohortOf(random, definition, plan, day));
      if (cohorts.length < policy.minimumDays) continue;
      // With whole weeks most mornings show the numbers of the day before.
      const unit = policy.wholeWeeks ? 7 : 1;
      const decided = Math.floor(cohorts.length / unit);
      if (decided === seen) continue;
      seen = decided;
      const { verdict } = judge({ sequence, policy, names, cohorts: [...cohorts], ratios: [] });
      if (verdict.kind !== 'winner') continue;
      counts.falseWinners += 1;
      if (day + 1 < policy.plannedDays) counts.early += 1;
      break;
    }
    advance(run + 1);
  }
  const promised = policy.falseWinnerRate;
  const standardError = Math.sqrt((promised * (1 - promised)) / plan.runs);
  const kept = counts.falseWinners / plan.runs <= promised + 3 * standardError;
  return { runs: plan.runs, ...counts, promised, kept };
}

function cohortOf(random: Random, { variants }: Definition, { perDay, rate }: CalibrationPlan, day: number): Cohort {
  return {
    epoch: 1,
    day,
    visitors: Object.fromEntries(variants.map(({ id }) => [id, perDay])),
    goals: Object.fromEntries(variants.map(({ id }) => [id, random.binomial(perDay, rate)])),
  };
}
