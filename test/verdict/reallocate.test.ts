import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scheduledReports } from '#functions/schedule/report.ts';
import { currentEpoch } from '#shared/experiment/experiment.ts';
import { readReport } from '#shared/usecases/write-report.ts';
import { type Installation, openInstallation } from '../../local/installation/installation.ts';
import { at } from '../../local/installation/replay-clock.ts';
import { seeded } from '../../local/simulation/random.ts';
import { call, json, start } from '../ways-in/ways-in.ts';

const START = Date.UTC(2026, 4, 4);
const DAY = 86_400_000;
const quiet = { info() {}, error() {} };

let installation: Installation;
beforeAll(async () => {
  installation = await openInstallation();
});
afterAll(() => installation.stop());

/** Two variants of known rates; a day of visitors at a time through the real functions. */
async function experiment(id: string, kind: string): Promise<(day: number, visitors: number) => Promise<void>> {
  const rates: Readonly<Record<string, number>> = { a: 0.1, b: 0.45 };
  const random = seeded(11);
  await start(
    installation,
    {
      id,
      name: id,
      goal: 'buy',
      control: 'a',
      windowDays: 0.5,
      allocation: { kind },
      variants: ['a', 'b'].map((variant) => ({
        id: variant,
        name: variant,
        weight: 1,
        steps: [{ id: 'buy', name: 'buy' }],
      })),
    },
    START,
  );
  return async (day, visitors) => {
    for (let i = 0; i < visitors; i++) {
      const visitor = `${id}-${day}-${i}`;
      const time = START + day * DAY + i;
      const { site } = installation.handlers;
      const { variant } = json(
        await call(site, { method: 'POST', path: '/v1/assign', body: { experiment: id, visitor }, time }),
      );
      if (random.uniform() < (rates[variant] ?? 0))
        await call(site, {
          method: 'POST',
          path: '/v1/events',
          body: { experiment: id, visitor, step: 'buy' },
          time: time + 1,
        });
    }
    await installation.stream.caughtUp();
  };
}

const weights = async (id: string) =>
  (await installation.deps.experiments.find(id))?.definition.variants.map(({ weight }) => weight);
const schedule = (day: number) => at(START + day * DAY, () => scheduledReports(installation.deps, quiet)());

describe('reallocate', () => {
  it('moves traffic to what is probably best, a fifth of it a day, and opens a weight epoch each time', async () => {
    const live = await experiment('thompson', 'thompson');
    await live(0, 300);
    await schedule(2);
    expect(await weights('thompson')).toEqual([3000, 7000]);
    await schedule(2.5);
    expect(await weights('thompson'), 'a second time on one day').toEqual([3000, 7000]);
    await schedule(3.1);
    expect(await weights('thompson')).toEqual([1000, 9000]);
    await schedule(5);
    expect(await weights('thompson'), 'no further than the floor').toEqual([500, 9500]);
    const after = await installation.deps.experiments.find('thompson');
    expect(after && currentEpoch(after).epoch).toBe(4);
    const revisions = await installation.deps.experiments.revisions('thompson');
    expect(revisions.at(-1)).toMatchObject({ by: 'allocation', action: 'reallocated' });
  });

  it('leaves the sample ratio clean, and the counts what they were', async () => {
    const report = await at(START + 6 * DAY, () => readReport(installation.deps, 'thompson'));
    expect(report.verdict.reasons.find(({ check }) => check === 'sample-ratio')?.outcome).toBe('passed');
    expect(report.drift).toBe(0);
  });

  it('does nothing to an experiment whose weights somebody set, nor before a hundred visitors', async () => {
    const fixed = await experiment('fixed-weights', 'fixed');
    const young = await experiment('young', 'thompson');
    await fixed(0, 120);
    await young(0, 20);
    await schedule(3);
    expect(await weights('fixed-weights')).toEqual([1, 1]);
    expect(await weights('young')).toEqual([1, 1]);
  });

  it('keeps two variants even when the aim is to learn soonest', async () => {
    const live = await experiment('top-two', 'top-two');
    await live(0, 250);
    await schedule(3);
    expect(await weights('top-two')).toEqual([1, 1]);
  });
});
