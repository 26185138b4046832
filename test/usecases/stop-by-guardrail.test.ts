import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scheduledReports } from '#functions/schedule/report.ts';
import type { Experiment } from '#shared/experiment/experiment.ts';
import { commitmentKey } from '#shared/journey/commitment.ts';
import { concludeByVerdict } from '#shared/usecases/conclude-by-verdict.ts';
import { moveExperiment } from '#shared/usecases/define-experiment.ts';
import { GUARDRAIL } from '#shared/usecases/stop-by-guardrail.ts';
import { readReport } from '#shared/usecases/write-report.ts';
import { type Installation, openInstallation } from '../../local/installation/installation.ts';
import { at } from '../../local/installation/replay-clock.ts';
import { aJourney, anExperiment, DAY, HOUR, NOON, steps } from '../support/an-experiment.ts';

const END = NOON + 10 * DAY;
const PEOPLE = 300;
let installation: Installation;

/** A ladder that brings many more to the goal, and makes each of them spend next to nothing. */
const harmful = (id: string): Experiment =>
  anExperiment({
    id,
    at: NOON - HOUR,
    windowDays: 1,
    variants: [
      { id: 'one-ask', name: 'One ask', steps: steps('buy') },
      { id: 'ladder', name: 'Three asks', steps: steps('question', 'plan', 'buy') },
    ],
    metrics: [
      { id: 'spend', name: 'Spend', kind: 'value', cap: 100_000, guardrail: { margin: 0.05, action: 'stop' } },
      {
        id: 'complaints',
        name: 'Complaints',
        kind: 'count',
        activity: 'complaint',
        better: 'lower',
        guardrail: { action: 'stop' },
      },
    ],
    policy: { minimumGoals: 1, minimumDays: 1, wholeWeeks: false, plannedDays: 1 },
    reporting: { autoConclude: true },
  });

async function recorded(experiment: Experiment): Promise<void> {
  const { experiments, journeys } = installation.deps;
  await experiments.create(experiment, { revision: 1, at: NOON, by: 'test', action: 'created', experiment });
  await forEachPerson(async (i) => {
    const ladder = i % 2 === 1;
    const buys = ladder ? i % 4 === 1 : i % 8 === 0;
    const time = NOON + 60_000 * (i + 1);
    const value = { amount: ladder ? 100 : 5000 + i, at: time };
    await journeys.record(
      aJourney({
        experiment: experiment.id,
        visitor: `visitor-${i}`,
        variant: ladder ? 'ladder' : 'one-ask',
        steps: buys ? { buy: { at: time, value } } : {},
      }),
    );
  });
}

/** A few at a time, as a store that is asked for everything at once says that it is busy. */
async function forEachPerson(act: (person: number) => Promise<void>): Promise<void> {
  for (let from = 0; from < PEOPLE; from += 20)
    await Promise.all(Array.from({ length: Math.min(20, PEOPLE - from) }, (_, i) => act(from + i)));
}

const night = () =>
  at(END, () => scheduledReports(installation.deps, { info: () => undefined, error: () => undefined })());
const found = async (id: string) => {
  const experiment = await installation.deps.experiments.find(id);
  if (experiment === undefined) throw new Error(id);
  return experiment;
};

beforeAll(async () => {
  installation = await openInstallation();
  await recorded(harmful('checkout'));
}, 30_000);
afterAll(() => installation.stop());

describe('a crossed guardrail', () => {
  it('pauses the experiment in the night it is seen, and the history says who did it and why', async () => {
    await night();
    const experiment = await found('checkout');
    expect(experiment.status).toBe('paused');
    expect(experiment.guardrailStops).toEqual([{ metric: 'spend', variant: 'ladder', at: END }]);
    const revisions = await installation.deps.experiments.revisions('checkout');
    expect(revisions.map(({ by, action }) => ({ by, action }))).toContainEqual({ by: GUARDRAIL, action: 'paused' });
  });

  it('is the verdict, with the metric, the variant and their numbers in its sentence', async () => {
    const { verdict, guardrails } = await at(END, () => readReport(installation.deps, 'checkout'));
    expect(verdict.kind).toBe('stopped-by-guardrail');
    expect(verdict.variant).toBeUndefined();
    expect(verdict.sentence).toMatch(
      /^Three asks crosses the guardrail “Spend”\. It stands at 0\.50 against [\d.]+ in the control \(9\d\.\d % less, compared day by day\); 5\.0 % less is tolerated\. The evidence for that is .* to 1, and 40\.0 to 1 is asked for\.$/,
    );
    expect(guardrails?.map(({ metric, outcome }) => [metric, outcome])).toEqual([
      ['spend', 'crossed'],
      ['complaints', 'unknown'],
    ]);
  });

  it('lets somebody resume, and does not pause again for what they have seen', async () => {
    await at(END, () => moveExperiment(installation.deps, 'checkout', 'resumed', 'ada'));
    await night();
    await night();
    expect((await found('checkout')).status).toBe('running');
    expect((await at(END, () => readReport(installation.deps, 'checkout'))).verdict.kind).toBe('stopped-by-guardrail');
  });

  it('is never overridden by autoConclude, not even when only warned of or in doubt', async () => {
    const experiment = await found('checkout');
    const report = await at(END, () => readReport(installation.deps, 'checkout'));
    expect(report.variants.find(({ id }) => id === 'ladder')?.best).toBeGreaterThan(0.99);
    const winner = { ...report, verdict: { ...report.verdict, kind: 'winner' as const, variant: 'ladder' } };
    const warned = (report.guardrails ?? []).map((each) => ({ ...each, outcome: 'warned' as const }));
    expect(await concludeByVerdict(installation.deps, experiment, { ...winner, guardrails: warned })).toBeUndefined();
    const doubtful = warned.map((each) => ({ ...each, outcome: 'clear' as const, probabilityOfHarm: 0.96 }));
    expect(await concludeByVerdict(installation.deps, experiment, { ...winner, guardrails: doubtful })).toBeUndefined();
    expect(await concludeByVerdict(installation.deps, experiment, winner)).toBeUndefined();
  });

  it('pauses again for another guardrail, which nobody has seen yet', async () => {
    const { journeys } = installation.deps;
    await forEachPerson(async (i) => {
      if (i % 2 === 0 && i % 20 !== 0) return;
      await journeys.record(
        aJourney({
          visitor: `visitor-${i}`,
          variant: i % 2 === 1 ? 'ladder' : 'one-ask',
          commitments: { [commitmentKey('complaint', `c-${i}`)]: { at: NOON + HOUR } },
        }),
      );
    });
    await night();
    const experiment = await found('checkout');
    expect(experiment.status).toBe('paused');
    expect(experiment.guardrailStops?.map(({ metric }) => metric)).toEqual(['spend', 'complaints']);
  });
});
