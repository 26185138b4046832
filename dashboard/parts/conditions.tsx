/// <reference lib="dom" />
import { type Condition, replaced } from '../draft.ts';
import { ListField, SelectField, TextField } from './field.tsx';

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
type Scalar = string | number | boolean;

const MANY: readonly string[] = ['one-of', 'none-of'];
const NUMERIC: readonly string[] = ['at-least', 'less-than'];
const NONE: readonly string[] = ['present', 'missing'];

type Props = {
  /** Where they are in the definition. */
  readonly path: string;
  readonly conditions: readonly Condition[];
  readonly onChange: (conditions: Condition[]) => void;
};

/** Conditions on what is known of a visitor; all of them have to hold. */
export function Conditions({ path, conditions, onChange }: Props) {
  const set = (i: number, condition: Condition): void => onChange([...replaced(conditions, i, condition)]);
  return (
    <>
      {conditions.map((condition, i) => (
        <div class="condition" key={i}>
          <TextField
            label="Attribute"
            path={`${path}.${i}.attribute`}
            value={condition.attribute}
            placeholder="country"
            onValue={(attribute) => set(i, { ...condition, attribute })}
          />
          <SelectField
            label="Condition"
            path={`${path}.${i}.operator`}
            value={condition.operator}
            options={OPERATORS}
            onValue={(operator) => set(i, conditionOf(condition.attribute, operator as Operator, valuesOf(condition)))}
          />
          {MANY.includes(condition.operator) ? (
            <ListField
              label="Values, separated by commas"
              path={`${path}.${i}.values`}
              value={valuesOf(condition).map(String)}
              onValue={(values) =>
                set(i, conditionOf(condition.attribute, condition.operator, values.map(alike(condition))))
              }
            />
          ) : (
            !NONE.includes(condition.operator) && (
              <TextField
                label="Value"
                path={`${path}.${i}.value`}
                value={String(valuesOf(condition)[0] ?? '')}
                onValue={(text) =>
                  set(i, conditionOf(condition.attribute, condition.operator, [alike(condition)(text)]))
                }
              />
            )
          )}
          <button
            type="button"
            class="icon"
            aria-label={`Remove the condition on ${condition.attribute || 'an attribute'}`}
            onClick={() => onChange(conditions.filter((_, at) => at !== i))}
          >
            ×
          </button>
        </div>
      ))}
      <button
        type="button"
        class="plain small flush"
        onClick={() => onChange([...conditions, { attribute: '', operator: 'is', value: '' }])}
      >
        Add a condition
      </button>
    </>
  );
}

const valuesOf = (condition: Condition): readonly Scalar[] =>
  'values' in condition
    ? condition.values
    : 'value' in condition && !Number.isNaN(condition.value)
      ? [condition.value]
      : [];

/** A text as what the value before it was: a condition on a number stays one while its digits are changed. */
const alike =
  (condition: Condition) =>
  (text: string): Scalar => {
    const [before] = valuesOf(condition);
    if (typeof before === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
    if (typeof before === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
    return text;
  };

function conditionOf(attribute: string, operator: Operator, values: readonly Scalar[]): Condition {
  const [value = ''] = values;
  if (NONE.includes(operator)) return { attribute, operator } as Condition;
  if (MANY.includes(operator)) return { attribute, operator, values } as Condition;
  if (NUMERIC.includes(operator))
    return { attribute, operator, value: value === '' ? Number.NaN : Number(value) } as Condition;
  return { attribute, operator, value } as Condition;
}
