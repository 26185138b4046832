import type { Experiment } from '#shared/experiment/experiment.ts';
import type { VisitorClass } from '#shared/journey/signal.ts';
import { composeReport } from '#shared/report/compose.ts';
import type { Report } from '#shared/report/report.ts';
import { cohortDay } from '#shared/tally/cohort-day.ts';
import { durationBucket } from '#shared/tally/duration.ts';
import { type Counters, cellKey, type Tally, TallySum } from '#shared/tally/tally.ts';
import { anExperiment, DAY, HOUR, NOON } from '../support/an-experiment.ts';

/** Visitors of one day by furthest rung: entry k came to rung k and no further. */
export type Furthest = Readonly<Record<string, readonly number[]>>;

/** How a report is asked for in a test: `daily` visitors enter every variant on each of `days` days, and all windows are over. */
export type Setting = {
  readonly experiment?: Experiment;
  readonly days?: number;
  readonly daily: Furthest;
  readonly kind?: VisitorClass;
  /** Milliseconds from a rung to the next, dealt out in turn; one value makes everyone alike. */
  readonly takes?: readonly number[];
};

export function aTally({ days = 14, daily, kind = 'human', takes = [] }: Omit<Setting, 'experiment'>): Tally {
  const sum = new TallySum();
  for (let day = 0; day < days; day++)
    for (const [variant, furthest] of Object.entries(daily)) {
      const cell = { sequence: 1, epoch: 1, day: cohortDay(NOON) + day, variant, class: kind, segment: '' };
      sum.add(new Map([[cellKey(cell), countersOf(furthest, takes)]]));
    }
  return sum.total();
}

function countersOf(furthest: readonly number[], takes: readonly number[]): Counters {
  const counters: Record<string, number> = { n: furthest.reduce((sum, count) => sum + count, 0) };
  furthest.forEach((count, rung) => {
    counters[`f${rung}`] = count;
    if (takes.length === 0) return;
    counters[`w${rung}:${durationBucket(rung === 0 ? 0 : (takes[0] ?? 0) * rung)}`] = count;
    const came = furthest.slice(rung).reduce((sum, each) => sum + each, 0);
    if (rung === 0) return;
    takes.forEach((ms, i) => {
      const key = `d${rung}:${durationBucket(ms)}`;
      counters[key] = (counters[key] ?? 0) + Math.floor((came + i) / takes.length);
    });
  });
  return counters;
}

export function aReport({
  experiment = anExperiment({ at: NOON - HOUR }),
  days = 14,
  drift = 0,
  ...rest
}: Setting & { drift?: number }): Report {
  return composeReport(experiment, aTally({ days, ...rest }), drift, NOON + (days + 8) * DAY);
}

/** A clear winner: the ladder brings half as many again. */
export const clearWinner: Furthest = { 'one-ask': [900, 100], ladder: [400, 300, 150, 150] };
/** Hardly any difference. */
export const noDifference: Furthest = { 'one-ask': [900, 100], ladder: [400, 300, 199, 101] };
