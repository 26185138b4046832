import { describe, expect, it } from 'vitest';
import { inverse } from '#shared/statistics/inverse.ts';
import { stageEffects } from '#shared/statistics/stage-effects.ts';

const cell = (successes: number, trials = 10_000) => ({ successes, trials });

describe('stageEffects', () => {
  it('asks for two variants, two stages, and ten goals in each', () => {
    expect(stageEffects([[cell(100), cell(200)]])).toMatchObject({ kind: 'insufficient' });
    expect(stageEffects([[cell(100)], [cell(120)]])).toMatchObject({ kind: 'insufficient' });
    expect(
      stageEffects([
        [cell(100), cell(9)],
        [cell(120), cell(80)],
      ]),
    ).toMatchObject({ kind: 'insufficient' });
  });

  it('pulls the rates of the stages towards a common effect', () => {
    const effects = stageEffects([
      [cell(500), cell(520)],
      [cell(560), cell(530)],
    ]);
    if (effects.kind !== 'estimated') throw new Error(effects.kind);
    const [control = [], treatment = []] = effects.rates;
    const ratio = (stage: number) => (treatment[stage] ?? 0) / (control[stage] ?? 1);
    expect(ratio(0)).toBeLessThan(560 / 500);
    expect(ratio(1)).toBeGreaterThan(530 / 520);
    expect(effects).toMatchObject({
      verdict: 'one-for-all',
      single: 1,
      perStage: [1, 1],
      probabilityBetter: 0,
      gain: 0,
    });
  });

  it('believes a clear crossover, and says what it is worth', () => {
    const effects = stageEffects([
      [cell(300), cell(1000)],
      [cell(400), cell(800)],
    ]);
    if (effects.kind !== 'estimated') throw new Error(effects.kind);
    expect(effects).toMatchObject({ verdict: 'per-stage', single: 0, perStage: [1, 0] });
    // Half the visitors are in the first stage, where the rate rises by about a percent.
    expect(effects.gain).toBeCloseTo(0.005, 3);
  });
});

describe('inverse', () => {
  it('undoes a matrix, and measures it', () => {
    expect(
      inverse([
        [2, 0],
        [0, 4],
      ]),
    ).toEqual({
      inverse: [
        [0.5, 0],
        [0, 0.25],
      ],
      logDeterminant: Math.log(2) + Math.log(4),
    });
  });

  it('refuses a singular matrix', () => {
    expect(() =>
      inverse([
        [1, 1],
        [1, 1],
      ]),
    ).toThrow('inverse requires a positive definite matrix, got a pivot of 0');
  });
});
