import { describe, expect, it } from 'vitest';
import { composeReport } from '#shared/report/compose.ts';
import { metricsCsv, reportCsv } from '#shared/report/csv.ts';
import { GUARDRAIL_WORDS } from '#shared/report/guardrail-sentence.ts';
import { reportHtml } from '#shared/report/html.ts';
import { reportMail, slackMessage } from '#shared/report/mail.ts';
import { nextSteps, verdictLabel } from '#shared/report/next-steps.ts';
import type { Report } from '#shared/report/report.ts';
import { reportText } from '#shared/report/text.ts';
import { cohortDay } from '#shared/tally/cohort-day.ts';
import { cellKey, plus, type Tally } from '#shared/tally/tally.ts';
import { seeded } from '../../local/simulation/random.ts';
import { anExperiment, DAY, NOON, steps } from '../support/an-experiment.ts';
import { metricCounters, type Of } from '../support/metric-counters.ts';
import { communityExperiment, populationTally, SAME } from './a-population.ts';
import { aTally, clearWinner } from './a-report.ts';

const experiment = communityExperiment();
const ANSWERED = { ...SAME, posts: [1.8, 0.9, 0.6, 0.42], answered: 0.7 };
const tally = populationTally(experiment, { 'one-ask': SAME, ladder: ANSWERED }, { days: 14, daily: 50, seed: 5 });
const report = composeReport(experiment, tally, 0, NOON + 50 * DAY);
const metric = (of: Report, id: string) => {
  const found = of.metrics?.find((each) => each.id === id);
  if (found === undefined) throw new Error(id);
  return found;
};
const variantOf = (of: Report, id: string, variant = 'ladder') => {
  const found = metric(of, id).variants.find((each) => each.variant === variant);
  if (found === undefined) throw new Error(variant);
  return found;
};

/** One cell of hand-made visitors a variant, of one metric. */
function handmade(
  made: ReturnType<typeof anExperiment>,
  id: string,
  visitors: Readonly<Record<string, readonly Of[]>>,
  { day = 0, epoch = 1 } = {},
): Tally {
  return new Map(
    Object.entries(visitors).map(([variant, each]) => [
      cellKey({
        sequence: 1,
        epoch,
        day: cohortDay(NOON) + day,
        variant,
        class: 'human',
        segment: made.definition.intent ? 'intent=early' : '',
      }),
      { f0: each.length, ...metricCounters(id, each) },
    ]),
  );
}

