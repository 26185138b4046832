/// <reference lib="dom" />
import { percent, plural } from '#shared/verdict/words.ts';
import type { Draft } from '../../draft.ts';
import { CheckField, NumberField } from '../../parts/field.tsx';
import { Fold } from '../../parts/fold.tsx';
import { tight } from '../../words.ts';
import { type Part, percentOf } from './part.ts';

/** What has to be true before a verdict names a winner. */
export function Decided({ draft: { policy }, change, begun }: Part) {
  const set = (part: Partial<Draft['policy']>): void => change({ policy: { ...policy, ...part } });
  return (
    <Fold
      title="How it is decided"
      now={tight(
        `${plural(policy.plannedDays, 'day')} planned, a verdict from day ${policy.minimumDays}, ${percent(policy.probability)} sure`,
      )}
      about="What has to be true before a winner is named. It is set before anybody has seen a number, and stays."
      frozen={begun}
    >
      <div class="row">
        <NumberField
          label="Effect worth finding, %"
          path="policy.effect"
          value={percentOf(policy.effect)}
          hint="Relative to the control"
          onValue={(value) => set({ effect: value / 100 })}
        />
        <NumberField
          label="Planned days"
          path="policy.plannedDays"
          value={policy.plannedDays}
          step="1"
          hint="Then there is one last look"
          onValue={(plannedDays) => set({ plannedDays })}
        />
        <NumberField
          label="At least, days"
          path="policy.minimumDays"
          value={policy.minimumDays}
          step="1"
          onValue={(minimumDays) => set({ minimumDays })}
        />
        <NumberField
          label="At least, goals per variant"
          path="policy.minimumGoals"
          value={policy.minimumGoals}
          step="1"
          onValue={(minimumGoals) => set({ minimumGoals })}
        />
        <NumberField
          label="Probability of being best, %"
          path="policy.probability"
          value={percentOf(policy.probability)}
          onValue={(value) => set({ probability: value / 100 })}
        />
        <NumberField
          label="Loss it may have, %"
          path="policy.expectedLoss"
          value={percentOf(policy.expectedLoss)}
          hint="Of the control’s rate, if the winner were not the best"
          onValue={(value) => set({ expectedLoss: value / 100 })}
        />
        <NumberField
          label="No practical difference within, %"
          path="policy.equivalence"
          value={percentOf(policy.equivalence)}
          hint="Then the shorter ladder is taken"
          onValue={(value) => set({ equivalence: value / 100 })}
        />
        <NumberField
          label="False winners, %"
          path="policy.falseWinnerRate"
          value={percentOf(policy.falseWinnerRate)}
          hint="How often a winner may be named where there is none"
          onValue={(value) => set({ falseWinnerRate: value / 100 })}
        />
      </div>
      <CheckField path="policy.wholeWeeks" checked={policy.wholeWeeks} onChecked={(wholeWeeks) => set({ wholeWeeks })}>
        whole weeks only, so that no weekday counts twice
      </CheckField>
    </Fold>
  );
}
