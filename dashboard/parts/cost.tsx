/// <reference lib="dom" />
import type { DraftVariant } from '../draft.ts';
import { NumberField } from './field.tsx';

type Props = {
  readonly variant: DraftVariant;
  readonly index: number;
  readonly onChange: (variant: DraftVariant) => void;
};

/** What a variant costs, for the return on what was spent. Nothing, until somebody says so. */
export function Cost({ variant, index, onChange }: Props) {
  const { cost, ...rest } = variant;
  const set = (part: Partial<NonNullable<DraftVariant['cost']>>): void => {
    const next = { perVisitor: 0, fixed: 0, ...cost, ...part };
    onChange(next.perVisitor === 0 && next.fixed === 0 ? rest : { ...rest, cost: next });
  };
  return (
    <details class="cost">
      <summary>{cost ? `Costs ${cost.perVisitor} a visitor, ${cost.fixed} once` : 'Costs nothing'}</summary>
      <p class="hint">
        In the smallest unit of your currency, such as cents. The report weighs it against what the variant brings.
      </p>
      <div class="row">
        <NumberField
          label="For each visitor"
          path={`variants.${index}.cost.perVisitor`}
          value={cost?.perVisitor ?? 0}
          onValue={(perVisitor) => set({ perVisitor })}
        />
        <NumberField
          label="Once"
          path={`variants.${index}.cost.fixed`}
          value={cost?.fixed ?? 0}
          onValue={(fixed) => set({ fixed })}
        />
      </div>
    </details>
  );
}
