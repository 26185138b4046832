/// <reference lib="dom" />
import { useMemo, useRef, useState } from 'preact/hooks';
import type { Report } from '#shared/report/report.ts';
import { distance, type Tally } from '#shared/tally/tally.ts';
import { api, type Experiment } from '../../api.ts';
import { type Loaded, useLoaded } from '../../load.ts';
import { ForEditors } from '../../parts/for-editors.tsx';
import { Failed, Loading } from '../../parts/states.tsx';
import { address, TABS, type Tab } from '../../route.ts';
import { liveReport } from '../../standing.ts';
import { day } from '../../words.ts';
import { DeliveriesTab } from './deliveries.tsx';
import { HistoryTab } from './history.tsx';
import { KeptReport } from './kept-report.tsx';
import { LiveTab } from './live.tsx';
import { type Asked, Move } from './move.tsx';
import { ReportsTab } from './reports.tsx';
import { nameOf } from './series.ts';

/** Live counts are asked for this often: a page somebody looks at, not a load on the table. */
const LIVE_MS = 2_000;
const STILL_MS = 60_000;

type Where = { readonly id: string; readonly tab: Tab; readonly report: number | undefined };

export function ExperimentPage({ id, tab, report }: Where) {
  const [state, again] = useLoaded(`experiment ${id}`, () => api.find(id));
  if (state.kind === 'loading') return <Loading what="the experiment" rows={4} />;
  if (state.kind === 'failed') return <Failed message={state.message} again={again} />;
  return <Shown experiment={state.value} tab={tab} kept={report} again={again} />;
}

type Props = {
  readonly experiment: Experiment;
  readonly tab: Tab;
  readonly kept: number | undefined;
  readonly again: () => void;
};

function Shown({ experiment, tab, kept, again }: Props) {
  const { id, status } = experiment;
  const [asked, setAsked] = useState<Asked>();
  const often = status === 'running' && tab === 'live';
  const [live] = useLoaded(`tally ${id} ${status}`, () => api.tally(id), often ? LIVE_MS : STILL_MS);
  const report = useReport(experiment, live);
  return (
    <article class="experiment">
      <Head experiment={experiment} verdict={report?.verdict} ask={setAsked} />
      <Tabs id={id} tab={tab} />
      {tab === 'live' && <LiveTab experiment={experiment} live={live} report={report} />}
      {tab === 'reports' &&
        (kept === undefined ? (
          <ReportsTab key={id} experiment={experiment} />
        ) : (
          <KeptReport key={kept} experiment={experiment} writtenAt={kept} />
        ))}
      {tab === 'deliveries' && <DeliveriesTab experiment={experiment} report={report} />}
      {tab === 'history' && <HistoryTab experiment={experiment} />}
      {asked && (
        <Move
          asked={asked}
          experiment={experiment}
          report={report}
          onClose={() => {
            setAsked(undefined);
            again();
          }}
        />
      )}
    </article>
  );
}

/** The verdict over the live counts. Worked out again when they have changed or a minute has passed: it costs many quadratures. */
function useReport(experiment: Experiment, live: Loaded<Tally>): Report | undefined {
  const tally = useSteady(live.kind === 'here' ? live.value : undefined);
  const minute = Math.floor(Date.now() / 60_000);
  return useMemo(
    () => (tally && experiment.status !== 'draft' ? liveReport(experiment, tally, Date.now()) : undefined),
    [experiment, tally, minute],
  );
}

/** The counts, as the same object while they are the same: most looks find nothing new. */
function useSteady(tally: Tally | undefined): Tally | undefined {
  const kept = useRef(tally);
  if (!tally || !kept.current || distance(kept.current, tally) !== 0) kept.current = tally;
  return kept.current;
}

type HeadProps = {
  readonly experiment: Experiment;
  /** What it asks for stands out: concluding where it names a variant, pausing where a guardrail is crossed. */
  readonly verdict: Report['verdict'] | undefined;
  readonly ask: (asked: Asked) => void;
};

function Head({ experiment, verdict, ask }: HeadProps) {
  const { id, definition, status, revision, startedAt, shipped } = experiment;
  return (
    <header class="page-head">
      <div>
        <p class="crumb">
          <a href={address.list}>Experiments</a>
        </p>
        <h1>{definition.name}</h1>
        <p class="meta">
          <span class={`status ${status}`}>{status}</span>
          <span>revision {revision}</span>
          {startedAt && <span>since {day(startedAt)}</span>}
          {shipped && (
            <span>
              everyone gets <b>{nameOf(experiment, shipped)}</b>
            </span>
          )}
        </p>
      </div>
      <ForEditors>
        <div class="actions">
          {status !== 'concluded' && (
            <a class="button" href={address.edit(id)}>
              Edit
            </a>
          )}
          {status === 'running' && (
            <button
              type="button"
              class={verdict?.kind === 'stopped-by-guardrail' ? 'primary' : ''}
              onClick={() => ask('pause')}
            >
              Pause
            </button>
          )}
          {(status === 'draft' || status === 'paused') && (
            <button type="button" class="primary" onClick={() => ask('start')}>
              {status === 'paused' ? 'Resume' : 'Start'}
            </button>
          )}
          {(status === 'running' || status === 'paused') && (
            <button
              type="button"
              class={verdict?.variant === undefined ? '' : 'primary'}
              onClick={() => ask('conclude')}
            >
              Conclude
            </button>
          )}
          {status === 'concluded' && (
            <button type="button" onClick={() => ask('ship')}>
              Ship another
            </button>
          )}
        </div>
      </ForEditors>
    </header>
  );
}

const NAMES: Readonly<Record<Tab, string>> = {
  live: 'Live',
  reports: 'Reports',
  deliveries: 'Deliveries',
  history: 'History',
};

const Tabs = ({ id, tab }: { id: string; tab: Tab }) => (
  <nav class="tabs" aria-label="This experiment">
    {TABS.map((each) => (
      <a key={each} href={address.experiment(id, each)} aria-current={each === tab ? 'page' : undefined}>
        {NAMES[each]}
      </a>
    ))}
  </nav>
);
