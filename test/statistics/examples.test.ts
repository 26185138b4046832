import { describe, expect, it } from 'vitest';
import { doseResponse } from '#shared/statistics/dose-response.ts';
import { attributeDropOff } from '#shared/statistics/drop-off.ts';
import { judgeExtraStep } from '#shared/statistics/extra-step.ts';
import { forecastDecision } from '#shared/statistics/forecast.ts';
import { ladderPosterior, worstStep } from '#shared/statistics/ladder.ts';
import { compareMeans } from '#shared/statistics/mean.ts';
import { kaplanMeier, restrictedMean, survivalAt } from '#shared/statistics/survival.ts';

/** The examples of docstrings that no other test repeats. */
describe('the example of', () => {
  it('worstStep holds', () => {
    const [first, second, third] = worstStep(ladderPosterior([380, 210, 205, 205]));
    expect(first).toBeCloseTo(0.000018, 6);
    expect(second).toBeCloseTo(0.0000001, 7);
    expect(third).toBeCloseTo(0.999982, 6);
  });

  it('judgeExtraStep holds', () => {
    const longer = ladderPosterior([12_000, 25_200, 2800]);
    const step = judgeExtraStep({ shorter: ladderPosterior([37_600, 2400]), longer, rung: 1, gate: true });
    expect(step.verdict).toBe('earns');
    expect(step.atTheStep?.breakEven.observed).toBeCloseTo(0.7, 4);
    expect(step.atTheStep?.breakEven.rate).toBeCloseTo(0.6, 3);
  });

  it('doseResponse holds', () => {
    const ladders = [ladderPosterior([90, 10]), ladderPosterior([50, 40, 10])];
    expect(doseResponse(ladders)).toEqual({ kind: 'insufficient', needed: 'ladders of three lengths' });
  });

  it('attributeDropOff holds', () => {
    const ladders = { control: ladderPosterior([6000, 3000, 1000]), treatment: ladderPosterior([5000, 3500, 1500]) };
    const { total, terms } = attributeDropOff(ladders, [{ control: 1, treatment: 1 }]);
    expect(total.logRatio).toBeCloseTo(0.405298, 6);
    expect(terms.map(({ share }) => share)).toEqual([expect.closeTo(0.55, 3), expect.closeTo(0.45, 3)]);
  });

  it('forecastDecision holds', () => {
    const day = { informationPerDay: 23.75, days: 60, plannedEndInDays: 20 };
    const forecast = forecastDecision({ score: 25, information: 237.5, tau: 0.1, ...day });
    if (forecast.kind !== 'forecast') throw new Error(forecast.kind);
    expect(forecast.decidedBy[19]).toBeCloseTo(0.5634, 4);
    expect(forecast.likelyInDays).toBe(20);
  });

  it('kaplanMeier, survivalAt and restrictedMean holds on one curve', () => {
    const curve = kaplanMeier([
      { atSeconds: 1, events: 1, censored: 1 },
      { atSeconds: 2, events: 1, censored: 0 },
    ]);
    if (curve.kind !== 'estimated') throw new Error(curve.kind);
    expect(curve.steps.map(({ waiting }) => waiting)).toEqual([expect.closeTo(2 / 3, 12), 0]);
    expect(curve.medianSeconds).toBe(2);
    expect(survivalAt(curve, 1)).toMatchObject({ waiting: expect.closeTo(2 / 3, 12) });
    expect(restrictedMean(curve, 2)).toMatchObject({ seconds: expect.closeTo(5 / 3, 12) });
  });

  it('compareMeans holds', () => {
    const comparison = compareMeans({ count: 4, sum: 8, sumOfSquares: 18 }, { count: 4, sum: 12, sumOfSquares: 38 });
    expect(comparison).toMatchObject({
      ratio: { estimate: 1.5, interval: { low: expect.closeTo(0.9486, 4), high: expect.closeTo(2.6231, 4) } },
    });
  });
});