describe('the metrics of a report', () => {
  it('find what is true of the members, each in its own unit', () => {
    expect(variantOf(report, 'answered').level?.mean).toBeGreaterThan(0.6);
    expect(variantOf(report, 'answered', 'one-ask').level?.mean).toBeLessThan(0.45);
    for (const id of ['posts', 'weeks', 'silence', 'answered', 'depth'])
      expect(variantOf(report, id).comparison?.better, id).toBeGreaterThan(0.95);
    expect(variantOf(report, 'posts', 'one-ask').comparison).toBeNull();
  });

  it('hold no level that cannot be: none below zero, and no share above one', () => {
    const pairs: Of[] = [
      { x: 9, d: 9 },
      { x: 0, d: 1 },
      { x: 1, d: 1 },
    ];
    const made = handmade(experiment, 'answered', { 'one-ask': pairs, ladder: pairs });
    const { level } = variantOf(composeReport(experiment, made, 0, NOON + 50 * DAY), 'answered');
    expect(level).toEqual({ mean: 10 / 11, low: 0, high: 1 });
  });

  it('take a shorter silence for better unless the definition says otherwise', () => {
    const silence = { id: 'silence', name: 'Silence', kind: 'gap', activity: 'post' } as const;
    const directions = [
      anExperiment({ metrics: [silence] }),
      anExperiment({ metrics: [{ ...silence, better: 'higher' }] }),
    ];
    expect(directions.map(({ definition }) => definition.metrics[0]?.better)).toEqual(['lower', 'higher']);
  });

  it('take less for better where the definition says so', () => {
    const silence = variantOf(report, 'silence');
    expect(silence.comparison?.difference.mean).toBeLessThan(0);
    expect(silence.comparison?.better).toBeGreaterThan(0.95);
  });

  it('wait for each metric’s own maturity, and say how many are still on their way', () => {
    const early = composeReport(experiment, tally, 0, NOON + 20 * DAY);
    expect(variantOf(early, 'posts')).toMatchObject({ visitors: 13 * 50, immature: 50 });
    expect(variantOf(early, 'answered')).toMatchObject({ visitors: 12 * 50, immature: 2 * 50 });
    expect(variantOf(early, 'weeks')).toMatchObject({ visitors: 0, immature: 14 * 50, level: null, comparison: null });
    expect(reportText(early)).toMatch(/Weeks with a post\n\s+Thanks\s+0\s+–/);
  });

  it('say whether so skewed an amount has enough visitors, and nothing where no histogram was kept', () => {
    const spend = variantOf(report, 'spend');
    expect(spend.trust).toMatchObject({ trusted: false });
    expect(spend.trust?.visitorsNeeded).toBe(Math.ceil(355 * (spend.trust?.skewness ?? 0) ** 2));
    const bare = handmade(experiment, 'spend', {
      'one-ask': [{ x: 5, histogram: false }, { x: 0 }, { x: 7, histogram: false }],
      ladder: [
        { x: 5, histogram: false },
        { x: 9, histogram: false },
      ],
    });
    expect(variantOf(composeReport(experiment, bare, 0, NOON + 50 * DAY), 'spend')).toMatchObject({
      trust: null,
      atCap: null,
    });
  });

  it('are not fooled by weights that changed with a good week', () => {
    const many = (count: number, x: number): Of[] => Array.from({ length: count }, (_, i) => ({ x: x + (i % 2) }));
    // In each epoch the two are alike; added up, the ladder would look much better, as it got the good week's visitors.
    const mixed = plus(
      handmade(experiment, 'posts', { 'one-ask': many(90, 1), ladder: many(10, 1) }),
      handmade(experiment, 'posts', { 'one-ask': many(10, 9), ladder: many(90, 9) }, { day: 1, epoch: 2 }),
    );
    const { comparison } = variantOf(composeReport(experiment, mixed, 0, NOON + 50 * DAY), 'posts');
    expect(comparison?.difference.mean).toBeCloseTo(0, 12);
  });
});

describe('return by week', () => {
  it('has one rate for each week, among those for whom it is over', () => {
    const weeks = metric(report, 'weeks').weeks?.weeks ?? [];
    expect(weeks.map(({ week }) => week)).toEqual([1, 2, 3, 4]);
    for (const { variants } of weeks)
      for (const { rate, visitors, returned } of variants)
        expect(rate.mean).toBeCloseTo((returned + 1) / (visitors + 2), 12);
  });

  it('is never lowered by people who are too new to have come back', () => {
    const asOf = NOON + 50 * DAY;
    const newcomers = handmade(
      experiment,
      'weeks',
      Object.fromEntries(
        ['one-ask', 'ladder'].map((variant) => [variant, Array.from({ length: 500 }, () => ({ weeks: [] }))]),
      ),
      { day: 49 },
    );
    const after = composeReport(experiment, plus(tally, newcomers), 0, asOf);
    expect(metric(after, 'weeks').weeks).toEqual(metric(composeReport(experiment, tally, 0, asOf), 'weeks').weeks);
    expect(variantOf(after, 'weeks').immature).toBe(500);
  });

  it('flags an effect that wears off, and not one that stays', () => {
    const fading = metric(report, 'weeks').weeks?.novelty[0];
    expect(fading).toMatchObject({ variant: 'ladder', verdict: 'fades' });
    expect(reportHtml(report)).toContain('Novelty. What Personal answer does wears off');
    const lasting = populationTally(
      experiment,
      { 'one-ask': SAME, ladder: { ...SAME, posts: [1.5, 1.1, 1, 0.9] } },
      { days: 14, daily: 50, seed: 6 },
    );
    const steady = metric(composeReport(experiment, lasting, 0, NOON + 50 * DAY), 'weeks').weeks?.novelty[0];
    expect(steady?.verdict).not.toBe('fades');
  });
});

