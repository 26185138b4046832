import { pack } from '../assignment/pack.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { PackedExperiment } from '../experiment/packed.ts';
import { held } from './held.ts';
import type { Clock, Experiments } from './ports.ts';

/** An experiment and its packed form, which a draft has not. */
export type HeldExperiment = { readonly experiment: Experiment; readonly packed: PackedExperiment | undefined };
/** All experiments by their ids, drafts too. */
export type HeldExperiments = () => Promise<ReadonlyMap<string, HeldExperiment>>;

/** The whole list in memory for `maxAgeMs`: evaluating every flag for a visitor reads nothing of any experiment. */
export function heldExperiments(experiments: Experiments, clock: Clock, maxAgeMs: number): HeldExperiments {
  const all = held(
    async () =>
      new Map(
        (await experiments.list()).map((experiment) => [experiment.id, { experiment, packed: pack(experiment) }]),
      ),
    clock,
    maxAgeMs,
  );
  return () => all('all');
}
