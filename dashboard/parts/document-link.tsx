/// <reference lib="dom" />
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { api } from '../api.ts';
import { linksAreOpen } from '../session/session.ts';

type Props = {
  readonly path: string;
  /** The name of the file, for something to keep rather than to look at. */
  readonly file?: string;
  readonly button?: boolean;
  readonly children: ComponentChildren;
};

/** A link to something the API makes. Where a token has to come along, which a link cannot carry, it is fetched first and opened then. */
export function DocumentLink({ path, file, button = false, children }: Props) {
  const [problem, setProblem] = useState('');
  const open = async (event: Event): Promise<void> => {
    if (linksAreOpen()) return;
    event.preventDefault();
    // Opened before the answer is here: browsers allow no new tab that no click has asked for.
    const tab = file === undefined ? window.open('', '_blank') : null;
    try {
      const content = URL.createObjectURL(await api.document(path));
      if (tab) tab.location.href = content;
      else Object.assign(document.createElement('a'), { href: content, download: file ?? '' }).click();
      setTimeout(() => URL.revokeObjectURL(content), 60_000);
    } catch (error) {
      tab?.close();
      setProblem((error as Error).message);
    }
  };
  return (
    <>
      <a
        class={button ? 'button' : undefined}
        href={path}
        onClick={(event) => void open(event)}
        {...(file === undefined ? { target: '_blank', rel: 'noreferrer' } : { download: file })}
      >
        {children}
      </a>
      {problem && (
        <span class="problem" role="alert">
          {problem}
        </span>
      )}
    </>
  );
}
