/// <reference lib="dom" />
import type { Allocation } from '#shared/experiment/allocation.ts';
import { NumberField, SelectField } from '../../parts/field.tsx';
import { Fold } from '../../parts/fold.tsx';
import { type Part, percentOf } from './part.ts';

const KINDS = [
  ['fixed', 'stay as they are set'],
  ['thompson', 'move to what is probably best: earn while learning'],
  ['top-two', 'move to the best and its challengers: learn soonest'],
] as const satisfies readonly (readonly [Allocation['kind'], string])[];

/** Who sets the weights. */
export const Weights = ({ draft: { allocation }, change }: Part) => (
  <Fold
    title="Weights"
    now={KINDS.find(([kind]) => kind === allocation.kind)?.[1].split(':')[0] ?? ''}
    about="Moved weights are worked out from the verdict’s own probabilities, at most once a day. Every change opens a weight epoch, and the analysis keeps the epochs apart, so the result stays honest."
  >
    <div class="row">
      <SelectField
        label="The weights"
        path="allocation.kind"
        value={allocation.kind}
        options={KINDS}
        onValue={(kind) => change({ allocation: { ...allocation, kind: kind as Allocation['kind'] } })}
      />
      {allocation.kind !== 'fixed' && (
        <NumberField
          label="Every variant keeps at least, %"
          path="allocation.floor"
          value={percentOf(allocation.floor)}
          onValue={(floor) => change({ allocation: { ...allocation, floor: floor / 100 } })}
        />
      )}
    </div>
  </Fold>
);
