/// <reference lib="dom" />

import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { capital } from '#shared/report/say.ts';
import { type Issue, Refusal } from '../api.ts';
import { Issues } from './field.tsx';

type Props = {
  readonly title: string;
  readonly children: ComponentChildren;
  readonly confirm: string;
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
  /** What is done cannot be undone. */
  readonly grave?: boolean;
  /** What leaves without doing anything; none where there is nothing to be undone any more. */
  readonly cancel?: string | null;
};

/**
 * A question before something that matters. The browser's own dialog keeps the focus inside and closes on Escape. What the API
 * refuses stands beside its field, or below all of them where it has none.
 */
export function Dialog({ title, children, confirm, onConfirm, onClose, grave = false, cancel = 'Cancel' }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const [error, setError] = useState('');
  const [issues, setIssues] = useState<readonly Issue[]>([]);
  const [busy, setBusy] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    await onConfirm().then(onClose, (failure: Error) => {
      setError(failure.message);
      setIssues(failure instanceof Refusal ? failure.issues : []);
      requestAnimationFrame(() =>
        dialog.current?.querySelector<HTMLElement>('.refused :is(input, select, textarea)')?.focus(),
      );
    });
    setBusy(false);
  };
  return (
    <dialog ref={dialog} aria-labelledby={heading} onClose={onClose}>
      <form noValidate onSubmit={(event) => void submit(event)}>
        <h2 id={heading}>{title}</h2>
        <Issues.Provider value={issues}>{children}</Issues.Provider>
        {error && (
          <p class="problem" role="alert">
            {capital(error)}
          </p>
        )}
        <div class="actions end">
          {cancel !== null && (
            <button type="button" class="plain" onClick={() => dialog.current?.close()}>
              {cancel}
            </button>
          )}
          <button type="submit" class={grave ? 'primary grave' : 'primary'} disabled={busy}>
            {confirm}
          </button>
        </div>
      </form>
    </dialog>
  );
}
