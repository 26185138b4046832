import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currentEpoch, currentSequence, draft, redefine } from '#shared/experiment/experiment.ts';
import type { Status } from '#shared/experiment/lifecycle.ts';
import {
  aDefinition,
  anExperiment,
  DAY,
  type DefinitionInput,
  definitionInput,
  NOON,
  steps,
  withWeights,
} from '../support/an-experiment.ts';

const redefined = (
  input: Partial<DefinitionInput>,
  status: Status = 'running',
  before: Partial<DefinitionInput> = {},
) => redefine(anExperiment({ status, ...before }), aDefinition({ ...before, ...input }), NOON);
const [oneAsk, ladder] = definitionInput().variants;
const withLadder = (...ids: string[]): Partial<DefinitionInput> => ({
  variants: [
    { id: 'one-ask', name: 'One ask', steps: steps('buy') },
    { id: 'ladder', name: 'Ladder', steps: steps(...ids) },
  ],
});

describe('draft', () => {
  it('begins everything at one', () => {
    const experiment = draft(aDefinition(), 'salt', NOON);
    expect(experiment).toMatchObject({ id: 'checkout', status: 'draft', revision: 1, salt: 'salt', createdAt: NOON });
    expect(experiment.sequences.map(({ version }) => version)).toEqual([1]);
    expect(experiment.epochs).toEqual([{ epoch: 1, since: NOON, weights: { 'one-ask': 1, ladder: 1 } }]);
    expect(currentSequence(experiment)).toMatchObject({ windowMs: 7 * DAY, control: 'one-ask', goal: 'buy' });
  });
});

