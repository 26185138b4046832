import type { Experiment } from '../experiment/experiment.ts';
import { Problem } from '../problem/problem.ts';
import type { Report } from '../report/report.ts';
import { findExperiment, moveExperiment } from './define-experiment.ts';
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
  await experiments.replace(after, { revision: after.revision, at: clock(), by, action: 'shipped', experiment: after });
  return after;
}

export const AUTO_CONCLUDE = 'stepladder (autoConclude)';

/**
 * Concludes a running experiment whose definition asks for that when its verdict names a winner. The history says who did it.
 * Not while a guardrail is crossed or only warns: a goal that was reached at the price of something else is for a person to weigh.
 */
export async function concludeByVerdict(
  deps: Deps,
  experiment: Experiment,
  { verdict, guardrails = [] }: Report,
): Promise<Experiment | undefined> {
  if (experiment.status !== 'running' || experiment.definition.reporting?.autoConclude !== true) return undefined;
  if (verdict.kind !== 'winner' || verdict.variant === undefined) return undefined;
  if (guardrails.some(({ outcome }) => outcome === 'crossed' || outcome === 'warned')) return undefined;
  return moveExperiment(deps, experiment.id, 'concluded', AUTO_CONCLUDE, verdict.variant);
}
