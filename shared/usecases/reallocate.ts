import type { Allocation } from '../experiment/allocation.ts';
import { currentEpoch, currentSequence, type Experiment, redefine, revisionOf } from '../experiment/experiment.ts';
import { DAY_MS } from '../experiment/time.ts';
import type { Report } from '../report/report.ts';
import { thompsonAllocation, topTwoAllocation, withChangeCap, withFloor } from '../statistics/allocation.ts';
import { findExperiment } from './define-experiment.ts';
import type { Clock, Experiments } from './ports.ts';

/** Visitors every variant needs before the first change: below that, P(best) is mostly the prior. */
const ENOUGH_VISITORS = 100;
/** No share moves by more than this in one day, and changes smaller than this are not worth an epoch. */
const LARGEST_CHANGE = 0.2;
const SMALLEST_CHANGE = 0.02;
/** Weights are integers; one in ten thousand is finer than anyone can measure. */
const SCALE = 10_000;

/**
 * Moves the weights of a running experiment to where its allocation wants them, if it wants any moved today.
 * The change is a revision like any other, made by `allocation`.
 */
export async function reallocate(
  { experiments, clock }: { readonly experiments: Experiments; readonly clock: Clock },
  report: Report,
): Promise<Experiment | undefined> {
  const experiment = await findExperiment(experiments, report.experiment.id);
  const weights = reallocatedWeights(experiment, report, clock());
  if (weights === undefined) return undefined;
  const variants = experiment.definition.variants.map((variant, i) => ({
    ...variant,
    weight: weights[i] ?? variant.weight,
  }));
  const after = redefine(experiment, { ...experiment.definition, variants }, clock());
  await experiments.replace(after, revisionOf(after, 'reallocated', 'allocation', clock()));
  return after;
}

/** The integer weights an experiment should have from an instant (ms) on; nothing when they may stay as they are. */
export function reallocatedWeights(experiment: Experiment, report: Report, now: number): number[] | undefined {
  const { definition, status } = experiment;
  if (status !== 'running') return undefined;
  if (report.experiment.sequence !== currentSequence(experiment).version) return undefined;
  if (now - currentEpoch(experiment).since < DAY_MS) return undefined;
  const total = definition.variants.reduce((sum, { weight }) => sum + weight, 0);
  const present = definition.variants.map(({ weight }) => weight / total);
  return reallocatedShares(present, report.variants, definition.allocation)?.map((share) => Math.round(share * SCALE));
}

/** The shares of the traffic that an allocation wants next, a day's step from the present ones; nothing when they may stay. */
export function reallocatedShares(
  present: readonly number[],
  variants: readonly { readonly best: number; readonly counted: number }[],
  { kind, floor }: Allocation,
): readonly number[] | undefined {
  if (kind === 'fixed' || variants.some(({ counted }) => counted < ENOUGH_VISITORS)) return undefined;
  const best = variants.map((variant) => variant.best);
  // Added up from the others: next to certainty one minus it would have no digits.
  const notBest = best.map((_, i) => best.reduce((sum, chance, j) => (j === i ? sum : sum + chance), 0));
  const share = kind === 'thompson' ? thompsonAllocation(best) : topTwoAllocation(best, notBest);
  const wanted = withChangeCap(present, withFloor(share, floor), LARGEST_CHANGE);
  const largest = Math.max(...wanted.map((weight, i) => Math.abs(weight - (present[i] ?? 0))));
  return largest < SMALLEST_CHANGE ? undefined : wanted;
}
