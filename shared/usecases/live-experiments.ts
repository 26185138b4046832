import { pack } from '../assignment/pack.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { PackedExperiment } from '../experiment/packed.ts';
import type { Clock, Experiments } from './ports.ts';

/** An experiment as the hot path wants it: with its packed form, and its sequences at hand. Never a draft. */
export type LiveExperiment = { readonly experiment: Experiment; readonly packed: PackedExperiment };
export type LiveExperiments = (id: string) => Promise<LiveExperiment | undefined>;

/**
 * Experiments held in memory for `maxAgeMs`, the stated delay of every change. One load at a time per experiment;
 * a failed load is not held. Where a load fails and an older copy is there, the older copy serves: a visitor
 * is worth more than a fresh revision.
 */
export function liveExperiments(experiments: Experiments, clock: Clock, maxAgeMs: number): LiveExperiments {
  const held = new Map<string, { readonly at: number; readonly live: Promise<LiveExperiment | undefined> }>();
  return async (id) => {
    const known = held.get(id);
    if (known && clock() - known.at < maxAgeMs) return known.live;
    const live = load(id).catch((error: unknown) => {
      if (held.get(id)?.live === live) held.delete(id);
      if (known) return known.live;
      throw error;
    });
    // Names nobody defined must not fill the memory: anyone can ask for any.
    if (held.size > 5_000) held.clear();
    held.set(id, { at: clock(), live });
    return live;
  };

  async function load(id: string): Promise<LiveExperiment | undefined> {
    const experiment = await experiments.find(id);
    const packed = experiment && pack(experiment);
    return packed && { experiment, packed };
  }
}
