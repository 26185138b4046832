import { describe, expect, it } from 'vitest';
import { moved } from '#shared/experiment/lifecycle.ts';
import { composeReport } from '#shared/report/compose.ts';
import { reportHtml } from '#shared/report/html.ts';
import { nextSteps, verdictLabel } from '#shared/report/next-steps.ts';
import { between, duration, sentences, signed } from '#shared/report/say.ts';
import { reportText } from '#shared/report/text.ts';
import { cohortDay } from '#shared/tally/cohort-day.ts';
import { type Counters, cellKey, type Tally } from '#shared/tally/tally.ts';
import { listed } from '#shared/verdict/words.ts';
import { anExperiment, DAY, NOON, steps } from '../support/an-experiment.ts';
import { aReport, aTally, clearWinner, noDifference } from './a-report.ts';

describe('a report of an experiment whose enrolment is closed', () => {
  const until = '2026-01-20T00:00:00Z';
  const closing = (change = {}) =>
    aReport({ experiment: anExperiment({ enrolment: { until } }), daily: clearWinner, ...change });

  it('says since when, on the page and as text, and forecasts nothing from people who do not come', () => {
    const report = closing();
    expect([report.experiment.enrolmentClosed, report.outlook]).toEqual(['2026-01-20', null]);
    expect(reportText(report)).toContain('Enrolment closed on 2026-01-20; what those who joined do still counts.');
    expect(reportHtml(report)).toContain('enrolment closed 2026-01-20');
  });

  it('says nothing of it before', () => {
    const { experiment } = aReport({
      experiment: anExperiment({ enrolment: { until: '2027-01-20T00:00:00Z' } }),
      daily: clearWinner,
    });
    expect(experiment).not.toHaveProperty('enrolmentClosed');
  });
});

describe('extraStepsOf', () => {
  const oneMore = (observed: boolean) =>
    anExperiment({
      variants: [
        { id: 'one-ask', name: 'Short', steps: steps('lead', 'buy') },
        {
          id: 'ladder',
          name: 'Long',
          steps: [{ id: 'question', name: 'A question', observed }, ...steps('lead', 'buy')],
        },
      ],
    });

  it('finds the step one ladder has more, and what happens at it', () => {
    const [extra] = aReport({
      experiment: oneMore(true),
      daily: { 'one-ask': [500, 400, 100], ladder: [300, 200, 300, 200] },
    }).extraSteps;
    expect(extra).toMatchObject({
      shorter: 'one-ask',
      longer: 'ladder',
      verdict: 'earns',
      steps: [{ step: 'question' }],
    });
    expect(extra?.atTheStep?.friction.estimate).toBeCloseTo(0.3, 2);
    expect(extra?.atTheStep?.breakEven.rate).toBeCloseTo(0.1 / (200 / 700), 1);
  });

  it('reads nothing into a step nobody counted', () => {
    const [extra] = aReport({
      experiment: oneMore(false),
      daily: { 'one-ask': [500, 400, 100], ladder: [500, 0, 300, 200] },
    }).extraSteps;
    expect(extra?.atTheStep).toBeNull();
    expect(extra?.verdict).toBe('earns');
  });

  it('judges several extra steps together, also above a single ask', () => {
    const [extra] = aReport({ daily: clearWinner }).extraSteps;
    expect(extra?.steps.map(({ step }) => step)).toEqual(['question', 'plan']);
    expect(extra?.atTheStep).toBeNull();
    expect(
      (extra?.probabilityEarns ?? 0) + (extra?.probabilityCosts ?? 0) + (extra?.probabilityEquivalent ?? 0),
    ).toBeCloseTo(1, 9);
  });

  it('passes over pairs that a ladder lies between, and ladders that only share some steps', () => {
    const experiment = anExperiment({
      variants: [
        { id: 'one-ask', name: 'One', steps: steps('buy') },
        { id: 'two', name: 'Two', steps: steps('lead', 'buy') },
        { id: 'ladder', name: 'Three', steps: steps('question', 'lead', 'buy') },
        { id: 'other', name: 'Other', steps: steps('video', 'buy') },
      ],
    });
    const { extraSteps } = aReport({
      experiment,
      daily: { 'one-ask': [900, 100], two: [700, 200, 100], ladder: [600, 200, 100, 100], other: [800, 100, 100] },
    });
    expect(extraSteps.map(({ shorter, longer }) => `${shorter} ${longer}`)).toEqual([
      'one-ask two',
      'one-ask other',
      'two ladder',
    ]);
  });
});

