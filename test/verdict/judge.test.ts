import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { Policy } from '#shared/experiment/policy.ts';
import type { Sequence } from '#shared/experiment/sequence.ts';
import type { Cohort } from '#shared/tally/counts.ts';
import { type Case, judge } from '#shared/verdict/judge.ts';

const ladder = (length: number) =>
  Array.from({ length }, (_, i) => ({ step: i === length - 1 ? 'buy' : `step-${i}`, observed: true, windowMs: 0 }));

const sequence = (ladders: Record<string, number>): Sequence => ({
  version: 1,
  since: 0,
  windowMs: 0,
  control: 'a',
  goal: 'buy',
  ladders: Object.fromEntries(Object.entries(ladders).map(([id, length]) => [id, ladder(length)])),
});

/** So many days alike: visitors a day, and goals a day by variant. */
const days = (count: number, visitors: number, goals: Readonly<Record<string, number>>, from = 0): Cohort[] =>
  Array.from({ length: count }, (_, i) => ({
    epoch: 1,
    day: 100 + from + i,
    visitors: Object.fromEntries(Object.keys(goals).map((id) => [id, visitors])),
    goals,
  }));

function aCase(
  cohorts: readonly Cohort[],
  more: { ladders?: Record<string, number>; policy?: object; assigned?: number[] } = {},
): Case {
  const { ladders = { a: 1, b: 3 } } = more;
  const ids = Object.keys(ladders);
  const assigned =
    more.assigned ?? ids.map((id) => cohorts.reduce((sum, { visitors }) => sum + (visitors[id] ?? 0), 0));
  return {
    sequence: sequence(ladders),
    policy: z.parse(Policy, more.policy ?? {}),
    names: Object.fromEntries(ids.map((id) => [id, `ladder ${id}`])),
    cohorts,
    ratios: [{ weights: ids.map(() => 1), assigned, redirected: ids.map(() => 0), arrived: ids.map(() => 0) }],
  };
}

const verdictOf = (...args: Parameters<typeof aCase>) => judge(aCase(...args)).verdict;

