import type { Experiment } from './experiment.ts';

/** What a definition says where it was written before there was anything to say. The same defaults as the schema's. */
const SINCE_ADDED = {
  allocation: { kind: 'fixed', floor: 0.05 },
  edge: false,
  ramp: [],
  metrics: [],
} as const;

/** A stored experiment of any age in the shape of today. Stores apply it to whatever they read, so that nothing else needs to ask. */
export const upgraded = (stored: Experiment): Experiment => ({
  ...stored,
  definition: { ...SINCE_ADDED, ...stored.definition } as Experiment['definition'],
});
