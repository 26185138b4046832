import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaMean } from '#shared/statistics/beta.ts';
import { climb, ladderPosterior, worstStep } from '#shared/statistics/ladder.ts';

const furthest = fc.array(fc.nat(1e6), { minLength: 2, maxLength: 8 });

describe('ladderPosterior', () => {
  it('starts every goal rate at Beta(1, 1), whatever the length', () => {
    for (const steps of [1, 2, 3, 7]) {
      expect(ladderPosterior(Array.from({ length: steps + 1 }, () => 0)).goal).toEqual({ alpha: 1, beta: 1 });
    }
  });

  it('gives the goal exactly Beta(1 + goals, 1 + visitors - goals), also as the last rung reached', () => {
    fc.assert(
      fc.property(furthest, (counts) => {
        const { goal, visitors, rungs } = ladderPosterior(counts);
        const goals = counts.at(-1) ?? 0;
        expect(goal).toEqual({ alpha: 1 + goals, beta: 1 + visitors - goals });
        expect(rungs.at(-1)?.reach).toEqual(goal);
      }),
    );
  });

  it('has reach rates that never rise and are the products of the pass rates below them', () => {
    fc.assert(
      fc.property(furthest, (counts) => {
        const { rungs } = ladderPosterior(counts);
        let product = 1;
        let below = 1;
        for (const { reach, pass } of rungs) {
          product *= betaMean(pass);
          expect(betaMean(reach)).toBeCloseTo(product, 12);
          expect(betaMean(reach)).toBeLessThanOrEqual(below);
          below = betaMean(reach);
        }
      }),
    );
  });

  it('refuses a ladder without a step', () => {
    expect(() => ladderPosterior([10])).toThrow('ladderPosterior requires at least two counts, got 1');
  });
});

describe('climb', () => {
  it('is the reach from the ground, the pass for one step, and the product of both for more', () => {
    const ladder = ladderPosterior([380, 210, 205, 205]);
    expect(climb(ladder, 0, 3)).toEqual(ladder.goal);
    expect(climb(ladder, 1, 2)).toEqual(ladder.rungs[1]?.pass);
    const passes = ladder.rungs.slice(1).map(({ pass }) => betaMean(pass));
    expect(betaMean(climb(ladder, 1, 3))).toBeCloseTo((passes[0] ?? 0) * (passes[1] ?? 0), 12);
  });
});

describe('worstStep', () => {
  it('names the step that loses the largest share, not the most people', () => {
    const [first = 0, second = 0, third = 0] = worstStep(ladderPosterior([380, 210, 205, 205]));
    expect(third).toBeGreaterThan(0.999);
    expect(first + second + third).toBeCloseTo(1, 12);
  });

  it('has nothing to choose in a ladder of one step', () => {
    expect(worstStep(ladderPosterior([90, 10]))).toEqual([1]);
  });

  it('is undecided between equal steps', () => {
    const [first = 0, second = 0] = worstStep(ladderPosterior([500, 250, 250]));
    expect(Math.abs(first - second)).toBeLessThan(0.05);
  });
});
