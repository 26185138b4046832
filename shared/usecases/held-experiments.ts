import { pack } from '../assignment/pack.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { PackedExperiment } from '../experiment/packed.ts';
import { held } from './held.ts';
import type { Clock, Experiments, SettingsStore } from './ports.ts';

/** An experiment and its packed form, which a draft has not. */
export type HeldExperiment = { readonly experiment: Experiment; readonly packed: PackedExperiment | undefined };
/** All experiments by their ids, drafts too. */
export type HeldExperiments = () => Promise<ReadonlyMap<string, HeldExperiment>>;

type Deps = { readonly experiments: Pick<Experiments, 'list'>; readonly settings: Pick<SettingsStore, 'find'> };

/** The whole list in memory for `maxAgeMs`: evaluating every flag for a visitor reads nothing of any experiment. */
export function heldExperiments({ experiments, settings }: Deps, clock: Clock, maxAgeMs: number): HeldExperiments {
  const all = held(
    async () => {
      const [list, set] = await Promise.all([experiments.list(), settings.find()]);
      return new Map(list.map((experiment) => [experiment.id, { experiment, packed: pack(experiment, set?.holdout) }]));
    },
    clock,
    maxAgeMs,
  );
  return () => all('all');
}