describe('guardrails in a report', () => {
  const harmed = (seed: number, truth = SAME) =>
    composeReport(
      experiment,
      populationTally(experiment, { 'one-ask': SAME, ladder: truth }, { days: 10, daily: 150, seed }),
      0,
      NOON + 10 * DAY,
    );

  it('stop before anything is mature, and come before too little data', () => {
    const { verdict, guardrails, cohorts } = harmed(7, { ...SAME, buys: 0.05, spends: 500 });
    expect(guardrails?.map(({ metric: id, outcome }) => [id, outcome])).toEqual([
      ['spend', 'crossed'],
      ['reports', 'clear'],
    ]);
    expect(cohorts?.days ?? 0).toBeLessThan(7);
    expect(verdict).toMatchObject({
      kind: 'stopped-by-guardrail',
      crossed: [{ metric: 'spend', variant: 'ladder' }],
    });
    expect(verdict.sentence).toContain('Personal answer crosses the guardrail “spend”');
    expect(verdict.reasons.find(({ check }) => check === 'guardrail')).toMatchObject({ outcome: 'failed' });
  });

  it('only warn where that is all they may do', () => {
    const warned = harmed(8, { ...SAME, reported: 0.3 });
    expect(warned.guardrails?.[1]).toMatchObject({ metric: 'reports', outcome: 'warned' });
    expect(warned.verdict.kind).not.toBe('stopped-by-guardrail');
    expect(nextSteps(warned).join(' ')).toContain('Weigh the guardrail “reports by others” first');
    expect(JSON.stringify(slackMessage(warned))).toContain('reports by others');
  });

  it.each([
    { name: 'a warning', metric: 'reports', outcome: 'warned' },
    { name: 'a stop that is announced', metric: 'spend', outcome: 'warned' },
    { name: 'a stop', metric: 'spend', outcome: 'crossed' },
  ] as const)('stand in the mail and in the message where there is $name, and nowhere else', ({ metric, outcome }) => {
    const quiet = harmed(9);
    const guardrails = (quiet.guardrails ?? []).map((each) => (each.metric === metric ? { ...each, outcome } : each));
    const { name = '' } = guardrails.find((each) => each.metric === metric) ?? {};
    const told = `Guardrail “${name}”, ${GUARDRAIL_WORDS[outcome]}: `;
    for (const said of [
      reportMail({ ...quiet, guardrails }).html,
      JSON.stringify(slackMessage({ ...quiet, guardrails })),
    ])
      expect([said.includes(told), said.split('Guardrail “').length]).toEqual([true, 2]);
    expect(reportMail(quiet).html).not.toContain('Guardrail “');
  });

  it('are quiet where nothing is worse', () => {
    const { guardrails } = harmed(9);
    expect(guardrails?.map(({ outcome }) => outcome)).toEqual(['clear', 'clear']);
    expect(reportHtml(harmed(9))).toContain('Nothing says that a variant does harm.');
  });

  it('say whether the experiment is paused, runs on or is over', () => {
    const crossed = harmed(7, { ...SAME, buys: 0.05, spends: 500 });
    const as = (status: Report['experiment']['status']): Report => ({
      ...crossed,
      experiment: { ...crossed.experiment, status, shipped: 'one-ask' },
    });
    expect(verdictLabel(as('running'))).toBe('A guardrail is crossed');
    expect(verdictLabel(as('paused'))).toBe('Stopped by a guardrail');
    expect(nextSteps(as('paused'))[0]).toContain('everyone gets the control');
    expect(nextSteps(as('concluded'))[0]).toContain('everyone gets Thanks');
    const shipped = { ...as('concluded'), experiment: { ...as('concluded').experiment, shipped: 'ladder' } };
    expect(nextSteps(shipped)[0]).toContain('give everyone the control instead');
  });

  it('leave the verdict invalid where the split is broken: harm may be the fault’s', () => {
    const broken = populationTally(experiment, { 'one-ask': SAME }, { days: 10, daily: 200, seed: 3 });
    const few = populationTally(experiment, { ladder: { ...SAME, spends: 10 } }, { days: 10, daily: 50, seed: 4 });
    expect(composeReport(experiment, plus(broken, few), 0, NOON + 10 * DAY).verdict.kind).toBe('invalid');
  });
});

