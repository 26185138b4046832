import type { Policy } from '../experiment/policy.ts';
import { forecastDecision } from '../statistics/forecast.ts';
import type { DecisionDays } from '../verdict/decision-days.ts';
import { leadOf } from '../verdict/lead.ts';
import { pursesOf } from '../verdict/purses.ts';
import type { Standing } from '../verdict/standing.ts';

/** When a running experiment will likely decide, if it goes on as it went so far. */
export type Outlook = {
  /** Mature days from now to the planned end; null once it has passed. */
  readonly plannedEndInDays: number | null;
  /** First day by which deciding is more likely than not; null if beyond the days looked at. */
  readonly likelyInDays: number | null;
  readonly lookedAtDays: number;
  /** Probability of having decided by the last of them. */
  readonly decidedByThen: number;
};

const FURTHEST_DAYS = 120;

/** Null while there is no whole day of information to go by, or nothing left to decide. */
export function outlookOf(standings: readonly Standing[], days: DecisionDays, policy: Policy): Outlook | null {
  const toPlannedEnd = policy.plannedDays - days.days;
  const lookedAtDays = Math.min(FURTHEST_DAYS, Math.max(28, toPlannedEnd));
  if (days.days === 0) return null;
  const tau = Math.log1p(policy.effect);
  // The comparison that a verdict waits for: the leader's with the rival it is told apart from least.
  const { score, information } = leadOf(standings, days.cohorts, tau).evidence;
  if (information <= 0) return null;
  const forecast = forecastDecision({
    score,
    information,
    tau,
    informationPerDay: information / days.days,
    days: lookedAtDays,
    ...(toPlannedEnd > 0 && { plannedEndInDays: toPlannedEnd }),
    variants: standings.length,
    ...pursesOf(policy),
  });
  if (forecast.kind !== 'forecast') return null;
  return {
    plannedEndInDays: toPlannedEnd > 0 ? toPlannedEnd : null,
    likelyInDays: forecast.likelyInDays,
    lookedAtDays,
    decidedByThen: forecast.decidedBy.at(-1) ?? 0,
  };
}
