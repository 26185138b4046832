import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaMean } from '#shared/statistics/beta.ts';
import { attributeDropOff } from '#shared/statistics/drop-off.ts';
import { ladderPosterior } from '#shared/statistics/ladder.ts';

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('attributeDropOff', () => {
  it('splits the total exactly, in mean and in variance, whatever the ladders', () => {
    const counts = (steps: number) => fc.array(fc.nat(1e6), { minLength: steps + 1, maxLength: steps + 1 });
    fc.assert(
      fc.property(counts(3), counts(5), (short, long) => {
        const ladders = { control: ladderPosterior(short), treatment: ladderPosterior(long) };
        const { total, terms } = attributeDropOff(ladders, [
          { control: 1, treatment: 2 },
          { control: 2, treatment: 3 },
        ]);
        expect(terms).toHaveLength(3);
        expect(Math.abs(sum(terms.map(({ logRatio }) => logRatio)) - total.logRatio)).toBeLessThan(1e-9);
        expect(Math.abs(sum(terms.map(({ variance }) => variance)) - total.variance)).toBeLessThan(1e-9);
      }),
      { numRuns: 20 },
    );
  });

  it('gives no shares while the goal rates may be equal', () => {
    const ladders = { control: ladderPosterior([600, 300, 100]), treatment: ladderPosterior([600, 290, 110]) };
    const { suppressed, terms } = attributeDropOff(ladders, [{ control: 1, treatment: 1 }]);
    expect(suppressed).toBe(true);
    expect(terms.map(({ share }) => share)).toEqual([null, null]);
  });

  it('gives shares that sum to one once they differ', () => {
    const ladders = { control: ladderPosterior([6000, 3000, 1000]), treatment: ladderPosterior([5000, 3500, 1500]) };
    const { suppressed, terms } = attributeDropOff(ladders, [{ control: 1, treatment: 1 }]);
    expect(suppressed).toBe(false);
    expect(sum(terms.map(({ share }) => share ?? 0))).toBeCloseTo(1, 9);
  });

  it('has intervals around the observed log ratios', () => {
    const ladders = { control: ladderPosterior([6000, 3000, 1000]), treatment: ladderPosterior([5000, 3500, 1500]) };
    const { total, terms } = attributeDropOff(ladders, [{ control: 1, treatment: 1 }]);
    for (const { logRatio, variance, interval } of [total, ...terms]) {
      const halfWidth = 1.959964 * Math.sqrt(variance);
      expect(interval.low).toBeCloseTo(logRatio - halfWidth, 2);
      expect(interval.high).toBeCloseTo(logRatio + halfWidth, 2);
    }
  });

  it('does not take a change of company for a change of heart', () => {
    // Eager people go on with 50 %, reluctant ones with 10 %, in both variants. The treatment lets twice as many through
    // its first step, nearly all of them reluctant: momentum falls from 37 % to 25 % though nobody behaves differently.
    const through = (eager: number, reluctant: number) => ({ eager, reluctant });
    const control = through(2730, 1270);
    const treatment = through(2960, 5040);
    const ladder = ({ eager, reluctant }: ReturnType<typeof through>) => {
      const goals = eager * 0.5 + reluctant * 0.1;
      return ladderPosterior([20_000 - eager - reluctant, eager + reluctant - goals, goals]);
    };
    const ladders = { control: ladder(control), treatment: ladder(treatment) };
    const [first, second] = attributeDropOff(ladders, [{ control: 1, treatment: 1 }]).terms;
    expect(betaMean(ladders.control.rungs[1]?.pass ?? { alpha: 1, beta: 1 })).toBeCloseTo(0.373, 3);
    expect(betaMean(ladders.treatment.rungs[1]?.pass ?? { alpha: 1, beta: 1 })).toBeCloseTo(0.248, 3);
    expect(second?.interval.high).toBeLessThan(0);
    // Which is why the later stretch carries the mark that the people differ.
    expect(first?.randomised).toBe(true);
    expect(second?.randomised).toBe(false);
  });

  it('refuses anchors that do not rise', () => {
    const ladders = { control: ladderPosterior([60, 30, 10]), treatment: ladderPosterior([50, 35, 15]) };
    expect(() => attributeDropOff(ladders, [{ control: 2, treatment: 1 }])).toThrow(
      'attributeDropOff requires anchors',
    );
  });
});
