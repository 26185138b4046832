import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  kaplanMeier,
  type Observation,
  restrictedMean,
  restrictedMeanDifference,
  type SurvivalCurve,
  survivalAt,
} from '#shared/statistics/survival.ts';

/** The remission times of Freireich et al. 1963, the example every textbook uses. Weeks, here taken for seconds. */
const TAKEN = [6, 6, 6, 7, 10, 13, 16, 22, 23];
const WAITING = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35];
const observed: readonly Observation[] = [
  ...TAKEN.map((atSeconds) => ({ atSeconds, events: 1, censored: 0 })),
  ...WAITING.map((atSeconds) => ({ atSeconds, events: 0, censored: 1 })),
];

function curveOf(observations: readonly Observation[]): SurvivalCurve {
  const curve = kaplanMeier(observations);
  if (curve.kind !== 'estimated') throw new Error(`no curve: ${curve.needed}`);
  return curve;
}

describe('kaplanMeier', () => {
  it('asks for a visitor', () => {
    expect(kaplanMeier([])).toEqual({ kind: 'insufficient', needed: 'a visitor' });
    expect(kaplanMeier([{ atSeconds: 3, events: 0, censored: 0 }])).toMatchObject({ kind: 'insufficient' });
  });

  it('draws the curve of the textbook example', () => {
    const curve = curveOf(observed);
    // scipy 1.17, ecdf of right-censored data.
    const waiting = [0.85714286, 0.80672269, 0.75294118, 0.69019608, 0.62745098, 0.53781513, 0.44817927];
    expect(curve.steps.map((step) => step.waiting)).toEqual(waiting.map((share) => expect.closeTo(share, 8)));
    expect(curve).toMatchObject({ visitors: 21, events: 9, medianSeconds: 23, watchedSeconds: 35 });
  });

  it('has no median while more than half are waiting', () => {
    expect(curveOf([{ atSeconds: 5, events: 4, censored: 6 }]).medianSeconds).toBeNull();
  });

  it('is the share of those above a time where nobody is censored', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), fc.nat(60), (times, at) => {
        const curve = curveOf(times.map((atSeconds) => ({ atSeconds, events: 1, censored: 0 })));
        const above = times.filter((time) => time > at).length / times.length;
        expect(survivalAt(curve, at)).toMatchObject({ kind: 'estimated', waiting: expect.closeTo(above, 10) });
      }),
    );
  });

  it('counts buckets as life tables do: a median inside its bucket, the censored at risk for half of it', () => {
    const curve = curveOf([
      { fromSeconds: 0, atSeconds: 10, events: 20, censored: 20 },
      { fromSeconds: 10, atSeconds: 20, events: 40, censored: 20 },
    ]);
    expect(curve.steps.map(({ atRisk }) => atRisk)).toEqual([90, 50]);
    expect(curve.steps[1]?.waiting).toBeCloseTo((70 / 90) * (10 / 50), 12);
    // From 7/9 straight down to 7/45, one half is passed 0.446 of the way.
    expect(curve.medianSeconds).toBeCloseTo(10 + (10 * (7 / 9 - 1 / 2)) / (7 / 9 - 7 / 45), 12);
  });
});

describe('survivalAt', () => {
  it("has Greenwood's interval on the log-log scale", () => {
    // scipy 1.17, confidence_interval(method='log-log').
    const at = (seconds: number) => survivalAt(curveOf(observed), seconds);
    expect(at(6)).toMatchObject({
      interval: { low: expect.closeTo(0.61971796, 8), high: expect.closeTo(0.95155175, 8) },
    });
    expect(at(23)).toMatchObject({
      interval: { low: expect.closeTo(0.18805201, 8), high: expect.closeTo(0.68014263, 8) },
    });
  });

  it('says nothing about times nobody was watched for', () => {
    expect(survivalAt(curveOf(observed), 36)).toEqual({ kind: 'not-watched', watchedSeconds: 35 });
  });

  it('stays a probability with ends in order, for any observations and any time', () => {
    const observation = fc.record({
      atSeconds: fc.integer({ min: 1, max: 40 }),
      events: fc.nat(3),
      censored: fc.nat(3),
    });
    fc.assert(
      fc.property(fc.array(observation, { minLength: 1 }), fc.nat(50), (observations, seconds) => {
        const curve = kaplanMeier(observations);
        if (curve.kind !== 'estimated') return;
        const at = survivalAt(curve, seconds);
        if (at.kind !== 'estimated') return;
        expect(at.interval.low).toBeGreaterThanOrEqual(0);
        expect(at.interval.low).toBeLessThanOrEqual(at.waiting + 1e-12);
        expect(at.interval.high).toBeGreaterThanOrEqual(at.waiting - 1e-12);
        expect(at.interval.high).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('restrictedMean', () => {
  it('is the area under the curve, with its variance', () => {
    const mean = restrictedMean(curveOf(observed), 30);
    expect(mean).toMatchObject({
      kind: 'estimated',
      seconds: expect.closeTo(21.046498599439776, 10),
      variance: expect.closeTo(5.034647197822026, 10),
    });
  });

  it('is the plain average where nobody is censored and the horizon is past everyone', () => {
    const curve = curveOf([2, 3, 7].map((atSeconds) => ({ atSeconds, events: 1, censored: 0 })));
    expect(restrictedMean(curve, 100)).toMatchObject({ seconds: expect.closeTo(4, 12) });
  });

  it('puts the events of a bucket in its middle, on average', () => {
    const curve = curveOf([
      { fromSeconds: 0, atSeconds: 10, events: 5, censored: 0 },
      { fromSeconds: 10, atSeconds: 20, events: 5, censored: 0 },
    ]);
    expect(restrictedMean(curve, 20)).toMatchObject({ seconds: expect.closeTo(10, 12) });
    expect(restrictedMean(curve, 5)).toMatchObject({ seconds: expect.closeTo((1 + 0.75) * 2.5, 12) });
  });

  it('does not guess beyond what was watched', () => {
    expect(restrictedMean(curveOf(observed), 40)).toEqual({ kind: 'not-watched', watchedSeconds: 35 });
  });
});

describe('restrictedMeanDifference', () => {
  it('is zero between equal curves, and adds their variances', () => {
    const curve = curveOf(observed);
    expect(restrictedMeanDifference(curve, curve, 30)).toMatchObject({
      seconds: 0,
      variance: expect.closeTo(2 * 5.034647197822026, 10),
    });
  });
});
