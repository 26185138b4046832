/// <reference lib="dom" />
import { useState } from 'preact/hooks';
import { percent } from '#shared/verdict/words.ts';
import { type DraftVariant, followsName, freeId, replaced, slugOf } from '../../draft.ts';
import { Flight } from '../../parts/flight.tsx';
import type { Part } from './part.ts';

/** The centre of the form: every variant's own ladder. */
export function Ladders({ draft, change, begun }: Part) {
  const [said, say] = useState('');
  const { variants, control } = draft;
  const total = variants.reduce((sum, { weight }) => sum + (weight || 0), 0);

  /** The goal is one step that all ladders share, so it has one name and one id. */
  const changeVariant = (index: number, variant: DraftVariant): void => {
    const before = variants[index] && lastOf(variants[index]);
    const { name, id: given } = lastOf(variant);
    const renamed = before && before.name !== name && before.id === given && !begun && followsName(before);
    const id = renamed ? slugOf(name) || given : given;
    const changed = replaced(variants, index, variant);
    change({
      variants:
        before?.name === name && before.id === id
          ? changed
          : changed.map((each) => ({
              ...each,
              steps: replaced(each.steps, each.steps.length - 1, { ...lastOf(each), name, id }),
            })),
      goal: id,
    });
  };
  const add = (): void => {
    const [first] = variants;
    if (first === undefined) return;
    const id = freeId(
      'variant',
      variants.map((each) => each.id),
    );
    const steps = [{ id: 'first', name: 'A first small step', observed: true }, lastOf(first)];
    change({ variants: [...variants, { id, name: 'Another ladder', weight: 1, steps }] });
  };
  const treatments = variants.filter(({ id }) => id !== control);

  return (
    <>
      <div class="section-head">
        <h2>The ladders</h2>
        <p class="hint">Each variant has its own steps. All end at the goal.</p>
      </div>
      {variants.map((variant, i) => (
        <Flight
          key={variant.id}
          variant={variant}
          index={i}
          control={variant.id === control}
          share={total > 0 ? percent((variant.weight || 0) / total) : '–'}
          series={variant.id === control ? 0 : Math.min(treatments.indexOf(variant) + 1, 6)}
          frozen={begun}
          onChange={(next) => changeVariant(i, next)}
          onControl={() => change({ control: variant.id })}
          onRemove={
            variants.length > 2 && !begun && variant.id !== control
              ? () => change({ variants: variants.filter((each) => each !== variant) })
              : undefined
          }
          say={say}
          isShared={(step) => variants.some((other) => other !== variant && other.steps.some(({ id }) => id === step))}
        />
      ))}
      <button type="button" class="plain flush" onClick={add}>
        Add a variant
      </button>
      <p class="unseen" role="status">
        {said}
      </p>
    </>
  );
}

const lastOf = ({ steps }: DraftVariant) => steps.at(-1) ?? { id: 'goal', name: 'Goal', observed: true };
