/// <reference lib="dom" />
import type { Intent } from '#shared/experiment/intent.ts';
import { INTENTS } from '#shared/experiment/intent-stage.ts';
import { plural } from '#shared/verdict/words.ts';
import { replaced } from '../../draft.ts';
import { Conditions } from '../../parts/conditions.tsx';
import { SelectField } from '../../parts/field.tsx';
import { Fold } from '../../parts/fold.tsx';
import type { Part } from './part.ts';

type Stage = Intent['otherwise'];
const STAGES = INTENTS.map((stage) => [stage, stage] as const);

/** How early visitors are told from late ones. */
export function ToldApart({ draft: { intent }, change, begun }: Part) {
  const rules = intent?.rules ?? [];
  const set = (rules: Intent['rules']): void =>
    change({ intent: rules.length === 0 ? undefined : { rules, otherwise: intent?.otherwise ?? 'early' } });
  return (
    <Fold
      title="Early and late visitors"
      now={rules.length === 0 ? 'not told apart' : plural(rules.length, 'rule')}
      about="Somebody who searches for your name is nearer to a decision than somebody who saw an ad. The first rule that holds says how near; it is frozen when the visitor joins. Each stage gets a winner of its own only where that is clearly better."
      frozen={begun}
    >
      {rules.map((rule, i) => (
        <div class="entry" key={i}>
          <div class="row">
            <SelectField
              label="A visitor is"
              path={`intent.rules.${i}.stage`}
              value={rule.stage}
              options={STAGES}
              onValue={(stage) => set([...replaced(rules, i, { ...rule, stage: stage as Stage })])}
            />
          </div>
          <p class="hint">when</p>
          <Conditions
            path={`intent.rules.${i}.when`}
            conditions={rule.when}
            onChange={(when) => set([...replaced(rules, i, { ...rule, when })])}
          />
          <button type="button" class="plain small" onClick={() => set(rules.filter((_, at) => at !== i))}>
            Remove this rule
          </button>
        </div>
      ))}
      {intent && (
        <div class="row">
          <SelectField
            label="And everyone else is"
            path="intent.otherwise"
            value={intent.otherwise}
            options={STAGES}
            onValue={(otherwise) => change({ intent: { ...intent, otherwise: otherwise as Stage } })}
          />
        </div>
      )}
      <button
        type="button"
        class="plain small flush"
        onClick={() =>
          set([...rules, { stage: 'late', when: [{ attribute: 'returning', operator: 'is', value: true }] }])
        }
      >
        Add a rule
      </button>
    </Fold>
  );
}
