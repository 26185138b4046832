/// <reference lib="dom" />
import type { ComponentChildren } from 'preact';
import { createContext } from 'preact';
import { useContext, useEffect, useId, useState } from 'preact/hooks';
import type { Issue } from '../api.ts';

/** What the API refused, for whichever field it is about. */
export const Issues = createContext<readonly Issue[]>([]);

/** What was refused at a path; of a field that holds a whole list, also what was refused of its entries. */
export const issuesAt = (issues: readonly Issue[], path: string, whole = false): readonly Issue[] =>
  issues.filter((issue) => {
    const refused = issue.path.join('.');
    return refused === path || (whole && refused.startsWith(`${path}.`));
  });

type Common = {
  readonly label: string;
  readonly path: string;
  readonly hint?: ComponentChildren;
  readonly quiet?: boolean;
  /** The field is a list or an object written as one text: what is refused of its parts stands here. */
  readonly whole?: boolean;
};
type Props = Common & {
  readonly children: (wiring: {
    id: string;
    'aria-invalid': boolean;
    'aria-describedby'?: string;
  }) => ComponentChildren;
};

/** A labelled field with the API's own words beside it when it was refused. */
export function Field({ label, path, hint, quiet = false, whole = false, children }: Props) {
  const id = useId();
  const issues = issuesAt(useContext(Issues), path, whole);
  const described = [hint && `${id}-hint`, issues.length > 0 && `${id}-issue`].filter(Boolean).join(' ');
  return (
    <div class={issues.length > 0 ? 'field refused' : 'field'} data-path={path} data-whole={whole ? '' : undefined}>
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
  readonly type?: 'text' | 'number' | 'datetime-local';
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

/** An instant, written and read as UTC: cohorts are UTC days. */
export const InstantField = ({
  value,
  onValue,
  label,
  ...rest
}: Omit<TextProps, 'value' | 'onValue'> & {
  value: string | undefined;
  onValue: (value: string | undefined) => void;
}) => (
  <TextField
    {...rest}
    label={`${label} (UTC)`}
    type="datetime-local"
    value={value && !Number.isNaN(Date.parse(value)) ? new Date(value).toISOString().slice(0, 16) : ''}
    onValue={(text) => onValue(text === '' ? undefined : `${text}:00Z`)}
  />
);

export type WrittenProps<T> = Omit<TextProps, 'value' | 'onValue' | 'whole'> & {
  readonly value: T;
  readonly onValue: (value: T) => void;
};

/** Something that is written as one text. What is being typed stays as it is typed; only what it says is handed on. */
export function WrittenField<T>({
  value,
  onValue,
  read,
  write,
  ...rest
}: WrittenProps<T> & { read: (text: string) => T; write: (value: T) => string }) {
  const [text, setText] = useState(write(value));
  // Changed from elsewhere, such as by a template: then what was typed is out of date.
  useEffect(() => {
    if (write(read(text)) !== write(value)) setText(write(value));
  }, [write(value)]);
  return (
    <TextField
      {...rest}
      whole
      value={text}
      onValue={(typed) => {
        setText(typed);
        onValue(read(typed));
      }}
    />
  );
}

const entriesOf = (text: string): readonly string[] =>
  text
    .split(/[,\n]/)
    .map((each) => each.trim())
    .filter(Boolean);

/** Several short texts, separated by commas. */
export const ListField = (props: WrittenProps<readonly string[]>) => (
  <WrittenField {...props} read={entriesOf} write={(entries) => entries.join(', ')} />
);

/** Text that grows with what is in it; of any number of lines, or of one that only wraps. */
export const TextArea = ({
  value,
  onValue,
  placeholder,
  oneLine = false,
  ...common
}: Common & { value: string; onValue: (value: string) => void; placeholder?: string; oneLine?: boolean }) => (
  <Field {...common}>
    {(wiring) => (
      <textarea
        {...wiring}
        rows={2}
        value={value}
        placeholder={placeholder}
        onKeyDown={(event) => oneLine && event.key === 'Enter' && event.preventDefault()}
        onInput={(event) => {
          const { value: typed } = event.currentTarget;
          onValue(oneLine ? typed.replaceAll('\n', ' ') : typed);
        }}
      />
    )}
  </Field>
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

type CheckProps = Pick<Common, 'path' | 'hint'> & {
  readonly checked: boolean;
  readonly onChecked: (checked: boolean) => void;
  readonly children: ComponentChildren;
  readonly disabled?: boolean;
};

/** Something that is so or not. */
export function CheckField({ path, hint, checked, onChecked, children, disabled }: CheckProps) {
  const id = useId();
  const issues = issuesAt(useContext(Issues), path);
  return (
    <div class={issues.length > 0 ? 'field refused' : 'field'} data-path={path}>
      <label class="choice">
        <input
          type="checkbox"
          checked={checked}
          disabled={disabled === true}
          {...(hint !== undefined && { 'aria-describedby': id })}
          onChange={(event) => onChecked(event.currentTarget.checked)}
        />
        <span>{children}</span>
      </label>
      {hint && (
        <p class="hint" id={id}>
          {hint}
        </p>
      )}
      {issues.length > 0 && <p class="issue">{issues.map(({ message }) => message).join('; ')}</p>}
    </div>
  );
}
