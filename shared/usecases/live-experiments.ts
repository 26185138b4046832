import { pack } from '../assignment/pack.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { PackedExperiment } from '../experiment/packed.ts';
import { held } from './held.ts';
import type { Clock, Experiments } from './ports.ts';

/** An experiment as the hot path wants it: with its packed form, and its sequences at hand. Never a draft. */
export type LiveExperiment = { readonly experiment: Experiment; readonly packed: PackedExperiment };
export type LiveExperiments = (id: string) => Promise<LiveExperiment | undefined>;

/** Experiments one by one, held in memory for `maxAgeMs`. */
export const liveExperiments = (experiments: Experiments, clock: Clock, maxAgeMs: number): LiveExperiments =>
  held(
    async (id) => {
      const experiment = await experiments.find(id);
      const packed = experiment && pack(experiment);
      return packed && { experiment, packed };
    },
    clock,
    maxAgeMs,
  );
