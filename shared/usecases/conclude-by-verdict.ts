import type { Experiment } from '../experiment/experiment.ts';
import type { Report } from '../report/report.ts';
import { holdsBack } from '../verdict/guardrail-standing.ts';
import { moveExperiment } from './define-experiment.ts';
import type { Clock, Experiments } from './ports.ts';

type Deps = { readonly experiments: Experiments; readonly clock: Clock };

export const AUTO_CONCLUDE = 'stepladder (autoConclude)';

/**
 * Concludes a running experiment whose definition asks for that when its verdict names a winner. The history says who did it.
 * Not while a guardrail is crossed, warns or is in doubt: a goal that was reached at the price of something else is for a person to weigh.
 */
export async function concludeByVerdict(
  deps: Deps,
  experiment: Experiment,
  { verdict, guardrails = [] }: Report,
): Promise<Experiment | undefined> {
  if (experiment.status !== 'running' || experiment.definition.reporting?.autoConclude !== true) return undefined;
  if (verdict.kind !== 'winner' || verdict.variant === undefined) return undefined;
  if (guardrails.some(holdsBack)) return undefined;
  return moveExperiment(deps, experiment.id, 'concluded', AUTO_CONCLUDE, verdict.variant);
}
