import { describe, expect, it } from 'vitest';
import { ADVICE_RULES } from '#shared/report/advice.ts';
import { composeReport } from '#shared/report/compose.ts';
import { reportHtml } from '#shared/report/html.ts';
import type { Report } from '#shared/report/report.ts';
import { anExperiment, type DefinitionInput, NOON, steps } from '../support/an-experiment.ts';
import { aReport, aTally, clearWinner, type Furthest } from './a-report.ts';

const rules = ({ advice = [] }: Report) => advice.map(({ rule, variants, steps: of }) => [rule, variants, of]);
const withVariants = (variants: DefinitionInput['variants'], daily: Furthest, days = 14): Report =>
  aReport({ experiment: anExperiment({ variants }), daily, days });
const ladder = (...of: DefinitionInput['variants'][number]['steps']): DefinitionInput['variants'] => [
  { id: 'one-ask', name: 'One ask', steps: steps('buy') },
  { id: 'ladder', name: 'Ladder', steps: of },
];

describe('adviceOf', () => {
  it('says nothing about ladders that are as they should be', () => {
    expect(rules(aReport({ daily: { 'one-ask': [900, 100], ladder: [400, 250, 200, 150] } }))).toEqual([]);
  });

  it('finds a first ask that is too big, with its number', () => {
    const report = aReport({ daily: { 'one-ask': [900, 100], ladder: [800, 20, 30, 150] } });
    expect(rules(report)).toEqual([['first-ask', ['ladder'], ['question']]]);
    const [{ found, value, threshold } = { found: '', value: 0, threshold: 0 }] = report.advice ?? [];
    expect(found).toContain('it is taken by 20.0 % in Three asks');
    expect(value).toBeLessThan(threshold);
  });

  it('does not speak of a first ask that more than half take, nor of one that is not the worst step', () => {
    expect(rules(aReport({ daily: { 'one-ask': [900, 100], ladder: [400, 300, 150, 150] } }))).toEqual([]);
    const worseLater = aReport({ daily: { 'one-ask': [990, 10], ladder: [600, 390, 0, 10] } });
    expect(worseLater.advice?.some(({ rule }) => rule === 'first-ask')).toBe(false);
  });

  it('finds the last step whose own people do worse than everyone given another variant', () => {
    const report = aReport({ daily: { 'one-ask': [900, 100], ladder: [100, 850, 10, 40] } });
    expect(rules(report)).toContainEqual(['leads-nowhere', ['ladder'], ['question']]);
    expect(report.advice?.find(({ rule }) => rule === 'leads-nowhere')?.found).toContain(
      'of everyone assigned to One ask',
    );
  });

  it('finds more steps than earn their place', () => {
    const report = aReport({ daily: { 'one-ask': [850, 150], ladder: [100, 300, 560, 40] } });
    expect(report.advice?.map(({ rule }) => rule)).toContain('unearned-step');
    expect(report.advice?.find(({ rule }) => rule === 'unearned-step')?.found).toContain('fewer people');
  });

  it('finds an ask that repeats: by its words, by its address, by being the conversion twice', () => {
    const same = (a: object, b: object) =>
      withVariants(
        ladder(
          { id: 'first', name: 'Leave an e-mail', ...a },
          { id: 'second', name: 'Read on', ...b },
          { id: 'buy', name: 'Buy' },
        ),
        clearWinner,
      );
    expect(rules(same({}, { name: 'Please leave your e-mail again' }))).toEqual([
      ['repeated-ask', ['ladder'], ['first', 'second']],
    ]);
    expect(rules(same({ stage: 'conversion' }, { stage: 'conversion' }))).toHaveLength(1);
    expect(rules(same({}, {}))).toEqual([]);
  });

  it('finds an experiment in which no ladder gives anything before it asks, but not one that compares the two', () => {
    const staged = (stage: 'action' | 'engagement') =>
      withVariants(
        [
          { id: 'one-ask', name: 'One ask', steps: [{ id: 'buy', name: 'Buy', stage: 'conversion' }] },
          {
            id: 'ladder',
            name: 'Ladder',
            steps: [
              { id: 'look', name: 'Look', stage },
              { id: 'buy', name: 'Buy', stage: 'conversion' },
            ],
          },
        ],
        { 'one-ask': [900, 100], ladder: [300, 550, 150] },
      );
    expect(rules(staged('action'))).toEqual([['no-value-first', ['one-ask', 'ladder'], []]]);
    expect(rules(staged('engagement'))).toEqual([]);
  });

  it('is silent about data while there is too little, or none to trust', () => {
    const early = composeReport(
      anExperiment(),
      aTally({ days: 1, daily: { 'one-ask': [90, 10], ladder: [80, 2, 3, 15] } }),
      0,
      NOON,
    );
    expect(early.verdict.kind).toBe('collecting');
    expect(rules(early)).toEqual([]);
    const broken = aReport({ daily: { 'one-ask': [900, 100], ladder: [160, 4, 6, 30] } });
    expect(broken.verdict.kind).toBe('invalid');
    expect(rules(broken)).toEqual([]);
  });

  it('is shown on the page with what to try, and every rule has its words there', () => {
    const html = reportHtml(aReport({ daily: { 'one-ask': [900, 100], ladder: [800, 20, 30, 150] } }));
    expect(html).toContain('The first ask is big');
    expect(html).toContain('Put a smaller ask before it');
    expect(ADVICE_RULES).toHaveLength(5);
  });
});
