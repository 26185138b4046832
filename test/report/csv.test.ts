import { describe, expect, it } from 'vitest';
import { composeReport } from '#shared/report/compose.ts';
import { csv, laddersCsv, metricsCsv, reportCsv } from '#shared/report/csv.ts';
import { anExperiment, DAY, NOON, steps } from '../support/an-experiment.ts';
import { communityExperiment, populationTally, SAME } from './a-population.ts';
import { aReport, aTally, clearWinner } from './a-report.ts';

const rows = (text: string): string[][] =>
  text
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','));

describe('csv', () => {
  it('quotes what a reader would take for a separator, and doubles quotes', () => {
    expect(csv([['a,b', 'say "yes"', 'two\nlines', 1.5, true, null]])).toBe(
      '"a,b","say ""yes""","two\nlines",1.5,true,\r\n',
    );
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1'])(
    'makes a text that begins like a formula harmless: %j',
    (text) => {
      expect(csv([[text]]).replace(/^"/, '')).toMatch(/^'/);
    },
  );

  it('leaves numbers alone, also below zero', () => {
    expect(csv([[-0.5, -12]])).toBe('-0.5,-12\r\n');
  });
});

describe('reportCsv', () => {
  it('has a row for every rung of every variant, and names cannot run', () => {
    const experiment = anExperiment({
      variants: [
        { id: 'one-ask', name: '=HYPERLINK("https://evil")', steps: steps('buy') },
        { id: 'ladder', name: 'Three asks', steps: steps('question', 'plan', 'buy') },
      ],
    });
    const text = reportCsv(aReport({ experiment, daily: clearWinner }));
    expect(rows(text)).toHaveLength(1 + 1 + 3);
    expect(text).toContain(`"'=HYPERLINK(""https://evil"")"`);
    expect(text).not.toMatch(/NaN|undefined/);
  });
});

describe('reportCsv of a variant that has nobody', () => {
  it('has no rate of it, and compares nothing', () => {
    const text = reportCsv(aReport({ daily: { 'one-ask': [900, 100], ladder: [0, 0, 0, 0] } }));
    const [head = [], ...body] = rows(text);
    const cells = (name: string) => body.map((row) => row[head.indexOf(name)]);
    expect(cells('goal_rate').map((cell) => cell !== '')).toEqual([true, false, false, false]);
    expect(cells('reach').map((cell) => cell !== '')).toEqual([true, false, false, false]);
    expect([...cells('probability_best'), ...cells('uplift')].join('')).toBe('');
  });
});

describe('the tables of a report in which everything is measured', () => {
  const experiment = communityExperiment();
  const truth = { 'one-ask': SAME, ladder: { ...SAME, spends: 500 } };
  const report = composeReport(
    experiment,
    populationTally(experiment, truth, { days: 14, daily: 100, seed: 11 }),
    0,
    NOON + 45 * DAY,
  );
  const records = (text: string) => {
    const [head = [], ...body] = rows(text.replace(/"(?:[^"]|"")*"/g, 'text'));
    return body.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i] ?? 'missing'])));
  };

  it('say how each treatment stands at each guardrail, and nothing for the control', () => {
    const lines = records(metricsCsv(report)).filter(({ week }) => week === '');
    for (const { metric, variant, outcome, logEvidence, needed } of report.guardrails ?? [])
      expect(lines.find((line) => line.metric === metric && line.variant === variant)).toMatchObject({
        guardrail_outcome: outcome,
        guardrail_log_evidence: String(logEvidence),
        guardrail_log_evidence_needed: String(needed),
      });
    expect(report.guardrails?.some(({ outcome }) => outcome === 'crossed')).toBe(true);
    expect(lines.find(({ metric, variant }) => metric === 'spend' && variant === 'one-ask')?.guardrail).toBe('');
    expect(lines.find(({ metric, variant }) => metric === 'posts' && variant === 'ladder')?.guardrail).toBe('');
  });

  it('say what was spent and returned, and how each stage of intent does', () => {
    const lines = records(reportCsv(report));
    for (const { variant, costPerVisitor, profitPerVisitor, roi, extra } of report.spend?.variants ?? [])
      expect(lines.find((line) => line.variant === variant)).toMatchObject({
        cost_per_visitor: String(costPerVisitor),
        profit_per_visitor_low: String(profitPerVisitor.low),
        return_on_cost: roi === null ? '' : String(roi.mean),
        probability_of_more_profit: extra === null ? '' : String(extra.probabilityOfMore),
      });
    for (const { stage, variants, best } of report.intent?.stages ?? [])
      for (const { variant, visitors, rate, pooled } of variants)
        expect(lines.find((line) => line.variant === variant)).toMatchObject({
          [`${stage}_visitors`]: String(visitors),
          [`${stage}_rate`]: String(rate.mean),
          [`${stage}_rate_pooled`]: pooled === null ? '' : String(pooled),
          [`${stage}_best`]: best === null ? '' : String(best === variant),
        });
    expect([report.spend?.variants.length, report.intent?.stages.length]).toEqual([2, 2]);
    expect(lines[0]?.mid_visitors).toBe('');
  });

  it('give advice at the rung it speaks of, in a text no spreadsheet runs', () => {
    const said = {
      ...report,
      advice: [
        {
          rule: 'leads-nowhere' as const,
          variants: ['ladder'],
          steps: ['plan'],
          found: '=1+1',
          attempt: '@SUM(A1)',
          value: 1,
          threshold: 0,
        },
        {
          rule: 'no-value-first' as const,
          variants: ['one-ask', 'ladder'],
          steps: [],
          found: 'None.',
          attempt: 'Give.',
          value: 1,
          threshold: 0,
        },
      ],
    };
    expect(
      records(reportCsv(said)).map(({ step, advice, advice_found, advice_attempt }) => [
        step,
        advice,
        advice_found,
        advice_attempt,
      ]),
    ).toEqual([
      ['buy', 'no-value-first', 'None.', 'Give.'],
      ['question', 'no-value-first', 'None.', 'Give.'],
      ['plan', 'leads-nowhere', "'=1+1", "'@SUM(A1)"],
      ['buy', '', '', ''],
    ]);
  });

  it('are read of reports that were stored before there was any of this', () => {
    const { guardrails: _, intent: __, spend: ___, advice: ____, ...older } = report;
    const [before, now] = [reportCsv(older), reportCsv(report)].map((text) => text.split('\r\n'));
    expect(before?.[0]).toBe(now?.[0]);
    expect(`${reportCsv(older)}${metricsCsv(older)}`).not.toMatch(/undefined|null|NaN/);
  });
});

describe('laddersCsv', () => {
  it('gives back the counts, day by day and class by class', () => {
    const [head = [], ...body] = rows(
      laddersCsv(
        new Map([
          ...aTally({ days: 3, daily: clearWinner }),
          ...aTally({ days: 1, daily: { ladder: [5, 0, 0, 0] }, kind: 'machine' }),
        ]),
      ),
    );
    expect(body).toHaveLength(3 * 2 + 1);
    const column = (row: string[], name: string) => row[head.indexOf(name)];
    const ladder = body.find((row) => column(row, 'variant') === 'ladder' && column(row, 'class') === 'human');
    expect(['visitors', 'rung_1', 'rung_2', 'rung_3'].map((name) => column(ladder ?? [], name))).toEqual([
      '1000',
      '600',
      '300',
      '150',
    ]);
  });
});