describe('intent in a report', () => {
  /** Goals drawn for every variant and stage, on one day. */
  function staged(rates: Readonly<Record<string, readonly [number, number]>>, seed: number): Report {
    const random = seeded(seed);
    const made = anExperiment({
      intent: { rules: [{ stage: 'late', when: [{ attribute: 'returning', operator: 'is', value: true }] }] },
      segments: [{ attribute: 'country', values: ['FR', 'DE'] }],
    });
    const cells = Object.entries(rates).flatMap(([variant, of]) =>
      (['early', 'late'] as const).flatMap((stage, i) =>
        ['FR', 'DE'].map((country) => {
          const goals = random.binomial(5000, of[i] ?? 0);
          const rungs = variant === 'ladder' ? 3 : 1;
          const segment = `country=${country}&intent=${stage}`;
          const at = { sequence: 1, epoch: 1, day: cohortDay(NOON), variant, class: 'human', segment } as const;
          return [cellKey(at), { n: 5000, f0: 5000 - goals, [`f${rungs}`]: goals }] as const;
        }),
      ),
    );
    return composeReport(made, new Map(cells), 0, NOON + 30 * DAY);
  }

  it('is one winner for all where the stages want the same, whatever other segments there are', () => {
    const alike = staged({ 'one-ask': [0.03, 0.1], ladder: [0.034, 0.113] }, 81);
    expect(alike.intent).toMatchObject({ verdict: 'one-for-all', single: 'ladder' });
    expect(alike.intent?.stages.map(({ stage, variants }) => [stage, variants[0]?.visitors])).toEqual([
      ['early', 10_000],
      ['late', 10_000],
    ]);
    expect(reportHtml(alike)).toContain('One for all');
  });

  it('is a variant for each stage where early visitors want three steps and late ones one', () => {
    const crossed = staged({ 'one-ask': [0.03, 0.1], ladder: [0.042, 0.08] }, 82);
    expect(crossed.intent).toMatchObject({ verdict: 'per-stage' });
    expect(crossed.intent?.stages.map(({ best }) => best)).toEqual(['ladder', 'one-ask']);
    expect(reportText(crossed)).toContain('One for each stage: Three asks for early visitors and One ask for late');
  });

  it('is silent in an experiment that tells no intent', () => {
    expect(composeReport(anExperiment(), aTally({ daily: clearWinner }), 0, NOON + 30 * DAY).intent).toBeNull();
  });
});

describe('the column against the control', () => {
  it('says control of the control alone, wherever it stands, and nothing of a variant that cannot be compared yet', () => {
    const made = anExperiment({
      control: 'ladder',
      metrics: [{ id: 'spend', name: 'Spend', kind: 'value', cap: 10_000 }],
    });
    const few = handmade(made, 'spend', { 'one-ask': [{ x: 100 }], ladder: [{ x: 300 }, { x: 100 }, { x: 200 }] });
    const of = composeReport(made, few, 0, NOON + 50 * DAY);
    expect(of.metrics?.[0]?.variants.map(({ variant, comparison }) => [variant, comparison])).toEqual([
      ['one-ask', null],
      ['ladder', null],
    ]);
    const [, section = ''] = reportHtml(of).split('What else was measured');
    const cellsOf = (name: string) =>
      (new RegExp(`<th scope="row">${name}</th>(.*?)</tr>`).exec(section)?.[1] ?? '').replace(/<[^>]+>/g, ' ');
    expect(cellsOf('One ask')).not.toContain('control');
    expect(cellsOf('Three asks')).toContain('control');
    const [, table = ''] = reportText(of).split('Measured besides');
    expect(/One ask.*/.exec(table)?.[0]).not.toContain('control');
    expect(/Three asks.*/.exec(table)?.[0]).toContain('control');
  });
});

