import * as z from 'zod/mini';
import { Definition } from '#shared/experiment/definition.ts';
import { draft, type Experiment } from '#shared/experiment/experiment.ts';
import { type Move, moved, type Status } from '#shared/experiment/lifecycle.ts';
import type { Journey } from '#shared/journey/journey.ts';

export type DefinitionInput = z.input<typeof Definition>;
export type StepInput = DefinitionInput['variants'][number]['steps'][number];

/** Noon of an ordinary Thursday, UTC: the instant at which most tests happen. */
export const NOON = Date.UTC(2026, 0, 15, 12);
export const SECOND = 1_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

export const steps = (...ids: readonly string[]): StepInput[] => ids.map((id) => ({ id, name: `Step ${id}` }));

/** What a person would write: one ask against three, over a goal called `buy`. */
export const definitionInput = (overrides: Partial<DefinitionInput> = {}): DefinitionInput => ({
  id: 'checkout',
  name: 'One ask or three',
  goal: 'buy',
  control: 'one-ask',
  variants: [
    { id: 'one-ask', name: 'One ask', steps: steps('buy') },
    { id: 'ladder', name: 'Three asks', steps: steps('question', 'plan', 'buy') },
  ],
  ...overrides,
});

/** The default variants with an address for each step, on one host. */
export const withAddresses = (origin = 'https://shop.example'): DefinitionInput['variants'] =>
  definitionInput().variants.map((variant) => ({
    ...variant,
    steps: variant.steps.map((step) => ({ ...step, url: `${origin}/${step.id}` })),
  }));

export const aDefinition = (overrides: Partial<DefinitionInput> = {}): Definition =>
  z.parse(Definition, definitionInput(overrides));

/** The default definition with other weights, in the order of its variants. */
export const withWeights = (...weights: readonly number[]): Partial<DefinitionInput> => ({
  control: 'v0',
  variants: weights.map((weight, i) => ({ id: `v${i}`, name: `Variant ${i}`, weight, steps: steps('buy') })),
});

const MOVES: Readonly<Record<Status, readonly Move[]>> = {
  draft: [],
  running: ['started'],
  paused: ['started', 'paused'],
  concluded: ['started', 'concluded'],
};

type ExperimentInput = Partial<DefinitionInput> & {
  readonly status?: Status;
  readonly salt?: string;
  readonly at?: number;
  readonly ship?: string;
};

/** An experiment that was made an hour ago and then moved to its status; running unless told otherwise. */
export function anExperiment({
  status = 'running',
  salt = 'salt',
  at = NOON - HOUR,
  ship,
  ...definition
}: ExperimentInput = {}): Experiment {
  return MOVES[status].reduce<Experiment>(
    (experiment, move) => {
      const next = moved(experiment, move, at, move === 'concluded' ? ship : undefined);
      if ('field' in next) throw new Error(`the builder cannot make it ${move}: ${next.message}`);
      return next;
    },
    draft(aDefinition(definition), salt, at),
  );
}

/** A visitor of the three-step ladder who was assigned at noon and has done nothing yet. */
export const aJourney = (overrides: Partial<Journey> = {}): Journey => ({
  experiment: 'checkout',
  visitor: 'vis-1',
  variant: 'ladder',
  sequence: 1,
  epoch: 1,
  revision: 2,
  source: 'api',
  segments: {},
  assignedAt: NOON,
  signals: [],
  steps: {},
  ...overrides,
});

/** The same without an assignment: all that is known of it are the events that are merged into it. */
export const anEvent = (overrides: Partial<Journey> = {}): Journey => {
  const { assignedAt: _, ...journey } = aJourney();
  return { ...journey, ...overrides };
};
