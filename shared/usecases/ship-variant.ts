import { type Experiment, revisionOf } from '../experiment/experiment.ts';
import { Problem } from '../problem/problem.ts';
import { findExperiment } from './define-experiment.ts';
import type { Clock, Experiments } from './ports.ts';

type Deps = { readonly experiments: Experiments; readonly clock: Clock };

/** Gives everyone another variant of a concluded experiment: how a conclusion, one's own or an automatic one, is taken back. */
export async function shipVariant(
  { experiments, clock }: Deps,
  id: string,
  variant: string,
  by: string,
): Promise<Experiment> {
  const before = await findExperiment(experiments, id);
  if (before.status !== 'concluded')
    throw new Problem(
      'experiment.not-movable',
      `${id} is ${before.status}; only a concluded experiment ships a variant`,
      [{ path: ['status'], message: `is ${before.status}, so nothing is shipped yet; conclude it first` }],
    );
  if (!before.definition.variants.some((each) => each.id === variant))
    throw new Problem('request.invalid', `${id} has no variant ${variant}`, [
      { path: ['ship'], message: `names no variant: ${variant}` },
    ]);
  const after = { ...before, shipped: variant, revision: before.revision + 1 };
  await experiments.replace(after, revisionOf(after, 'shipped', by, clock()));
  return after;
}
