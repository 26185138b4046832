/// <reference lib="dom" />
import { useState } from 'preact/hooks';
import { daysNeeded, visitorsPerVariant } from '#shared/statistics/planning.ts';
import { people, percent, plural } from '#shared/verdict/words.ts';
import type { Draft } from '../draft.ts';
import { NumberField } from './field.tsx';

/** How long will this take? Worked out here, as one types, by the statistics the verdict is made with. */
export function Plan({
  draft,
  onPlannedDays,
  frozen,
}: {
  draft: Draft;
  onPlannedDays: (days: number) => void;
  frozen: boolean;
}) {
  const [rate, setRate] = useState(5);
  const [daily, setDaily] = useState(1_000);
  const { effect, plannedDays } = draft.policy;
  const total = draft.variants.reduce((sum, { weight }) => sum + weight, 0);
  const weights = draft.variants.map(({ weight }) => weight).filter((weight) => weight > 0);
  const plan = planned(
    rate / 100,
    effect,
    weights.length,
    daily * draft.traffic,
    total === 0 ? 0 : Math.min(...weights) / total,
    draft.windowDays,
    draft.policy.falseWinnerRate,
  );
  return (
    <section class="plan" aria-labelledby="plan-title">
      <h2 id="plan-title">How long will this take?</h2>
      <div class="row">
        <NumberField label="Reach the goal today, %" path="plan.rate" value={rate} onValue={setRate} />
        <NumberField label="Visitors a day" path="plan.daily" value={daily} step="1" onValue={setDaily} />
      </div>
      <div aria-live="polite">
        {plan === undefined ? (
          <p>Give a rate between 0 and 100 %, some visitors, and at least two variants with a weight.</p>
        ) : (
          <>
            <p class="figure">
              <b>{plural(plan.exposure, 'day')}</b> of visitors, then {plural(draft.windowDays, 'day')} for the last of
              them.
            </p>
            <p class="hint">
              {people(plan.perVariant)} visitors per variant find a relative difference of {percent(effect)} four times
              out of five: from {percent(rate / 100)} to {percent((rate / 100) * (1 + effect))}.
            </p>
            {plan.exposure !== plannedDays && plan.exposure <= 730 && !frozen && (
              <button type="button" class="plain small flush" onClick={() => onPlannedDays(plan.exposure)}>
                Plan for {plural(plan.exposure, 'day')} (now {plannedDays})
              </button>
            )}
          </>
        )}
      </div>
    </section>
  );
}

function planned(
  rate: number,
  effect: number,
  variants: number,
  visitorsPerDay: number,
  share: number,
  windowDays: number,
  alpha: number,
) {
  if (
    !(rate > 0 && rate < 1 && visitorsPerDay > 0 && share > 0 && effect > 0 && variants >= 2 && alpha > 0 && alpha < 1)
  )
    return undefined;
  const needed = visitorsPerVariant({ rate, relativeLift: effect, alpha, variants }, 'split');
  if (needed.kind !== 'planned') return undefined;
  return {
    perVariant: needed.perVariant,
    ...daysNeeded({ perVariant: needed.perVariant, visitorsPerDay, share, windowDays }),
  };
}
