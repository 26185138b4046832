/// <reference lib="dom" />
import type { ComponentChildren } from 'preact';
import { createContext } from 'preact';
import { useContext, useId } from 'preact/hooks';
import type { Issue } from '../api.ts';

/** What the API refused, for whichever field it is about. */
export const Issues = createContext<readonly Issue[]>([]);

export const issuesAt = (issues: readonly Issue[], path: string): readonly Issue[] =>
  issues.filter((issue) => issue.path.join('.') === path);

type Common = { readonly label: string; readonly path: string; readonly hint?: string; readonly quiet?: boolean };
type Props = Common & {
  readonly children: (wiring: {
    id: string;
    'aria-invalid': boolean;
    'aria-describedby'?: string;
  }) => ComponentChildren;
};

/** A labelled field with the API's own words beside it when it was refused. */
export function Field({ label, path, hint, quiet = false, children }: Props) {
  const id = useId();
  const issues = issuesAt(useContext(Issues), path);
  const described = [hint && `${id}-hint`, issues.length > 0 && `${id}-issue`].filter(Boolean).join(' ');
  return (
    <div class={issues.length > 0 ? 'field refused' : 'field'} data-path={path}>
      <label for={id} class={quiet ? 'unseen' : ''}>
        {label}
      </label>
      {children({ id, 'aria-invalid': issues.length > 0, ...(described && { 'aria-describedby': described }) })}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {issues.length > 0 && (
        <p class="issue" id={`${id}-issue`}>
          {issues.map(({ message }) => message).join('; ')}
        </p>
      )}
    </div>
  );
}

type TextProps = Common & {
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly type?: 'text' | 'number';
  readonly placeholder?: string;
  readonly step?: string;
  readonly disabled?: boolean;
  readonly inputMode?: 'url' | 'email';
};

export const TextField = ({
  value,
  onValue,
  type = 'text',
  placeholder,
  step,
  disabled,
  inputMode,
  ...common
}: TextProps) => (
  <Field {...common}>
    {(wiring) => (
      <input
        {...wiring}
        // Preact types the element by its type, one at a time.
        type={type as 'text'}
        value={value}
        {...(placeholder !== undefined && { placeholder })}
        {...(step !== undefined && { step })}
        {...(inputMode !== undefined && { inputMode })}
        disabled={disabled === true}
        autocomplete="off"
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    )}
  </Field>
);

export const NumberField = ({
  value,
  onValue,
  ...rest
}: Omit<TextProps, 'value' | 'onValue'> & { value: number; onValue: (value: number) => void }) => (
  <TextField
    {...rest}
    type="number"
    step={rest.step ?? 'any'}
    value={Number.isFinite(value) ? String(value) : ''}
    onValue={(text) => onValue(text === '' ? Number.NaN : Number(text))}
  />
);

type SelectProps = Common & {
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly options: readonly (readonly [string, string])[];
  readonly disabled?: boolean;
};

export const SelectField = ({ value, onValue, options, disabled, ...common }: SelectProps) => (
  <Field {...common}>
    {(wiring) => (
      <select {...wiring} value={value} disabled={disabled} onChange={(event) => onValue(event.currentTarget.value)}>
        {options.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    )}
  </Field>
);
