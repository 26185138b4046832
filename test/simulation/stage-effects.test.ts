import { afterAll, describe, expect, it } from 'vitest';
import { type StageCell, stageEffects } from '#shared/statistics/stage-effects.ts';
import { seeded } from '../../local/simulation/random.ts';
import { calibrationTable, type Line } from '../support/calibration-table.ts';

const RUNS = 300;
const PER_STAGE = 10_000;
const lines: Line[] = [];
afterAll(() =>
  console.log(calibrationTable('Winner per stage of intent, 20,000 visitors a stage', ['per-stage'], lines)),
);

/** How often a policy per stage is named, for true rates by variant and then stage. */
function namedPerStage(what: string, promised: string, rates: readonly (readonly number[])[], seed: number): number {
  const random = seeded(seed);
  let named = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const cells = rates.map((row) =>
      row.map((rate): StageCell => ({ trials: PER_STAGE, successes: random.binomial(PER_STAGE, rate) })),
    );
    const effects = stageEffects(cells);
    if (effects.kind === 'estimated' && effects.verdict === 'per-stage') named += 1;
  }
  lines.push({ what, measured: [{ share: named / RUNS, runs: RUNS }], promised });
  return named / RUNS;
}

describe('stageEffects', () => {
  // The standard error of 5 % in 300 runs is 1.3 %: the bounds are asserted as they stand.
  it('names one winner for all in at least 95 % of experiments without an interaction', () => {
    const none = [
      [0.03, 0.05, 0.1],
      [0.03, 0.05, 0.1],
    ];
    expect(namedPerStage('no difference at all', 'at most 5 %', none, 51)).toBeLessThan(0.05);
    const better = [
      [0.03, 0.05, 0.1],
      [0.0325, 0.054, 0.107],
    ];
    expect(namedPerStage('one variant better in all', 'at most 5 %', better, 52)).toBeLessThan(0.05);
  });

  it('names one winner for all in at least 95 % of experiments without an interaction, looked at on each of 28 days', () => {
    const rates = [
      [0.03, 0.05, 0.1],
      [0.03, 0.06, 0.115],
    ];
    const random = seeded(55);
    const runs = 120;
    let named = 0;
    for (let run = 0; run < runs; run += 1) {
      const cells = rates.map((row) => row.map(() => ({ trials: 0, successes: 0 })));
      for (let day = 0; day < 28; day += 1) {
        for (const [variant, row] of rates.entries())
          for (const [stage, rate] of row.entries()) {
            const cell = cells[variant]?.[stage];
            if (cell === undefined) continue;
            cell.trials += 350;
            cell.successes += random.binomial(350, rate);
          }
        const effects = stageEffects(cells);
        if (effects.kind !== 'estimated' || effects.verdict !== 'per-stage') continue;
        named += 1;
        break;
      }
    }
    lines.push({
      what: 'better in two stages, daily looks',
      measured: [{ share: named / runs, runs }],
      promised: 'at most 5 %',
    });
    expect(named / runs).toBeLessThan(0.05);
  });

  it('finds the crossover where early visitors want three steps and late ones one', () => {
    const strong = [
      [0.03, 0.05, 0.1],
      [0.045, 0.05, 0.08],
    ];
    expect(namedPerStage('crossover of +50, 0 and -20 %', 'at least 95 %', strong, 53)).toBeGreaterThan(0.95);
    const weak = [
      [0.03, 0.05, 0.1],
      [0.04, 0.05, 0.085],
    ];
    expect(namedPerStage('crossover of +33, 0 and -15 %', 'at least 65 %', weak, 54)).toBeGreaterThan(0.65);
  });
});