describe('redefine', () => {
  it.each<{
    name: string;
    input: Partial<DefinitionInput>;
    sequences: number;
    epochs: number;
    before?: Partial<DefinitionInput>;
  }>([
    { name: 'no sequence and no epoch for the same definition', input: {}, sequences: 1, epochs: 1 },
    {
      name: 'no sequence and no epoch for new words',
      input: { name: 'Another name', hypothesis: 'More' },
      sequences: 1,
      epochs: 1,
    },
    { name: 'no sequence and no epoch for another share of traffic', input: { traffic: 0.5 }, sequences: 1, epochs: 1 },
    {
      name: 'a sequence for an added step',
      input: withLadder('question', 'plan', 'card', 'buy'),
      sequences: 2,
      epochs: 1,
    },
    { name: 'a sequence for a removed step', input: withLadder('question', 'buy'), sequences: 2, epochs: 1 },
    {
      name: 'a sequence for steps in another order',
      input: withLadder('plan', 'question', 'buy'),
      sequences: 2,
      epochs: 1,
    },
    { name: 'a sequence for another window', input: { windowDays: 14 }, sequences: 2, epochs: 1 },
    {
      name: 'a sequence for a shorter window of one step',
      input: {
        variants: [
          oneAsk ?? fail(),
          { id: 'ladder', name: 'L', steps: [{ id: 'question', name: 'Q', windowDays: 1 }, ...steps('plan', 'buy')] },
        ],
      },
      sequences: 2,
      epochs: 1,
    },
    {
      name: 'a sequence for a step that is no longer counted',
      input: {
        variants: [
          oneAsk ?? fail(),
          { id: 'ladder', name: 'L', steps: [{ id: 'question', name: 'Q', observed: false }, ...steps('plan', 'buy')] },
        ],
      },
      sequences: 2,
      epochs: 1,
    },
    {
      name: 'no sequence for a step window that the experiment window cuts anyway',
      input: {
        variants: [
          oneAsk ?? fail(),
          { id: 'ladder', name: 'L', steps: [{ id: 'question', name: 'Q', windowDays: 30 }, ...steps('plan', 'buy')] },
        ],
      },
      sequences: 1,
      epochs: 1,
    },
    {
      name: 'no sequence for a step under a new name',
      input: {
        variants: [
          oneAsk ?? fail(),
          { id: 'ladder', name: 'L', steps: [{ id: 'question', name: 'Another question' }, ...steps('plan', 'buy')] },
        ],
      },
      sequences: 1,
      epochs: 1,
    },
    { name: 'an epoch for other shares', before: withWeights(1, 1), input: withWeights(1, 3), sequences: 1, epochs: 2 },
    {
      name: 'no epoch for the same shares in another scale',
      before: withWeights(1, 1),
      input: withWeights(5_000, 5_000),
      sequences: 1,
      epochs: 1,
    },
    {
      name: 'no epoch for uneven shares in another scale',
      before: withWeights(1, 2, 7),
      input: withWeights(10, 20, 70),
      sequences: 1,
      epochs: 1,
    },
    {
      name: 'an epoch for shares that change places',
      before: withWeights(1, 2),
      input: withWeights(2, 1),
      sequences: 1,
      epochs: 2,
    },
    {
      name: 'an epoch for the same shares in another order, because visitors move',
      before: withWeights(1, 2, 1),
      input: reordered(withWeights(1, 2, 1), 2, 1, 0),
      sequences: 1,
      epochs: 2,
    },
    {
      name: 'no epoch for a variant of weight zero in another place',
      before: withWeights(1, 0, 2),
      input: reordered(withWeights(1, 0, 2), 1, 0, 2),
      sequences: 1,
      epochs: 1,
    },
    {
      name: 'a sequence and an epoch for an added variant',
      before: withWeights(1, 1),
      input: withWeights(1, 1, 1),
      sequences: 2,
      epochs: 2,
    },
    {
      name: 'a sequence and no epoch for an added variant of weight zero',
      before: withWeights(1, 1),
      input: withWeights(1, 1, 0),
      sequences: 2,
      epochs: 1,
    },
  ])('opens $name', ({ input, sequences, epochs, before = {} }) => {
    for (const status of ['running', 'paused'] as const) {
      const experiment = redefined(input, status, before);
      expect([experiment.sequences.length, experiment.epochs.length]).toEqual([sequences, epochs]);
      expect(experiment.revision).toBe(anExperiment({ status }).revision + 1);
    }
  });

  it('numbers sequences and epochs in turn, keeps the old ones, and dates the new', () => {
    const first = anExperiment(withWeights(1, 1));
    const second = redefine(first, aDefinition({ ...withWeights(1, 3), windowDays: 9 }), NOON);
    const third = redefine(second, aDefinition({ ...withWeights(1, 1), windowDays: 7 }), NOON + DAY);
    expect(third.sequences.map(({ version }) => version)).toEqual([1, 2, 3]);
    expect(third.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(third.sequences.slice(0, 2)).toEqual(second.sequences);
    expect(third.epochs.slice(0, 2)).toEqual(second.epochs);
    expect([currentSequence(third).since, currentEpoch(third).since]).toEqual([NOON + DAY, NOON + DAY]);
    expect(currentEpoch(third).weights).toEqual({ v0: 1, v1: 1 });
  });

  it('lets a draft simply take a new definition, and keeps its salt and birth', () => {
    const experiment = redefined({ ...withLadder('other', 'buy'), windowDays: 3 }, 'draft');
    expect([experiment.sequences.length, experiment.epochs.length, experiment.revision]).toEqual([1, 1, 2]);
    expect(currentSequence(experiment)).toMatchObject({ version: 1, windowMs: 3 * DAY });
    expect(experiment).toMatchObject({ salt: 'salt', createdAt: anExperiment().createdAt, status: 'draft' });
  });

  it('opens an epoch exactly when some share changes', () => {
    const weights = fc
      .array(fc.integer({ min: 0, max: 6 }), { minLength: 2, maxLength: 4 })
      .filter((list) => list.some(Boolean));
    const total = (list: number[]) => list.reduce((a, b) => a + b, 0);
    fc.assert(
      fc.property(weights, weights, (a, b) => {
        const after = b
          .slice(0, a.length)
          .concat(a.slice(b.length))
          .map((w) => w || 0);
        fc.pre(after.some(Boolean));
        const same = a.every((w, i) => w * total(after) === (after[i] ?? 0) * total(a));
        expect(redefined(withWeights(...after), 'running', withWeights(...a)).epochs.length).toBe(same ? 1 : 2);
      }),
    );
  });
});

function reordered({ variants = [] }: Partial<DefinitionInput>, ...places: number[]): Partial<DefinitionInput> {
  return { variants: places.flatMap((place) => variants[place] ?? []) };
}

function fail(): never {
  throw new Error(`the default definition has lost a variant beside ${ladder?.id}`);
}