describe('judge', () => {
  it('collects while days or goals are missing, and says which', () => {
    const young = verdictOf(days(3, 1000, { a: 50, b: 60 }));
    expect(young).toMatchObject({ kind: 'collecting' });
    expect(young.sentence).toContain('3 days');
    const rare = verdictOf(days(14, 1000, { a: 1, b: 2 }));
    expect(rare).toMatchObject({ kind: 'collecting' });
    expect(rare.sentence).toContain('14 goals');
  });

  it('asks for the minimum of days and of goals, and for no more', () => {
    const policy = { minimumDays: 9, minimumGoals: 18, wholeWeeks: false };
    const kindAfter = (count: number, goals: number) =>
      verdictOf(days(count, 1000, { a: goals, b: goals }), { policy }).kind;
    expect([kindAfter(9, 2), kindAfter(8, 3)]).toEqual(['keep-running', 'collecting']);
    const one = { ...policy, minimumGoals: 19 };
    expect(verdictOf(days(9, 1000, { a: 2, b: 2 }), { policy: one }).kind).toBe('collecting');
  });

  it('collects, and shows no number that is not one, when nobody came at all', () => {
    const { verdict, standings } = judge(aCase([]));
    expect(verdict.kind).toBe('collecting');

    for (const { best, expectedLoss } of standings) expect([best, expectedLoss].every(Number.isFinite)).toBe(true);
  });

  it('calls an experiment invalid whose visitors came in other proportions, however good its numbers look', () => {
    const verdict = verdictOf(days(14, 1000, { a: 50, b: 90 }), { assigned: [14_000, 15_200] });
    expect(verdict.kind).toBe('invalid');
    expect(verdict.variant).toBeUndefined();
  });

  it('names the longer ladder the winner before the planned end once the evidence is there', () => {
    const verdict = verdictOf(days(14, 2000, { a: 100, b: 130 }));
    expect(verdict).toMatchObject({ kind: 'winner', variant: 'b' });
    expect(verdict.reasons.find(({ check }) => check === 'evidence')?.outcome).toBe('passed');
    // 1400 goals against 1820: 30 % more by the counts, and less to whoever expects small effects.
    expect(verdict.reasons.find(({ check }) => check === 'scepticism')?.text).toContain(
      'brings 26.0 % more than ladder a',
    );
  });

  it('does not wait for the goals of a variant that loses nearly everybody, once all others would have them', () => {
    const lost = verdictOf(days(14, 1000, { a: 50, b: 0 }));
    expect(lost).toMatchObject({ kind: 'winner', variant: 'a' });
    expect(lost.reasons.find(({ check }) => check === 'minimum-goals')).toMatchObject({
      outcome: 'passed',
      value: 0,
      text: expect.stringContaining('at the rate of all variants together it would have 350'),
    });
    expect(verdictOf(days(14, 1000, { a: 2, b: 0 })).kind).toBe('collecting');
  });

  it('tells of two treatments that are both better, and alike, that they are, and names neither the best', () => {
    const three = { ladders: { a: 1, b: 2, c: 3 } };
    const early = verdictOf(days(14, 2000, { a: 100, b: 150, c: 152 }), three);
    expect(early.kind).toBe('keep-running');
    expect(early.sentence).toContain('ladder b and ladder c do better than ladder a');
    expect(early.reasons.find(({ check }) => check === 'evidence')).toMatchObject({
      outcome: 'failed',
      text: expect.stringContaining('of ladder c against ladder b, from which it is least clear'),
    });
    const late = verdictOf(days(28, 2000, { a: 100, b: 150, c: 152 }), three);
    expect(late.kind).toBe('keep-running');
    expect(late.sentence).not.toContain('No clear difference');
    expect(late.sentence).toContain('which variant is the best is not clear');
    expect(verdictOf(days(14, 2000, { a: 100, b: 150, c: 110 }), three)).toMatchObject({
      kind: 'winner',
      variant: 'b',
    });
  });

  it('needs at the planned end to be clear of the runner-up alone, however many variants there are', () => {
    // P(b beats each of the others) is 0.987, whether there is one or there are three: enough for one claim of 2 % a side.
    const others = { a: 100, c: 100, d: 100 };
    for (const goals of [
      { a: 100, b: 108 },
      { ...others, b: 108 },
    ])
      expect(
        verdictOf(days(28, 2000, goals), { ladders: Object.fromEntries(Object.keys(goals).map((id) => [id, 1])) }),
      ).toMatchObject({ kind: 'winner', variant: 'b' });
  });

  it('keeps the control when the extra asks cost goals', () => {
    expect(verdictOf(days(14, 2000, { a: 130, b: 100 }))).toMatchObject({ kind: 'winner', variant: 'a' });
  });

  it('names no winner early on a probability alone', () => {
    const verdict = verdictOf(days(14, 1000, { a: 50, b: 57 }));
    expect(verdict.kind).toBe('keep-running');
    expect(verdict.reasons.find(({ check }) => check === 'probability')?.outcome).toBe('passed');
  });

  it('decides at the planned end on the planned days alone, whatever came after', () => {
    const planned = days(28, 1000, { a: 50, b: 55 });
    const policy = { plannedDays: 28, expectedLoss: 0.02 };
    expect(verdictOf(planned, { policy })).toMatchObject({ kind: 'winner', variant: 'b' });
    const later = [...planned, ...days(14, 1000, { a: 60, b: 50 }, 28)];
    expect(verdictOf(later, { policy })).toMatchObject({ kind: 'winner', variant: 'b' });
  });

  it('gives a tie within the region of equivalence to the shorter ladder, once the planned end is reached', () => {
    const tie = days(28, 100_000, { a: 50_000, b: 50_010 });
    expect(verdictOf(tie)).toMatchObject({ kind: 'equivalent', variant: 'a' });
    expect(verdictOf(tie, { ladders: { a: 4, b: 2 } })).toMatchObject({ kind: 'equivalent', variant: 'b' });
    expect(verdictOf(tie.slice(0, 14))).toMatchObject({ kind: 'keep-running' });
  });

  it('asks more evidence of each of many variants', () => {
    const cohorts = days(14, 2000, { a: 100, b: 117 });
    const strict = (verdict: ReturnType<typeof verdictOf>) =>
      verdict.reasons.find(({ check }) => check === 'evidence')?.text;
    expect(strict(verdictOf(cohorts))).toContain('100 to 1');
    const four = days(14, 2000, { a: 100, b: 117, c: 100, d: 100 });
    expect(strict(verdictOf(four, { ladders: { a: 1, b: 2, c: 3, d: 4 } }))).toContain('300 to 1');
  });

  it('lets days beyond the last whole week wait', () => {
    const { days: cut } = judge(aCase(days(17, 1000, { a: 50, b: 55 })));
    expect(cut).toMatchObject({ days: 14, waiting: 3 });
    expect(judge(aCase(days(17, 1000, { a: 50, b: 55 }), { policy: { wholeWeeks: false } })).days).toMatchObject({
      days: 17,
      waiting: 0,
    });
  });

  it('gives one verdict with reasons for any counts, and never a number that is not one', () => {
    const rate = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(rate, { minLength: 2, maxLength: 5 }),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 0, max: 500 }),
        (rates, count, visitors) => {
          const ids = rates.map((_, i) => String.fromCharCode(97 + i));
          const goals = Object.fromEntries(ids.map((id, i) => [id, Math.round(visitors * (rates[i] ?? 0))]));
          const judged = judge(
            aCase(days(count, visitors, goals), { ladders: Object.fromEntries(ids.map((id, i) => [id, i + 1])) }),
          );
          expect(judged.verdict.sentence).not.toMatch(/NaN|undefined|Infinity/);
          for (const { text, value } of judged.verdict.reasons) {
            expect(text).not.toMatch(/NaN|undefined|Infinity/);
            if (value !== undefined) expect(Number.isFinite(value)).toBe(true);
          }
          const sum = judged.standings.reduce((total, { best }) => total + best, 0);
          expect(sum).toBeCloseTo(1, 10);
        },
      ),
      { numRuns: 60 },
    );
  });
});