describe('divergencesOf', () => {
  it('splits the log ratio at the goal exactly over the stretches between shared steps', () => {
    const experiment = anExperiment({
      variants: [
        { id: 'one-ask', name: 'Short', steps: steps('lead', 'buy') },
        { id: 'ladder', name: 'Long', steps: steps('question', 'lead', 'buy') },
      ],
    });
    const [divergence] = aReport({
      experiment,
      daily: { 'one-ask': [500, 400, 100], ladder: [300, 200, 300, 200] },
    }).divergences;
    const sum = divergence?.stretches.reduce((total, { change }) => total + Math.log1p(change.mean), 0);
    expect(sum).toBeCloseTo(Math.log1p(divergence?.total.mean ?? 0), 9);
    expect(divergence?.stretches.map(({ between: inside }) => inside.map(({ name }) => name))).toEqual([
      ['Step question'],
      [],
    ]);
  });

  it('is silent where the weights were changed, because pooled shares would mislead', () => {
    const cell = (epoch: number, variant: string) =>
      cellKey({ sequence: 1, epoch, day: cohortDay(NOON) + epoch, variant, class: 'human', segment: '' });
    const tally: Tally = new Map<string, Counters>(
      [1, 2].flatMap((epoch) => [
        [cell(epoch, 'one-ask'), { n: 100 * epoch, f0: 90 * epoch, f1: 10 * epoch }],
        [cell(epoch, 'ladder'), { n: 100, f0: 90, f3: 10 }],
      ]),
    );
    const experiment = anExperiment();
    const twice = {
      ...experiment,
      epochs: [experiment.epochs[0], { epoch: 2, since: NOON + DAY, weights: { 'one-ask': 2, ladder: 1 } }] as const,
    };
    expect(composeReport(twice, tally, 0, NOON + 30 * DAY).divergences).toEqual([]);
  });
});

describe('timesOnStep', () => {
  it('finds the median of those who were watched, not of those who finished', () => {
    const { times } = aReport({
      daily: { 'one-ask': [400, 600], ladder: [0, 0, 0, 1000] },
      takes: [60_000, 600_000, 3_600_000],
    });
    const buy = times.find(({ variant }) => variant === 'one-ask')?.times;
    // Six in ten buy, a third of them within a minute each: half of everyone is reached in the last bucket.
    expect(buy).toMatchObject({ kind: 'estimated', events: 14 * 600 });
    expect(buy?.kind === 'estimated' && buy.medianSeconds).toBeGreaterThan(600);
  });

  it('says nothing of times that are all alike, or too few', () => {
    expect(aReport({ daily: clearWinner, takes: [60_000] }).times.map(({ times }) => times.kind)).toContain(
      'all-alike',
    );
    expect(
      aReport({ days: 1, daily: { 'one-ask': [99, 1], ladder: [97, 1, 1, 1] }, takes: [1e3, 1e6] }).times.every(
        ({ times }) => times.kind === 'too-few',
      ),
    ).toBe(true);
  });
});

describe('daySeries', () => {
  it('ends with what the report itself says', () => {
    const report = aReport({ daily: clearWinner });
    const last = report.days.points.at(-1);
    for (const { id, best, evidence } of report.variants) {
      expect(last?.best[id]).toBeCloseTo(best, 9);
      if (evidence) expect(last?.logEvidence[id]).toBeCloseTo(evidence.logEvidence, 9);
    }
  });

  it('keeps to sixty points however long an experiment runs', () => {
    const { points } = aReport({ days: 365, daily: { 'one-ask': [9, 1], ladder: [6, 2, 1, 1] } }).days;
    expect(points.length).toBeLessThanOrEqual(60);
  });
});

describe('nextSteps', () => {
  it('asks to conclude a winner, and to leave a young experiment alone', () => {
    expect(nextSteps(aReport({ daily: clearWinner }))[0]).toBe('Conclude the experiment and give everyone Three asks.');
    expect(nextSteps(aReport({ days: 2, daily: clearWinner }))[0]).toContain('Leave it running');
  });

  it('notices a conclusion that went against the verdict', () => {
    const experiment = anExperiment();
    const end = NOON + 30 * DAY;
    const concluded = moved(experiment, 'concluded', end, 'one-ask');
    if ('field' in concluded) throw new Error(concluded.message);
    const report = composeReport(concluded, aTally({ daily: clearWinner }), 0, end);
    expect(nextSteps(report)[0]).toBe(
      'It is concluded; everyone gets One ask. The verdict is for Three asks: give everyone that instead, or write down why not.',
    );
  });

  it('prices an unclear result after the planned end', () => {
    const report = aReport({ days: 28, daily: noDifference });
    expect(verdictLabel(report)).toBe('No clear winner');
    expect(nextSteps(report)[0]).toMatch(
      /too small for this many visitors to show. What is known: at the goal, Three asks brings between .* than One ask/,
    );
  });
});

describe('say', () => {
  it.each([
    [listed(['a']), 'a'],
    [listed(['a', 'b', 'c']), 'a, b and c'],
    [signed(-0.04), '−4.0 %'],
    [signed(0.1), '+10.0 %'],
    [between({ low: -0.097, high: 0.022 }), 'between 9.7 % less and 2.2 % more'],
    [duration(5400), '1.5 hours'],
    [duration(60), '1 minute'],
    [duration(0.4), '0.4 seconds'],
    [sentences('it is 0.96 %. one step leads.').join(' '), 'It is 0.96 %. One step leads.'],
  ])('writes %s', (said, expected) => {
    expect(said).toBe(expected);
  });
});
