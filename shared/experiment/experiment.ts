import type { Definition } from './definition.ts';
import type { Status } from './lifecycle.ts';
import { defineSequence, measuresAlike, type Sequence } from './sequence.ts';

/** A stretch of time with one set of weights. Analysis stratifies by it, so that changing weights never fools it. */
export type Epoch = {
  readonly epoch: number;
  readonly since: number;
  readonly weights: Readonly<Record<string, number>>;
};

/** What the platform keeps of an experiment: the definition, and everything that follows from its history. */
export type Experiment = {
  readonly id: string;
  readonly definition: Definition;
  readonly status: Status;
  /** Counts every change, from 1. A writer must name the revision it read. */
  readonly revision: number;
  /** Drawn once. Two experiments with different salts split their visitors independently. */
  readonly salt: string;
  readonly sequences: readonly [Sequence, ...Sequence[]];
  readonly epochs: readonly [Epoch, ...Epoch[]];
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly concludedAt?: number;
  /** The variant everyone gets after the conclusion. */
  readonly shipped?: string;
  /** Guardrails that have stopped it already. Whoever resumes has seen them, so none of them stops it again by itself. */
  readonly guardrailStops?: readonly GuardrailStop[];
};

/** That a guardrail paused the experiment at an instant, ms: which metric, crossed by which variant. */
export type GuardrailStop = { readonly metric: string; readonly variant: string; readonly at: number };

export type Change = { readonly at: number; readonly by: string; readonly action: Action };
export type Action = 'created' | 'edited' | 'started' | 'paused' | 'resumed' | 'concluded' | 'shipped' | 'reallocated';

/** One line of the history: who changed what, when, and the experiment as it was after that. */
export type Revision = Change & { readonly revision: number; readonly experiment: Experiment };

/** The line of the history that an experiment has come to, by whom and when (ms). */
export const revisionOf = (experiment: Experiment, action: Action, by: string, at: number): Revision => ({
  revision: experiment.revision,
  at,
  by,
  action,
  experiment,
});

export const currentSequence = (experiment: Experiment): Sequence =>
  experiment.sequences.at(-1) ?? experiment.sequences[0];
export const currentEpoch = (experiment: Experiment): Epoch => experiment.epochs.at(-1) ?? experiment.epochs[0];

/** A new draft at revision 1. The salt is an argument: randomness belongs to the caller. */
export function draft(definition: Definition, salt: string, at: number): Experiment {
  return {
    id: definition.id,
    definition,
    status: 'draft',
    revision: 1,
    salt,
    sequences: [defineSequence(definition, 1, at)],
    epochs: [{ epoch: 1, since: at, weights: weightsOf(definition) }],
    createdAt: at,
  };
}

/**
 * The experiment under a new definition. A draft simply takes it. Once visitors may have joined, new steps or windows
 * open a new sequence version, and a new split (other shares, or their order on the line) a new epoch; what was counted stays
 * under the old ones.
 */
export function redefine(experiment: Experiment, definition: Definition, at: number): Experiment {
  const revision = experiment.revision + 1;
  if (experiment.status === 'draft') return { ...draft(definition, experiment.salt, experiment.createdAt), revision };

  const sequence = defineSequence(definition, currentSequence(experiment).version + 1, at);
  const epoch = { epoch: currentEpoch(experiment).epoch + 1, since: at, weights: weightsOf(definition) };
  const sameMeasure = measuresAlike(sequence, currentSequence(experiment));
  return {
    ...experiment,
    definition,
    revision,
    sequences: sameMeasure ? experiment.sequences : [...experiment.sequences, sequence],
    epochs: splitsAlike(definition, experiment.definition) ? experiment.epochs : [...experiment.epochs, epoch],
  };
}

const weightsOf = (definition: Definition): Record<string, number> =>
  Object.fromEntries(definition.variants.map(({ id, weight }) => [id, weight]));

/**
 * Whether two definitions give every visitor the same variant. Compares shares, not numbers: weights 1 and 1 are the weights 50
 * and 50. The order counts, because it says where on the line a share lies; a variant of weight zero lies nowhere.
 */
function splitsAlike(a: Definition, b: Definition): boolean {
  const slices = ({ variants }: Definition) => variants.filter(({ weight }) => weight > 0);
  const total = ({ variants }: Definition) => variants.reduce((sum, { weight }) => sum + weight, 0);
  const [before, after] = [slices(a), slices(b)];
  return (
    before.length === after.length &&
    before.every(({ id, weight }, i) => {
      const other = after[i];
      return other?.id === id && weight * total(b) === other.weight * total(a);
    })
  );
}
