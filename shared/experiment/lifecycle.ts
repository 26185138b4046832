import type { Definition } from './definition.ts';
import type { Action, Experiment } from './experiment.ts';

export const STATUSES = ['draft', 'running', 'paused', 'concluded'] as const;
export type Status = (typeof STATUSES)[number];

/** What may follow what. `concluded` is the end: a question that is asked again is a new experiment. */
const NEXT = {
  draft: { started: 'running' },
  running: { paused: 'paused', concluded: 'concluded' },
  paused: { resumed: 'running', concluded: 'concluded' },
  concluded: {},
} as const satisfies Record<Status, Partial<Record<Action, Status>>>;

export type Move = 'started' | 'paused' | 'resumed' | 'concluded';

export type Refusal = { readonly field: string; readonly message: string };

/** The status after a move, or the sentence that says why it cannot be made. */
export function statusAfter(status: Status, move: Move): Status | Refusal {
  const next: Partial<Record<Move, Status>> = NEXT[status];
  const allowed = Object.keys(next);
  return (
    next[move] ?? {
      field: 'status',
      message:
        allowed.length === 0
          ? `is ${status}, and nothing follows that; define a new experiment`
          : `is ${status}, so it cannot be ${move}; it can be ${allowed.join(' or ')}`,
    }
  );
}

/** The experiment after a move at an instant (ms), or why it refuses. `ship` names the variant everyone gets from now on. */
export function moved(experiment: Experiment, move: Move, at: number, ship?: string): Experiment | Refusal {
  const status = statusAfter(experiment.status, move);
  if (typeof status !== 'string') return status;
  const revision = experiment.revision + 1;
  if (move === 'concluded') {
    const shipped = ship ?? experiment.definition.control;
    return experiment.definition.variants.some(({ id }) => id === shipped)
      ? { ...experiment, status, revision, concludedAt: at, shipped }
      : { field: 'ship', message: `names no variant: ${shipped}` };
  }
  return { ...experiment, status, revision, ...(move === 'started' && { startedAt: at }) };
}

/**
 * What may not change once visitors may have joined. Everything else may; new steps and new weights open
 * a new sequence version or weight epoch instead (`redefine`).
 */
export function frozenFields(before: Experiment, after: Definition): Refusal[] {
  if (before.status === 'concluded')
    return [{ field: 'status', message: 'is concluded: its definition is history now' }];
  if (before.status === 'draft') return [];
  const refuse = (field: keyof Definition, why: string): Refusal[] =>
    JSON.stringify(before.definition[field]) === JSON.stringify(after[field])
      ? []
      : [{ field, message: `cannot change once the experiment has started: ${why}` }];
  return [
    ...refuse('goal', 'the question would be another one'),
    ...refuse('control', 'the comparison would be another one'),
    ...refuse('policy', 'a policy that follows the data protects nobody'),
    ...refuse('segments', 'they are frozen on the journeys that exist'),
    ...refuse('intent', 'it is frozen on the journeys that exist'),
    ...refuse('metrics', 'they are counted as journeys change, and what was counted under others would not fit'),
    ...refuse('layer', 'visitors of other experiments would come into this one'),
    ...removedVariants(before.definition, after),
  ];
}

const removedVariants = (before: Definition, after: Definition): Refusal[] =>
  before.variants
    .filter(({ id }) => !after.variants.some((variant) => variant.id === id))
    .map(({ id }) => ({
      field: 'variants',
      message: `must keep ${id}: visitors have it; give it weight 0 to send nobody more`,
    }));
