import type { Policy } from '../experiment/policy.ts';
import type { Cohort } from '../tally/counts.ts';

/** The mature cohorts a verdict is made from. */
export type DecisionDays = {
  /** Cohorts that count for the verdict now. */
  readonly cohorts: readonly Cohort[];
  /** Days those cover, from the first with visitors, quiet ones included. */
  readonly days: number;
  /** Mature days that wait for their week to be whole. */
  readonly waiting: number;
  /** The cohorts of the planned end, once it is reached: always the same, whenever the report is read. */
  readonly planned?: readonly Cohort[];
};

/**
 * Cuts the mature cohorts to what the policy lets decide. With whole weeks, days beyond the last whole week wait, so that
 * every weekday counts equally often.
 */
export function decisionDays(mature: readonly Cohort[], policy: Policy): DecisionDays {
  const first = mature[0]?.day;
  const last = mature.at(-1)?.day;
  if (first === undefined || last === undefined) return { cohorts: [], days: 0, waiting: 0 };
  const all = last - first + 1;
  const unit = policy.wholeWeeks ? 7 : 1;
  // Before the first whole week nothing is decided anyway; showing nothing would help nobody.
  const days = all < unit ? all : all - (all % unit);
  const until = (count: number) => mature.filter(({ day }) => day < first + count);
  const plannedDays = Math.ceil(policy.plannedDays / unit) * unit;
  return {
    cohorts: until(days),
    days,
    waiting: all - days,
    ...(days >= plannedDays && { planned: until(plannedDays) }),
  };
}
