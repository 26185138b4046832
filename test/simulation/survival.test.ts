import { afterAll, describe, expect, it } from 'vitest';
import { kaplanMeier, type Observation, restrictedMean } from '#shared/statistics/survival.ts';
import { bucketEndSeconds, durationBucket } from '#shared/tally/duration.ts';
import { seeded } from '../../local/simulation/random.ts';

const DAY = 86_400;
/** An exponential time with a median of three days. */
const MEAN = (3 * DAY) / Math.LN2;
const VISITORS = 20_000;

const lines: string[] = [];
afterAll(() => console.log(['Time on step, true median 3 days, uniform entry over 14 days', ...lines].join('\n')));

type Watched = { readonly seconds: number; readonly taken: boolean };

/** Visitors who entered evenly over a fortnight, looked at on its last day. */
function fortnight(seed: number): readonly Watched[] {
  const random = seeded(seed);
  return Array.from({ length: VISITORS }, () => {
    const watched = 14 * DAY * (1 - random.uniform());
    const takes = random.exponential(MEAN);
    return { seconds: Math.min(takes, watched), taken: takes <= watched };
  });
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? -1;

function counted(watched: readonly Watched[], bucket: (seconds: number) => Omit<Observation, 'events' | 'censored'>) {
  const curve = kaplanMeier(
    watched.map(({ seconds, taken }) => ({ ...bucket(seconds), events: taken ? 1 : 0, censored: taken ? 0 : 1 })),
  );
  if (curve.kind !== 'estimated') throw new Error(curve.needed);
  return curve;
}

const exactly = (atSeconds: number) => ({ atSeconds });
const byHour = (seconds: number) => ({ atSeconds: Math.ceil(seconds / 3600) * 3600 });
/** As the tally counts them: four buckets to the octave, a fifth of their value wide. */
const asTallied = (seconds: number) => {
  const bucket = durationBucket(seconds * 1000);
  return { fromSeconds: bucket === 0 ? 0 : bucketEndSeconds(bucket - 1), atSeconds: bucketEndSeconds(bucket) };
};

describe('the median time on a step with a true median of three days', () => {
  const watched = fortnight(31);

  it('is two days to those who average the completers', () => {
    const completers = median(watched.flatMap(({ seconds, taken }) => (taken ? [seconds] : []))) / DAY;
    lines.push(`  completers only       ${completers.toFixed(3)} d (expected 2.04: wrong)`);
    expect(completers).toBeCloseTo(2.04, 1);
  });

  // The standard error of the median of 20,000 is 0.04 days.
  it.each([
    { name: 'exact times', bucket: exactly },
    { name: 'hours', bucket: byHour },
    { name: 'tallied buckets', bucket: asTallied },
  ])('is within 0.15 days of three by Kaplan-Meier over $name', ({ name, bucket }) => {
    const days = (counted(watched, bucket).medianSeconds ?? 0) / DAY;
    lines.push(`  ${name.padEnd(20)}  ${days.toFixed(3)} d`);
    expect(Math.abs(days - 3)).toBeLessThan(0.15);
  });
});

describe('the restricted mean', () => {
  it('has a 95 % interval that holds the truth in 95 % of fortnights', () => {
    const truth = MEAN * (1 - Math.exp((-7 * DAY) / MEAN));
    const runs = 60;
    let held = 0;
    for (let seed = 100; seed < 100 + runs; seed += 1) {
      const watched = fortnight(seed).slice(0, 1000);
      const mean = restrictedMean(counted(watched, exactly), 7 * DAY);
      if (mean.kind !== 'estimated') throw new Error(mean.kind);
      if (mean.interval.low <= truth && truth <= mean.interval.high) held += 1;
    }
    // 57 are expected; the standard error of the count is 1.7.
    expect(held).toBeGreaterThanOrEqual(52);
  });
});
