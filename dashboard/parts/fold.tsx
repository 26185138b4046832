/// <reference lib="dom" />
import type { ComponentChildren } from 'preact';

type Props = {
  readonly title: string;
  /** How it stands, for whoever does not open it. */
  readonly now: string;
  /** What it is for. */
  readonly about: ComponentChildren;
  readonly frozen?: boolean;
  readonly children: ComponentChildren;
};

/** A part of the form that is folded away until somebody wants it, and says how it stands while it is. */
export const Fold = ({ title, now, about, frozen = false, children }: Props) => (
  <details class="fold">
    <summary>
      <span class="fold-title">{title}</span>
      <span class="fold-now">{now}</span>
    </summary>
    <p class="hint">
      {about}
      {frozen && ' It cannot change any more, because visitors have joined.'}
    </p>
    <fieldset class="bare" aria-label={title} disabled={frozen}>
      {children}
    </fieldset>
  </details>
);
