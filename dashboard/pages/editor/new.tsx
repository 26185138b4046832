/// <reference lib="dom" />
import { useState } from 'preact/hooks';
import { type Draft, draftOf } from '../../draft.ts';
import { MiniStairs } from '../../parts/staircase.tsx';
import { address } from '../../route.ts';
import { TEMPLATES } from '../../templates.ts';
import { Editor } from './editor.tsx';

/** A beginning to change, or an empty one. */
export function NewPage() {
  const [draft, setDraft] = useState<Draft>();
  if (draft) return <Editor start={draft} known={undefined} />;
  return (
    <>
      <header class="page-head">
        <div>
          <p class="crumb">
            <a href={address.list}>Experiments</a>
          </p>
          <h1>What would you like to try?</h1>
        </div>
      </header>
      <ul class="templates">
        {TEMPLATES.map(({ id, title, summary, definition }) => (
          <li key={id}>
            <button type="button" onClick={() => setDraft(draftOf(definition))}>
              <span class="minis">
                {definition.variants.map((variant) => (
                  <MiniStairs
                    key={variant.id}
                    steps={variant.steps.length}
                    control={variant.id === definition.control}
                  />
                ))}
              </span>
              <b>{title}</b>
              <small>{summary}</small>
            </button>
          </li>
        ))}
        <li>
          <button type="button" onClick={() => setDraft(draftOf({}))}>
            <span class="minis">
              <MiniStairs steps={1} control />
              <MiniStairs steps={2} control={false} />
            </span>
            <b>Empty</b>
            <small>One ask against two, and all the names are yours.</small>
          </button>
        </li>
      </ul>
    </>
  );
}
