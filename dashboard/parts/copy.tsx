/// <reference lib="dom" />
import { useRef, useState } from 'preact/hooks';

/** A text to be taken elsewhere: to be selected by hand where the browser lets no page copy. */
export function Copy({ label, text }: { label: string; text: string }) {
  const field = useRef<HTMLInputElement>(null);
  const [said, say] = useState('');
  const copy = async (): Promise<void> => {
    field.current?.select();
    await navigator.clipboard.writeText(text).then(
      () => say('Copied'),
      () => say('Selected: copy it with your keyboard'),
    );
  };
  return (
    <div class="copy">
      <input ref={field} readOnly value={text} aria-label={label} onFocus={(event) => event.currentTarget.select()} />
      <button type="button" onClick={() => void copy()}>
        Copy
      </button>
      <span role="status" class="hint">
        {said}
      </span>
    </div>
  );
}