describe('return on spend', () => {
  const made = anExperiment({
    metrics: [{ id: 'spend', name: 'Spend', kind: 'value', cap: 10_000 }],
    variants: [
      { id: 'one-ask', name: 'One ask', steps: steps('buy') },
      {
        id: 'ladder',
        name: 'Three asks',
        cost: { perVisitor: 50, fixed: 200 },
        steps: steps('question', 'plan', 'buy'),
      },
    ],
  });
  const sold = handmade(made, 'spend', {
    'one-ask': [{ x: 100 }, { x: 0 }, { x: 200 }, { x: 100 }],
    ladder: [{ x: 300 }, { x: 100 }, { x: 200 }, { x: 200 }],
  });

  it('is value less cost over cost, by visitor, with the fixed part shared out and the control taken off', () => {
    const { spend } = composeReport(made, sold, 0, NOON + 50 * DAY);
    const [control, ladder] = spend?.variants ?? [];
    expect(control).toMatchObject({ costPerVisitor: 0, roi: null, extra: null, valuePerVisitor: { mean: 100 } });
    expect(ladder).toMatchObject({
      costPerVisitor: 100,
      valuePerVisitor: { mean: 200 },
      profitPerVisitor: { mean: 100 },
      roi: { mean: 1 },
      extra: { profit: { mean: 0 }, probabilityOfMore: 0.5, roi: { mean: 0 } },
    });
  });

  it('tells what a goal costs where nothing was said to be worth anything', () => {
    const free = handmade(made, 'spend', { 'one-ask': [{ x: 0 }, { x: 0 }], ladder: [{ x: 0 }, { x: 0 }] });
    const goals = [...free].map(([key, counters]) => [key, { ...counters, f0: 1, f1: 1, f3: 1 }] as const);
    const told = composeReport(made, new Map(goals), 0, NOON + 50 * DAY);
    expect(told.spend).toMatchObject({ valued: false, variants: [{ costPerGoal: 0 }, { costPerGoal: 300 }] });
    expect(reportText(told).replace(/\s+/g, ' ')).toContain('One visitor at the goal costs 3.00 with Three asks.');
    expect(reportHtml(told)).not.toContain('Return, with what came anyway');
  });

  it('goes by the plain value of steps where no value metric is declared, and is absent without costs', () => {
    const plain = new Map(
      [...sold].map(([key, { n = 0, f0 = 0, ...counters }]) => [
        key,
        {
          n,
          f0,
          payers: counters['m:spend:any'] ?? 0,
          value: counters['m:spend:x'] ?? 0,
          square: counters['m:spend:xx'] ?? 0,
        },
      ]),
    );
    const bare = anExperiment({ ...made.definition, metrics: [] });
    const { spend } = composeReport(bare, plain, 0, NOON + 50 * DAY);
    expect(spend?.metric).toBeNull();
    expect(spend?.variants.map(({ valuePerVisitor }) => valuePerVisitor.mean)).toEqual([100, 200]);
    expect(composeReport(anExperiment(), plain, 0, NOON + 50 * DAY).spend).toBeNull();
  });
});

describe('people who had two variants', () => {
  it('are told among the reasons and in the headcount, and fail nothing', () => {
    const people = aTally({ daily: clearWinner });
    const mixed = new Map([...people].map(([key, counters], i) => [key, { ...counters, conflict: i === 0 ? 400 : 0 }]));
    const told = composeReport(anExperiment(), mixed, 0, NOON + 22 * DAY);
    expect(told.headcount.conflicts).toBe(400);
    expect(told.verdict.kind).toBe('winner');
    expect(told.verdict.reasons.find(({ check }) => check === 'identity')).toMatchObject({ outcome: 'noted' });
    expect(reportHtml(told)).toContain('400 of the people had another variant');
    expect(told.verdict.reasons.find(({ check }) => check === 'identity')?.text).toContain('1.4 %');
  });
});

describe('every form of a report with metrics', () => {
  it('shows no number that is none', () => {
    const forms = [
      reportHtml(report),
      reportText(report),
      reportCsv(report),
      metricsCsv(report),
      reportMail(report).html,
    ];
    for (const form of forms) expect(form).not.toMatch(/NaN|Infinity|undefined|\bnull\b|\[object/);
  });

  it('has a row of the table for every metric and variant, and for every week', () => {
    expect(metricsCsv(report).trim().split('\r\n')).toHaveLength(1 + 7 * 2 + 4 * 2);
  });

  it('reads what was stored before there was any of this', () => {
    const { metrics: _, guardrails: __, intent: ___, spend: ____, advice: _____, ...old } = report;
    const stored = JSON.parse(JSON.stringify(old)) as Report;
    expect(reportHtml(stored)).not.toContain('What else was measured');
    expect(reportText(stored)).toContain('VERDICT');
    expect(reportMail(stored).html).toContain('What to do next');
    expect(metricsCsv(stored).trim().split('\r\n')).toHaveLength(1);
  });
});
