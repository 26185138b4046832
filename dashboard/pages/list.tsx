/// <reference lib="dom" />
import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { verdictLabel } from '#shared/report/next-steps.ts';
import type { VerdictKind } from '#shared/verdict/verdict.ts';
import { plural } from '#shared/verdict/words.ts';
import { api, type Experiment } from '../api.ts';
import { useLoaded } from '../load.ts';
import { ForEditors } from '../parts/for-editors.tsx';
import { MiniStairs } from '../parts/staircase.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { VerdictLabel } from '../parts/verdict.tsx';
import { address } from '../route.ts';
import { liveLadders, liveReport } from '../standing.ts';

/** All experiments: what they ask, how they stand, what they say. */
export function ListPage() {
  const [state, again] = useLoaded('list', api.list);
  return (
    <>
      <header class="page-head">
        <h1>Experiments</h1>
        <ForEditors>
          <a class="button primary" href="#/new">
            New experiment
          </a>
        </ForEditors>
      </header>
      {state.kind === 'loading' && <Loading what="the experiments" rows={3} />}
      {state.kind === 'failed' && <Failed message={state.message} again={again} />}
      {state.kind === 'here' &&
        (state.value.length === 0 ? (
          <Empty />
        ) : (
          <ul class="experiments">
            {sorted(state.value).map((each) => (
              <Row key={each.id} experiment={each} />
            ))}
          </ul>
        ))}
    </>
  );
}

/** How an experiment stands, from its live counts. */
type Stands = { readonly visitors: number; readonly kind: VerdictKind; readonly label: string } | 'unreadable';

const ORDER = { running: 0, paused: 1, draft: 2, concluded: 3 } as const;
const sorted = (experiments: readonly Experiment[]): Experiment[] =>
  [...experiments].sort((a, b) => ORDER[a.status] - ORDER[b.status] || b.createdAt - a.createdAt);

function Row({ experiment }: { experiment: Experiment }) {
  const { id, definition, status } = experiment;
  const [stands, setStands] = useState<Stands>();
  const row = useRef<HTMLLIElement>(null);
  const seen = useSeen(row);
  useEffect(() => {
    if (status === 'draft' || !seen) return;
    void api.tally(id).then(
      (tally) => {
        const visitors = liveLadders(experiment, tally).reduce((sum, each) => sum + each.visitors, 0);
        const report = liveReport(experiment, tally, Date.now());
        setStands({ visitors, kind: report.verdict.kind, label: verdictLabel(report) });
      },
      () => setStands('unreadable'),
    );
  }, [id, status, experiment, seen]);
  return (
    <li ref={row}>
      <a href={address.experiment(id)}>
        <span class="minis">
          {definition.variants.map((variant) => (
            <MiniStairs key={variant.id} steps={variant.steps.length} control={variant.id === definition.control} />
          ))}
        </span>
        <span class="what">
          <b>{definition.name}</b>
          <small>{definition.variants.map(({ name }) => name).join(' · ')}</small>
        </span>
        <span class="stands">
          <span>
            <span class={`status ${status}`}>{status}</span>
            {typeof stands === 'object' && <small> {plural(stands.visitors, 'visitor')}</small>}
          </span>
          {status === 'draft' ? (
            <small>not started</small>
          ) : stands === undefined ? (
            <small>reading…</small>
          ) : stands === 'unreadable' ? (
            <small>its counts cannot be read at the moment</small>
          ) : (
            <VerdictLabel kind={stands.kind}>{stands.label}</VerdictLabel>
          )}
        </span>
      </a>
    </li>
  );
}

/** Whether an element has been in sight, or nearly: what nobody scrolls to is never asked for. */
function useSeen(element: RefObject<HTMLElement | null>): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const watch = new IntersectionObserver((entries) => setSeen((before) => before || entries.some(isIn)), {
      rootMargin: '200px',
    });
    if (element.current) watch.observe(element.current);
    return () => watch.disconnect();
  }, []);
  return seen;
}
const isIn = ({ isIntersecting }: IntersectionObserverEntry): boolean => isIntersecting;

const Empty = () => (
  <div class="empty">
    <MiniStairs steps={6} control={false} />
    <h2>Nothing is being tried yet</h2>
    <p>Ask once, or climb a ladder of small yeses? Start from a template and find out.</p>
    <ForEditors>
      <a class="button primary" href="#/new">
        New experiment
      </a>
    </ForEditors>
  </div>
);
