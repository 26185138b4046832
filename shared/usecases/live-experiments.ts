import { pack } from '../assignment/pack.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { PackedExperiment } from '../experiment/packed.ts';
import { Problem } from '../problem/problem.ts';
import { held } from './held.ts';
import type { Clock, Experiments, SettingsStore } from './ports.ts';

/** An experiment as the hot path wants it: with its packed form, and its sequences at hand. Never a draft. */
export type LiveExperiment = { readonly experiment: Experiment; readonly packed: PackedExperiment };
export type LiveExperiments = (id: string) => Promise<LiveExperiment | undefined>;

type Deps = { readonly experiments: Pick<Experiments, 'find'>; readonly settings: Pick<SettingsStore, 'find'> };

/** Experiments one by one, held in memory for `maxAgeMs` together with the holdout of that time. */
export const liveExperiments = ({ experiments, settings }: Deps, clock: Clock, maxAgeMs: number): LiveExperiments => {
  const currentSettings = oneAtATime(() => settings.find());
  return held(
    async (id) => {
      const [experiment, set] = await Promise.all([experiments.find(id), currentSettings()]);
      const packed = experiment && pack(experiment, set?.holdout);
      return packed && { experiment, packed };
    },
    clock,
    maxAgeMs,
  );
};

/** Whoever asks while an answer is under way gets that one: a batch of many experiments reads the settings once. */
function oneAtATime<T>(ask: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | undefined;
  return () => {
    underWay ??= ask().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

/** A started experiment, or the refusal that there is none of that name. */
export async function findLive(live: LiveExperiments, id: string): Promise<LiveExperiment> {
  const found = await live(id);
  if (found === undefined) throw new Problem('experiment.not-found', `no started experiment is called ${id}`);
  return found;
}
