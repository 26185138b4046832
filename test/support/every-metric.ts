import type { DefinitionInput } from './an-experiment.ts';

/** One metric of each kind, over two activities, on a definition with a window of seven days. */
export const EVERY_METRIC: NonNullable<DefinitionInput['metrics']> = [
  { kind: 'value', id: 'revenue', name: 'Revenue', cap: 5_000 },
  { kind: 'count', id: 'posts', name: 'Posts', activity: 'post', cap: 3 },
  { kind: 'return', id: 'back', name: 'Comes back', activity: 'visit', weeks: 4 },
  { kind: 'gap', id: 'silence', name: 'Longest silence', activity: 'visit', days: 2, better: 'lower' },
  { kind: 'response', id: 'answered', name: 'Answered in a day', activity: 'post' },
  { kind: 'depth', id: 'talk', name: 'Depth of talk', activity: 'post' },
];
