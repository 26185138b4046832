import { type Experiment, revisionOf } from '../experiment/experiment.ts';
import { moved } from '../experiment/lifecycle.ts';
import type { Report } from '../report/report.ts';
import { findExperiment } from './define-experiment.ts';
import type { Clock, Experiments } from './ports.ts';

type Deps = { readonly experiments: Experiments; readonly clock: Clock };

export const GUARDRAIL = 'stepladder (guardrail)';

/**
 * Pauses a running experiment whose guardrail is crossed, so that everyone gets the control. Resuming takes it back.
 *
 * Once for each guardrail and variant: the experiment keeps which ones have stopped it, and whoever resumes it has seen them and
 * decided otherwise. Another guardrail, or another variant over the same one, is news and stops it again. The report goes on
 * saying so either way, and no winner is named while a guardrail is crossed.
 */
export async function stopByGuardrail(
  { experiments, clock }: Deps,
  { experiment: { id }, verdict }: Report,
): Promise<Experiment | undefined> {
  if (verdict.crossed === undefined) return undefined;
  const before = await findExperiment(experiments, id);
  const known = before.guardrailStops ?? [];
  const news = verdict.crossed.filter(
    ({ metric, variant }) => !known.some((stop) => stop.metric === metric && stop.variant === variant),
  );
  if (before.status !== 'running' || news.length === 0) return undefined;
  const at = clock();
  const paused = moved(before, 'paused', at);
  if ('field' in paused) throw new Error(`a running experiment cannot be paused: ${paused.message}`);
  const after = { ...paused, guardrailStops: [...known, ...news.map((stop) => ({ ...stop, at }))] };
  await experiments.replace(after, revisionOf(after, 'paused', GUARDRAIL, at));
  return after;
}
