/// <reference lib="dom" />
import type { Experiment, Revision } from '../../api.ts';
import { api } from '../../api.ts';
import { type Change, changesBetween } from '../../changes.ts';
import { useLoaded } from '../../load.ts';
import { Failed, Loading } from '../../parts/states.tsx';
import { moment } from '../../words.ts';
import { nameOf } from './series.ts';

/** Who changed what, and when; newest first. */
export function HistoryTab({ experiment: { id, revision } }: { experiment: Experiment }) {
  const [state, again] = useLoaded(`revisions ${id} ${revision}`, () => api.revisions(id));
  if (state.kind === 'loading') return <Loading what="the history" rows={3} />;
  if (state.kind === 'failed') return <Failed message={state.message} again={again} />;
  const newestFirst = [...state.value].sort((a, b) => b.revision - a.revision);
  return (
    <section class="first" aria-labelledby="history">
      <h2 id="history">Who changed what</h2>
      <ol class="history" reversed>
        {newestFirst.map((each, i) => (
          <li key={each.revision}>
            <span class="number">{each.revision}</span>
            <div>
              <p>
                <b>{each.action}</b> by {each.by}
                {each.experiment.shipped && (each.action === 'concluded' || each.action === 'shipped') && (
                  <>: everyone gets {nameOf(each.experiment, each.experiment.shipped)}</>
                )}
              </p>
              <Changes changes={changesIn(each, newestFirst[i + 1])} />
            </div>
            <time dateTime={new Date(each.at).toISOString()}>{moment(each.at)}</time>
          </li>
        ))}
      </ol>
    </section>
  );
}

const changesIn = ({ experiment }: Revision, before: Revision | undefined): Change[] =>
  before === undefined ? [] : changesBetween(before.experiment.definition, experiment.definition);

const Changes = ({ changes }: { changes: readonly Change[] }) =>
  changes.length === 0 ? null : (
    <ul class="changes">
      {changes.map(({ what, before, after }) => (
        <li key={what}>
          {what}: {before !== undefined && <del>{before}</del>} {after !== undefined && <ins>{after}</ins>}
        </li>
      ))}
    </ul>
  );
