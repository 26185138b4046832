import { describe, expect, it } from 'vitest';
import { changesBetween } from '../../dashboard/changes.ts';
import { aDefinition, definitionInput, steps } from '../support/an-experiment.ts';

const before = aDefinition();
const [oneAsk, ladder] = definitionInput().variants as [
  ReturnType<typeof definitionInput>['variants'][number],
  ReturnType<typeof definitionInput>['variants'][number],
];

describe('changesBetween', () => {
  it('finds nothing where nothing changed', () => {
    expect(changesBetween(before, aDefinition())).toEqual([]);
  });

  it.each([
    { name: 'a field', to: { windowDays: 14 }, is: [{ what: 'window days', before: '7', after: '14' }] },
    {
      name: 'a field of the policy',
      to: { policy: { minimumDays: 14 } },
      is: [{ what: 'policy, minimum days', before: '7', after: '14' }],
    },
    { name: 'what came', to: { hypothesis: 'It pays' }, is: [{ what: 'hypothesis', after: 'It pays' }] },
    {
      name: 'a list as one thing',
      to: { audience: [{ attribute: 'country', operator: 'one-of' as const, values: ['SE', 'DE'] }] },
      is: [{ what: 'audience', after: 'country one-of SE DE' }],
    },
    {
      name: 'a weight',
      to: { variants: [{ ...oneAsk, weight: 3 }, ladder] },
      is: [{ what: 'One ask: weight', before: '1', after: '3' }],
    },
    {
      name: 'a step that moved, as one change',
      to: { variants: [oneAsk, { ...ladder, steps: steps('plan', 'question', 'buy') }] },
      is: [
        {
          what: 'Three asks: steps',
          before: 'Step question → Step plan → Step buy',
          after: 'Step plan → Step question → Step buy',
        },
      ],
    },
    {
      name: 'a step’s own field',
      to: {
        variants: [
          oneAsk,
          {
            ...ladder,
            steps: ladder.steps.map((step) => (step.id === 'plan' ? { ...step, name: 'Your plan' } : step)),
          },
        ],
      },
      is: [{ what: 'Three asks, Your plan: name', before: 'Step plan', after: 'Your plan' }],
    },
    {
      name: 'a variant that came',
      to: { variants: [oneAsk, ladder, { id: 'two', name: 'Two asks', steps: steps('plan', 'buy') }] },
      is: [{ what: 'variant Two asks', after: 'Step plan → Step buy' }],
    },
  ])('tells $name', ({ to, is }) => {
    expect(changesBetween(before, aDefinition(to))).toEqual(is);
  });

  it('tells what went by what came, the other way round', () => {
    const after = aDefinition({ hypothesis: 'It pays', windowDays: 14 });
    const swapped = changesBetween(before, after).map(({ what, before: was, after: is }) => ({
      what,
      ...(is !== undefined && { before: is }),
      ...(was !== undefined && { after: was }),
    }));
    expect(changesBetween(after, before).sort((a, b) => (a.what < b.what ? -1 : 1))).toEqual(
      swapped.sort((a, b) => (a.what < b.what ? -1 : 1)),
    );
  });
});
