import { describe, expect, it } from 'vitest';
import { reportCsv } from '#shared/report/csv.ts';
import { reportHtml } from '#shared/report/html.ts';
import { reportMail, slackMessage } from '#shared/report/mail.ts';
import { reportText } from '#shared/report/text.ts';
import { anExperiment, steps } from '../support/an-experiment.ts';
import { aReport, clearWinner } from './a-report.ts';

/** One ladder is the other with a question before it, and the planned end is over, when one clear look decides. */
const experiment = anExperiment({
  variants: [
    { id: 'one-ask', name: 'Short', steps: steps('buy') },
    { id: 'ladder', name: 'Long', steps: steps('question', 'buy') },
  ],
});

describe('a report in which one variant has nobody', () => {
  const report = aReport({ experiment, days: 42, daily: { 'one-ask': [997, 3], ladder: [0, 0, 0] } });

  it('compares nothing: a belief that rests on no visitor is no finding', () => {
    expect(report.extraSteps.map(({ verdict }) => verdict)).toEqual(['keep-running']);
    expect(report.divergences).toEqual([]);
    expect(report.anchors.flatMap(({ comparisons }) => comparisons)).toEqual([]);
    expect(report.verdict.reasons.map(({ check }) => check)).not.toContain('probability');
  });

  it('shows no number for it in any form', () => {
    expect(reportText(report)).not.toMatch(/50\.0 %|75\.0 %|33\.3 %/);
    expect(reportText(report)).toMatch(/Long +0 +– +– +– +– +–/);
    expect(reportMail(report).text).not.toMatch(/50\.0 %|33\.3 %/);
    expect(reportMail(report).html).not.toMatch(/50\.0 %|33\.3 %/);
    const slack = JSON.stringify(slackMessage(report));
    expect(slack).toContain('Long: nobody has had their whole window yet');
    expect(slack).not.toMatch(/50\.0 %|best with probability/);
    expect(reportHtml(report)).not.toMatch(/50\.0 %|75\.0 %|33\.3 %/);
    const [head = '', ...rows] = reportCsv(report).trim().split(/\r?\n/);
    const column = (name: string) => rows.map((row) => row.split(',')[head.split(',').indexOf(name)]);
    expect([column('goal_rate'), column('probability_best')]).toEqual([
      [expect.stringMatching(/^0\.00/), '', ''],
      ['', '', ''],
    ]);
  });

  it('says how unlikely the split is without digits that nobody can read', () => {
    expect(report.verdict.kind).toBe('invalid');
    expect(report.verdict.sentence).toContain('(p under 0.0001)');
  });
});

describe('a report before anybody has had their whole window', () => {
  const report = aReport({ experiment, days: 0, daily: clearWinner });

  it('shows no ladder and no rate', () => {
    expect(report.cohorts).toBeNull();
    expect(reportText(report)).not.toMatch(/\d %/);
  });
});

describe('extraStepsOf', () => {
  it.each([
    { name: 'the minimum of days', days: 3, daily: { 'one-ask': [900, 100], ladder: [400, 300, 300] } },
    { name: 'the minimum of goals', days: 42, daily: { 'one-ask': [1, 0], ladder: [0, 0, 1] } },
    { name: 'the proportions asked for', days: 42, daily: { 'one-ask': [900, 100], ladder: [40, 30, 30] } },
  ])('names no step before there is $name, however clear it looks', ({ days, daily }) => {
    const [extra] = aReport({ experiment, days, daily }).extraSteps;
    expect(extra?.probabilityEarns).toBeGreaterThan(0.95);
    expect(extra?.verdict).toBe('keep-running');
  });

  it('names it where all three are there', () => {
    const [extra] = aReport({
      experiment,
      days: 42,
      daily: { 'one-ask': [900, 100], ladder: [400, 300, 300] },
    }).extraSteps;
    expect(extra?.verdict).toBe('earns');
  });
});
