/// <reference lib="dom" />
import type { FrictionRow } from '#shared/report/frictions.ts';
import { range } from '#shared/report/say.ts';
import { people, percent, plural } from '#shared/verdict/words.ts';
import { api, links } from '../api.ts';
import { useLoaded } from '../load.ts';
import { DocumentLink } from '../parts/document-link.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { tight } from '../words.ts';

/** What makes steps hard, over all experiments. */
export function FrictionsPage() {
  const [state, again] = useLoaded('frictions', api.frictions);
  return (
    <>
      <header class="page-head">
        <div>
          <h1>What makes steps hard</h1>
          <p class="lead">
            Of those who came to a step, how many took it, by what its author said of it. To be looked at over many
            experiments: steps differ in more than one thing, so nothing is decided by it.
          </p>
        </div>
        {state.kind === 'here' && state.value.length > 0 && (
          <DocumentLink path={links.frictionsCsv} file="frictions.csv">
            Table (CSV)
          </DocumentLink>
        )}
      </header>
      {state.kind === 'loading' && <Loading what="the frictions" rows={3} />}
      {state.kind === 'failed' && <Failed message={state.message} again={again} />}
      {state.kind === 'here' && state.value.length === 0 && (
        <p class="note">
          No step says yet what may make it hard. In the editor, under “More” of a step, write for instance{' '}
          <code>choices: 12, seconds: 2.4</code>.
        </p>
      )}
      {state.kind === 'here' &&
        [...new Set(state.value.map(({ friction }) => friction))].map((friction) => (
          <One key={friction} friction={friction} rows={state.value.filter((row) => row.friction === friction)} />
        ))}
    </>
  );
}

const One = ({ friction, rows }: { friction: string; rows: readonly FrictionRow[] }) => (
  <section aria-labelledby={`friction-${friction}`}>
    <h2 id={`friction-${friction}`}>{friction}</h2>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard */}
    <section class="wide" aria-label={`Steps by ${friction}`} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{friction}</th>
            <th scope="col">Steps</th>
            <th scope="col">Came to them</th>
            <th scope="col">Took them</th>
            <th scope="col">Share</th>
            <th scope="col">95{'\u00a0'}% interval</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ value, steps, experiments, came, took, pass }) => (
            <tr key={String(value)}>
              <th scope="row">{String(value)}</th>
              <td>{`${plural(steps, 'step')} of ${plural(experiments, 'experiment')}`}</td>
              <td>{people(came)}</td>
              <td>{people(took)}</td>
              <td class="share-bar">
                <i style={{ '--share': pass.mean }} aria-hidden="true" />
                {tight(percent(pass.mean))}
              </td>
              <td>{tight(range(pass))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  </section>
);
