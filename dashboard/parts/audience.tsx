/// <reference lib="dom" />
import { type Condition, replaced } from '../draft.ts';
import { SelectField, TextField } from './field.tsx';

const OPERATORS = [
  ['is', 'is'],
  ['is-not', 'is not'],
  ['one-of', 'is one of'],
  ['none-of', 'is none of'],
  ['at-least', 'is at least'],
  ['less-than', 'is less than'],
  ['starts-with', 'starts with'],
  ['contains', 'contains'],
  ['present', 'is known'],
  ['missing', 'is not known'],
] as const;
type Operator = (typeof OPERATORS)[number][0];

const MANY: readonly string[] = ['one-of', 'none-of'];
const NUMERIC: readonly string[] = ['at-least', 'less-than'];
const NONE: readonly string[] = ['present', 'missing'];

/** Who takes part: every condition has to hold. */
export function Audience({
  audience,
  onChange,
}: {
  audience: readonly Condition[];
  onChange: (audience: Condition[]) => void;
}) {
  const set = (i: number, condition: Condition): void => onChange([...replaced(audience, i, condition)]);
  return (
    <fieldset class="audience">
      <legend>Audience</legend>
      {audience.length === 0 && <p class="hint">Everyone. Add a condition to narrow it down.</p>}
      {audience.map((condition, i) => (
        <div class="condition" key={i}>
          <TextField
            label="Attribute"
            path={`audience.${i}.attribute`}
            value={condition.attribute}
            placeholder="country"
            onValue={(attribute) => set(i, { ...condition, attribute })}
          />
          <SelectField
            label="Condition"
            path={`audience.${i}.operator`}
            value={condition.operator}
            options={OPERATORS}
            onValue={(operator) => set(i, conditionOf(condition.attribute, operator as Operator, textOf(condition)))}
          />
          {!NONE.includes(condition.operator) && (
            <TextField
              label={MANY.includes(condition.operator) ? 'Values, separated by commas' : 'Value'}
              path={`audience.${i}.${MANY.includes(condition.operator) ? 'values' : 'value'}`}
              value={textOf(condition)}
              onValue={(text) => set(i, conditionOf(condition.attribute, condition.operator, text))}
            />
          )}
          <button
            type="button"
            class="icon"
            aria-label={`Remove the condition on ${condition.attribute || 'an attribute'}`}
            onClick={() => onChange(audience.filter((_, at) => at !== i))}
          >
            ×
          </button>
        </div>
      ))}
      <button
        type="button"
        class="plain small"
        onClick={() => onChange([...audience, { attribute: '', operator: 'is', value: '' }])}
      >
        Add a condition
      </button>
    </fieldset>
  );
}

const textOf = (condition: Condition): string =>
  'values' in condition
    ? condition.values.join(', ')
    : 'value' in condition && !Number.isNaN(condition.value)
      ? String(condition.value)
      : '';

function conditionOf(attribute: string, operator: Operator, text: string): Condition {
  if (NONE.includes(operator)) return { attribute, operator } as Condition;
  if (MANY.includes(operator))
    return {
      attribute,
      operator,
      values: text
        .split(',')
        .map((each) => each.trim())
        .filter(Boolean),
    } as Condition;
  if (NUMERIC.includes(operator))
    return { attribute, operator, value: text === '' ? Number.NaN : Number(text) } as Condition;
  return { attribute, operator, value: text } as Condition;
}
