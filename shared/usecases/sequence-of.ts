import type { Sequence } from '../experiment/sequence.ts';
import type { SequenceOf } from './fold-stream.ts';
import type { Experiments } from './ports.ts';

/**
 * Looks ladders up and keeps them: a sequence version never changes. A version that is not there yet is asked for again,
 * because a journey may travel faster than the experiment it belongs to.
 */
export function sequenceOf(experiments: Pick<Experiments, 'find'>): SequenceOf {
  const known = new Map<string, Sequence>();
  return async (experiment, version) => {
    const key = `${experiment}#${version}`;
    if (!known.has(key))
      for (const sequence of (await experiments.find(experiment))?.sequences ?? [])
        known.set(`${experiment}#${sequence.version}`, sequence);
    return known.get(key);
  };
}
