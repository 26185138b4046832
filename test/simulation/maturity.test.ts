import { afterAll, describe, expect, it } from 'vitest';
import { isMature } from '#shared/tally/cohort-day.ts';
import { type Random, seeded } from '../../local/simulation/random.ts';

const DAY_MS = 86_400_000;
const WINDOW_DAYS = 7;
const RUNS = 200;
const lines: string[] = [];
afterAll(() =>
  console.log(['Reported rate against the day of the report, true rate 5 %, window 7 days', ...lines].join('\n')),
);

/** One cohort's conversions by the number of days they took: a constant stream, evenly spread over the window. */
function cohort(random: Random): readonly number[] {
  const delays = new Array<number>(WINDOW_DAYS).fill(0);
  let left = random.binomial(1000, 0.05);
  for (let delay = 0; delay < WINDOW_DAYS; delay += 1) {
    const today = random.binomial(left, 1 / (WINDOW_DAYS - delay));
    delays[delay] = today;
    left -= today;
  }
  return delays;
}

/** The rate a report shows at the end of a day, over all cohorts or over mature ones only. */
function reportedRate(cohorts: readonly (readonly number[])[], asOfDay: number, matureOnly: boolean): number {
  let [goals, visitors] = [0, 0];
  cohorts.forEach((delays, day) => {
    if (day >= asOfDay || (matureOnly && !isMature(day, WINDOW_DAYS * DAY_MS, asOfDay * DAY_MS))) return;
    visitors += 1000;
    delays.forEach((count, delay) => {
      if (day + delay < asOfDay) goals += count;
    });
  });
  return goals / visitors;
}

/** The slope of the reported rate over days 8 to 30, in points of rate a day, averaged over experiments. */
function slopes(matureOnly: boolean): { readonly mean: number; readonly error: number } {
  const random = seeded(41);
  const each = Array.from({ length: RUNS }, () => {
    const cohorts = Array.from({ length: 30 }, () => cohort(random));
    const days = Array.from({ length: 23 }, (_, i) => i + 8);
    const centre = 19;
    const spread = days.reduce((sum, day) => sum + (day - centre) ** 2, 0);
    return days.reduce((sum, day) => sum + (day - centre) * reportedRate(cohorts, day, matureOnly), 0) / spread;
  });
  const mean = each.reduce((sum, slope) => sum + slope, 0) / RUNS;
  const variance = each.reduce((sum, slope) => sum + (slope - mean) ** 2, 0) / (RUNS - 1);
  return { mean, error: Math.sqrt(variance / RUNS) };
}

describe('the rate of a constant stream', () => {
  it('has no trend over the days of the report when only mature cohorts count', () => {
    const { mean, error } = slopes(true);
    lines.push(
      `  mature cohorts   slope ${(mean * 1e4).toFixed(3)} ± ${(error * 1e4).toFixed(3)} hundredths of a percent a day`,
    );
    expect(Math.abs(mean)).toBeLessThan(2 * error);
  });

  it('rises when everyone counts, as the young cohorts have not had their time', () => {
    const { mean, error } = slopes(false);
    lines.push(
      `  all cohorts      slope ${(mean * 1e4).toFixed(3)} ± ${(error * 1e4).toFixed(3)} hundredths of a percent a day`,
    );
    expect(mean).toBeGreaterThan(10 * error);
    expect(mean * 22).toBeGreaterThan(0.005);
  });
});
