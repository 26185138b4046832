import { describe, expect, it } from 'vitest';
import { frictionsCsv } from '#shared/report/csv.ts';
import { frictionRows } from '#shared/report/frictions.ts';
import { frictionsText } from '#shared/report/frictions-text.ts';
import type { Report } from '#shared/report/report.ts';
import { studentQuantile } from '#shared/statistics/student.ts';
import { compareFrictions } from '#shared/usecases/compare-frictions.ts';
import { anExperiment, steps } from '../support/an-experiment.ts';
import { aReport } from './a-report.ts';

/** An experiment whose second ladder begins with a question of so many choices, taken by so many of a thousand a day. */
const asking = (id: string, choices: number, take: number, frictions: object = {}) =>
  anExperiment({
    id,
    variants: [
      { id: 'one-ask', name: 'One ask', steps: steps('buy') },
      {
        id: 'ladder',
        name: `Ladder of ${take}`,
        steps: [{ id: 'question', name: 'Question', frictions: { choices, ...frictions } }, ...steps('buy')],
      },
    ],
  });
const reported = (id: string, choices: number, take: number, frictions: object = {}): Report =>
  aReport({
    experiment: asking(id, choices, take, frictions),
    daily: { 'one-ask': [900, 100], ladder: [1000 - take, take - 100, 100] },
  });

describe('frictionRows', () => {
  it('adds up who came to a step and who took it, by friction and value, over experiments', () => {
    const rows = frictionRows([reported('a', 3, 600), reported('b', 3, 500), reported('c', 12, 300, { clear: false })]);
    expect(
      rows.map(({ friction, value, experiments, came, took }) => [friction, value, experiments, came, took]),
    ).toEqual([
      ['choices', 3, 2, 28_000, 15_400],
      ['choices', 12, 1, 14_000, 4200],
      ['clear', false, 1, 14_000, 4200],
    ]);
  });

  it('takes the experiment for the unit: several that differ make it less sure, and none makes it surer than its visitors', () => {
    const [one] = frictionRows([reported('a', 3, 600)]);
    const [apart] = frictionRows([reported('a', 3, 600), reported('b', 3, 400), reported('c', 3, 500)]);
    const [alike] = frictionRows([reported('a', 3, 500), reported('b', 3, 500), reported('c', 3, 500)]);
    const width = (row: typeof one) => (row?.pass.high ?? 0) - (row?.pass.low ?? 0);
    expect(width(apart)).toBeGreaterThan(10 * width(one));
    expect(width(alike)).toBeCloseTo(width(one) / Math.sqrt(3), 2);
    expect(apart?.pass.low).toBeGreaterThanOrEqual(0);
  });

  it('leaves out experiments whose numbers cannot be trusted', () => {
    const broken = aReport({
      experiment: asking('broken', 3, 100),
      daily: { 'one-ask': [900, 100], ladder: [100, 60, 40] },
    });
    expect(broken.verdict.kind).toBe('invalid');
    expect(frictionRows([broken])).toEqual([]);
  });

  it('is shown as text and as a table', () => {
    const rows = frictionRows([reported('a', 3, 600)]);
    expect(frictionsText(rows)).toMatch(/choices\s+3\s+1\s+1\s+14,000\s+60\.0 %/);
    expect(frictionsText([])).toContain('states a friction');
    expect(frictionsCsv(rows).split('\r\n')[1]).toMatch(/^choices,3,1,1,14000,8400,0\.59/);
  });
});

describe('compareFrictions', () => {
  it('reads the latest written report of every experiment that states one, and asks for no other', async () => {
    const asked: string[] = [];
    const stores = {
      experiments: { list: async () => [asking('a', 3, 600), anExperiment({ id: 'plain' }), asking('unread', 5, 200)] },
      reports: {
        latest: async (id: string) => {
          asked.push(id);
          return id === 'a' ? reported('a', 3, 600) : undefined;
        },
      },
    } as unknown as Parameters<typeof compareFrictions>[0];
    expect((await compareFrictions(stores)).map(({ value }) => value)).toEqual([3]);
    expect(asked).toEqual(['a', 'unread']);
  });
});

describe('studentQuantile', () => {
  it.each([
    [0.975, 1, 12.706204736174694],
    [0.975, 4, 2.7764451051977934],
    [0.9, 9, 1.3830287383966329],
    [0.025, 3, -3.1824463052837086],
    [0.995, 200, 2.600634436191558],
    [0.5, 7, 0],
  ])('is what scipy says, at %d with %d degrees of freedom', (p, degrees, expected) => {
    expect(studentQuantile(p, degrees)).toBeCloseTo(expected, 9);
  });
});
