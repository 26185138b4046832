import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Definition } from '#shared/experiment/definition.ts';
import { parsed } from '#shared/http/parsed.ts';
import { logit } from '#shared/statistics/logit.ts';
import { calibrate } from '../../local/simulation/calibration.ts';
import { seeded } from '../../local/simulation/random.ts';
import { readTruth, type Truth, trueGoalRate, truthNames } from '../../local/simulation/truth.ts';
import { drawVisitor } from '../../local/simulation/visitor.ts';
import { aDefinition, withWeights } from '../support/an-experiment.ts';

const DAY_MS = 86_400_000;

const templateOf = (truth: Truth): Definition => {
  const file = new URL(`../../samples/templates/${truth.template}.json`, import.meta.url);
  return parsed(Definition, (JSON.parse(readFileSync(file, 'utf8')) as { definition: unknown }).definition, 'template');
};

describe.each(truthNames())('the truth %s', (name) => {
  const truth = readTruth(name);
  const definition = templateOf(truth);

  it('speaks of every step of its template and of no other, and its stages share everybody out', () => {
    for (const { id, steps } of definition.variants)
      expect(Object.keys(truth.variants[id]?.steps ?? {}).sort()).toEqual(steps.map((step) => step.id).sort());
    expect(Object.keys(truth.variants).sort()).toEqual(definition.variants.map(({ id }) => id).sort());
    expect(truth.stages.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    const activities = Object.values(truth.variants).flatMap((variant) => Object.keys(variant.activities));
    const known = definition.metrics.flatMap((metric) => ('activity' in metric ? [metric.activity] : []));
    expect(activities.filter((each) => !known.includes(each))).toEqual([]);
  });

  it('is what the visitors drawn from it do, within four standard errors', () => {
    const visitors = 20_000;
    const random = seeded(7);
    const drawn = Array.from({ length: visitors }, (_, i) => drawVisitor(random, truth, definition, i, 0));
    for (const { id } of definition.variants) {
      const goals = drawn.filter(({ fates }) =>
        fates.get(id)?.some((deed) => deed.type === 'step' && deed.step === definition.goal),
      ).length;
      const rate = trueGoalRate(truth, definition, id);
      const error = Math.sqrt((rate * (1 - rate)) / visitors);
      expect(Math.abs(goals / visitors - rate) / error, `${id}: ${goals / visitors}, truly ${rate}`).toBeLessThan(4);
    }
  });

  it('lets nearly everybody who reaches the goal reach it inside the window', () => {
    const random = seeded(8);
    const times = Array.from({ length: 3000 }, (_, i) => drawVisitor(random, truth, definition, i, 0)).flatMap(
      ({ fates }) =>
        [...fates.values()].flatMap((deeds) =>
          deeds.filter((deed) => deed.type === 'step' && deed.step === definition.goal),
        ),
    );
    const late = times.filter(({ afterMs }) => afterMs > definition.windowDays * DAY_MS).length;
    expect(late / times.length).toBeLessThan(0.02);
  });
});

describe('a stage of intent', () => {
  it('moves the odds of every ladder by one factor, unless the truth has an interaction', () => {
    const truth = readTruth('ad-funnel');
    const definition = templateOf(truth);
    const logOdds = (variant: string, stage: (typeof truth.stages)[number]) =>
      logit(trueGoalRate(truth, definition, variant, stage));
    const gaps = truth.stages.map((stage) => logOdds('ladder', stage) - logOdds('one-ask', stage));
    for (const gap of gaps) expect(gap).toBeCloseTo(gaps[0] ?? 0, 12);
    const crossing = readTruth('ad-funnel-crossover');
    const best = crossing.stages.map(
      (stage) =>
        trueGoalRate(crossing, definition, 'ladder', stage) > trueGoalRate(crossing, definition, 'one-ask', stage),
    );
    expect(best).toEqual([true, false]);
  });
});

describe('the simulation', () => {
  it('gives the same visitors for the same seed and others for another', () => {
    const truth = readTruth('community');
    const definition = templateOf(truth);
    const drawn = (seed: number) => {
      const random = seeded(seed);
      return Array.from({ length: 20 }, (_, i) => drawVisitor(random, truth, definition, i, 0));
    };
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1)).not.toEqual(drawn(2));
  });
});

describe('calibrate', () => {
  it('finds the false winners of the policy that ships within what it promises', () => {
    const measured = calibrate(seeded(3), aDefinition(), { runs: 60, perDay: 400, rates: [0.05] });
    expect(measured).toMatchObject({ runs: 60, promised: 0.05, kept: true });
    expect(measured.early).toBeLessThanOrEqual(measured.falseWinners);
  });

  it('counts the best of two good treatments as no false winner, and either of two that are alike as one', () => {
    const three = aDefinition(withWeights(1, 1, 1));
    const apart = calibrate(seeded(4), three, { runs: 20, perDay: 2000, rates: [0.05, 0.06, 0.07] });
    expect(apart).toMatchObject({ falseWinners: 0, trueWinners: 20 });
    const alike = calibrate(seeded(5), three, { runs: 60, perDay: 1000, rates: [0.05, 0.06, 0.06] });
    expect(alike).toMatchObject({ trueWinners: 0, kept: true });
  });

  it('moves the weights where the definition asks for it, and the promise holds', () => {
    const moving = aDefinition({ ...withWeights(1, 1), allocation: { kind: 'thompson' } });
    const plan = { runs: 60, perDay: 1000, rates: [0.05] };
    const moved = calibrate(seeded(6), moving, plan);
    expect(moved.kept).toBe(true);
    expect(moved).not.toEqual(calibrate(seeded(6), aDefinition(withWeights(1, 1)), plan));
  });

  it('catches a policy that does not keep its promise', () => {
    // An end that is no end: the look of the last day is taken on every day.
    const careless = aDefinition({
      policy: {
        plannedDays: 1,
        minimumDays: 1,
        wholeWeeks: false,
        minimumGoals: 1,
        falseWinnerRate: 0.5,
        probability: 0.6,
        expectedLoss: 0.9,
      },
    });
    const measured = calibrate(seeded(3), careless, { runs: 30, perDay: 400, rates: [0.05], days: 5 });
    expect(measured.falseWinners / 30).toBeGreaterThan(0.1);
  });
});
