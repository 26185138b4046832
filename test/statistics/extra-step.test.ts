import { describe, expect, it } from 'vitest';
import { doseResponse } from '#shared/statistics/dose-response.ts';
import { judgeExtraStep } from '#shared/statistics/extra-step.ts';
import { ladderPosterior } from '#shared/statistics/ladder.ts';

/** Of 40,000: 6 % buy without the step; of those who take it, 10 % buy. */
const shorter = ladderPosterior([37_600, 2400]);
const longerWith = (committed: number) => {
  const goals = committed / 10;
  return ladderPosterior([40_000 - committed, committed - goals, goals]);
};

describe('judgeExtraStep', () => {
  it('says that a step earns its place when 70 % take it and 60 % would do', () => {
    const step = judgeExtraStep({ shorter, longer: longerWith(28_000), rung: 1, gate: true });
    expect(step.verdict).toBe('earns');
    expect(step.probabilityEarns).toBeGreaterThan(0.99);
    expect(step.atTheStep?.breakEven.rate).toBeCloseTo(0.6, 2);
    expect(step.atTheStep?.breakEven.observed).toBeCloseTo(0.7, 3);
    expect(step.atTheStep?.friction.estimate).toBeCloseTo(0.3, 3);
    expect(step.atTheStep?.lift.estimate).toBeCloseTo(1 / 0.6, 2);
  });

  it('says that it costs when 50 % take it', () => {
    const step = judgeExtraStep({ shorter, longer: longerWith(20_000), rung: 1, gate: true });
    expect(step.verdict).toBe('costs');
    expect(step.atTheStep?.breakEven.interval.low).toBeGreaterThan(0.5);
  });

  it('keeps running while the evidence does not agree, however sure the posterior is', () => {
    expect(judgeExtraStep({ shorter, longer: longerWith(28_000), rung: 1, gate: false }).verdict).toBe('keep-running');
  });

  it('calls two ladders equivalent without evidence of a difference, once they are surely within delta', () => {
    const without = ladderPosterior([3_760_000, 240_000]);
    const withStep = ladderPosterior([1_600_000, 2_160_000, 240_000]);
    expect(judgeExtraStep({ shorter: without, longer: withStep, rung: 1, gate: false }).verdict).toBe('equivalent');
  });

  it('has three probabilities that sum to one', () => {
    for (const committed of [0, 100, 20_000, 24_000, 40_000]) {
      const step = judgeExtraStep({ shorter, longer: longerWith(committed), rung: 1, gate: true });
      expect(step.probabilityEarns + step.probabilityCosts + step.probabilityEquivalent).toBeCloseTo(1, 9);
    }
  });

  it('reads nothing into a step that was not counted', () => {
    const step = judgeExtraStep({ shorter, longer: longerWith(28_000), rung: 1, gate: true, counted: false });
    expect(step).toMatchObject({ verdict: 'earns', atTheStep: null });
  });

  it('compares from the same place when the extra step is in the middle', () => {
    // Both lose half at the first step; the longer asks once more before the goal.
    const two = ladderPosterior([5000, 4000, 1000]);
    const three = ladderPosterior([5000, 1000, 2800, 1200]);
    const step = judgeExtraStep({ shorter: two, longer: three, rung: 2, gate: true });
    expect(step.atTheStep?.friction.estimate).toBeCloseTo(0.2, 3);
    expect(step.atTheStep?.breakEven.rate).toBeCloseTo(0.2 / 0.3, 2);
  });

  it('refuses the goal as an extra step', () => {
    expect(() => judgeExtraStep({ shorter, longer: longerWith(100), rung: 2, gate: true })).toThrow(
      "judgeExtraStep requires a rung below the longer ladder's goal, got 2",
    );
  });
});

describe('doseResponse', () => {
  it('asks for ladders of three lengths', () => {
    expect(doseResponse([shorter, longerWith(100), longerWith(200)])).toMatchObject({ kind: 'insufficient' });
  });

  it('gives each number of steps the probability that the best ladder has it', () => {
    const three = ladderPosterior([20_000, 10_000, 7400, 2600]);
    const response = doseResponse([three, longerWith(28_000), shorter, longerWith(27_500)]);
    if (response.kind !== 'estimated') throw new Error(response.kind);
    expect(response.rows.map(({ steps }) => steps)).toEqual([1, 2, 2, 3]);
    expect(response.bestNumberOfSteps.map(({ steps }) => steps)).toEqual([1, 2, 3]);
    expect(response.bestNumberOfSteps.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 10);
    expect(response.bestNumberOfSteps[1]?.probability).toBeGreaterThan(0.95);
  });
});
