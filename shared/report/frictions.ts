import { betaMean, posterior } from '../statistics/beta.ts';
import { betaInterval } from '../statistics/beta-distribution.ts';
import { estimateRatio } from '../statistics/ratio.ts';
import { studentQuantile } from '../statistics/student.ts';
import type { Estimate, Report, VariantReport } from './report.ts';

/** Everything that steps with one friction of one value did, over all experiments. Descriptive: other steps differ in more than that. */
export type FrictionRow = {
  readonly friction: string;
  readonly value: string | number | boolean;
  readonly experiments: number;
  readonly steps: number;
  /** Visitors on the step below, and those of them who took the step. */
  readonly came: number;
  readonly took: number;
  /**
   * The share who took it. With several experiments the experiment is the unit, so that one large experiment does not make
   * the others sure; with a single one it is that experiment's own.
   */
  readonly pass: Estimate;
};

type Passed = {
  readonly friction: string;
  readonly value: FrictionRow['value'];
  readonly came: number;
  readonly took: number;
};

/** The table of all frictions that steps state, by name and then value. Reports of experiments that cannot be trusted are left out. */
export function frictionRows(reports: readonly Report[]): FrictionRow[] {
  const groups = new Map<string, { of: Passed; experiments: Passed[][] }>();
  for (const report of reports) {
    if (report.verdict.kind === 'invalid') continue;
    const mine = new Map<string, Passed[]>();
    for (const each of report.variants.flatMap(passedSteps)) {
      const key = JSON.stringify([each.friction, each.value]);
      mine.set(key, [...(mine.get(key) ?? []), each]);
    }
    for (const [key, steps] of mine) {
      const [of] = steps;
      if (of === undefined) continue;
      const group = groups.get(key) ?? { of, experiments: [] };
      group.experiments.push(steps);
      groups.set(key, group);
    }
  }
  return [...groups.values()]
    .map(({ of, experiments }) => rowOf(of, experiments))
    .sort((a, b) => (a.friction === b.friction ? byValue(a.value, b.value) : a.friction < b.friction ? -1 : 1));
}

function passedSteps({ rungs, counted }: VariantReport): Passed[] {
  let below = counted;
  return rungs.flatMap(({ observed, reached, frictions }) => {
    if (!observed) return [];
    const came = below;
    below = reached;
    return came === 0
      ? []
      : Object.entries(frictions ?? {}).map(([friction, value]) => ({ friction, value, came, took: reached }));
  });
}

function rowOf({ friction, value }: Passed, experiments: readonly (readonly Passed[])[]): FrictionRow {
  const units = experiments.map((steps) => ({
    came: steps.reduce((sum, { came }) => sum + came, 0),
    took: steps.reduce((sum, { took }) => sum + took, 0),
  }));
  const total = (of: (unit: { came: number; took: number }) => number) =>
    units.reduce((sum, unit) => sum + of(unit), 0);
  const [came, took] = [total((unit) => unit.came), total((unit) => unit.took)];
  const steps = experiments.reduce((sum, each) => sum + each.length, 0);
  const estimate = estimateRatio({
    count: units.length,
    sum: took,
    sumOfSquares: total((unit) => unit.took ** 2),
    denominator: came,
    denominatorSquares: total((unit) => unit.came ** 2),
    products: total((unit) => unit.took * unit.came),
  });
  const common = { friction, value, experiments: units.length, steps, came, took };
  const own = posterior(took, came);
  if (estimate.kind !== 'estimated') return { ...common, pass: { mean: betaMean(own), ...betaInterval(own) } };
  // Never surer than the visitors alone would be: a few experiments may agree by chance.
  const halfWidth = studentQuantile(0.975, units.length - 1) * estimate.standardError;
  const alone = betaInterval(own);
  return {
    ...common,
    pass: {
      mean: estimate.mean,
      low: Math.max(0, Math.min(alone.low, estimate.mean - halfWidth)),
      high: Math.min(1, Math.max(alone.high, estimate.mean + halfWidth)),
    },
  };
}

const byValue = (a: FrictionRow['value'], b: FrictionRow['value']): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1;
