/// <reference lib="dom" />
import { useMemo, useState } from 'preact/hooks';
import { nextSteps, verdictLabel } from '#shared/report/next-steps.ts';
import type { Report } from '#shared/report/report.ts';
import { range, sentences, signed } from '#shared/report/say.ts';
import { people, percent, plural } from '#shared/verdict/words.ts';
import { api, type Experiment, links } from '../api.ts';
import { useLoaded } from '../load.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Ladder } from '../parts/ladder.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { liveLadders, liveReport } from '../standing.ts';

/** Live counts are asked for this often: a page somebody looks at, not a load on the table. */
const LIVE_MS = 2_000;
const STILL_MS = 60_000;

type Asked = 'start' | 'pause' | 'conclude' | 'ship' | undefined;

export function ExperimentPage({ id }: { id: string }) {
  const [state, again] = useLoaded(`experiment ${id}`, () => api.find(id));
  if (state.kind === 'loading') return <Loading what="the experiment" rows={4} />;
  if (state.kind === 'failed') return <Failed message={state.message} again={again} />;
  return <Shown experiment={state.value} again={again} />;
}

function Shown({ experiment, again }: { experiment: Experiment; again: () => void }) {
  const { id, definition, status } = experiment;
  const [asked, setAsked] = useState<Asked>();
  const [live] = useLoaded(`tally ${id} ${status}`, () => api.tally(id), status === 'running' ? LIVE_MS : STILL_MS);
  const tally = live.kind === 'here' ? live.value : undefined;
  const ladders = useMemo(() => liveLadders(experiment, tally ?? new Map()), [experiment, tally]);
  const report = useMemo(
    () => (tally && status !== 'draft' ? liveReport(experiment, tally, Date.now()) : undefined),
    [experiment, tally, status],
  );
  const longest = Math.max(0, ...ladders.flatMap(({ rungs }) => rungs.map(({ share }) => share)));
  const close = (): void => {
    setAsked(undefined);
    again();
  };
  return (
    <article class="experiment">
      <header class="page-head">
        <div>
          <p class="crumb">
            <a href="#/">Experiments</a>
          </p>
          <h1>{definition.name}</h1>
          <p class="meta">
            <span class={`status ${status}`}>{status}</span>
            <span>revision {experiment.revision}</span>
            {experiment.startedAt && <span>since {day(experiment.startedAt)}</span>}
            {experiment.shipped && (
              <span>
                everyone gets <b>{nameOf(experiment, experiment.shipped)}</b>
              </span>
            )}
          </p>
        </div>
        <div class="actions">
          {status !== 'concluded' && (
            <a class="button" href={`#/experiments/${encodeURIComponent(id)}/edit`}>
              Edit
            </a>
          )}
          {status === 'running' && (
            <button type="button" onClick={() => setAsked('pause')}>
              Pause
            </button>
          )}
          {(status === 'draft' || status === 'paused') && (
            <button type="button" class="primary" onClick={() => setAsked('start')}>
              {status === 'paused' ? 'Resume' : 'Start'}
            </button>
          )}
          {(status === 'running' || status === 'paused') && (
            <button type="button" class={status === 'running' ? 'primary' : ''} onClick={() => setAsked('conclude')}>
              Conclude
            </button>
          )}
          {status === 'concluded' && (
            <button type="button" onClick={() => setAsked('ship')}>
              Ship another
            </button>
          )}
        </div>
      </header>

      {report && <Verdict report={report} />}
      {status === 'draft' && <p class="lead">{definition.hypothesis ?? 'Not started: nobody is counted yet.'}</p>}

      <section aria-labelledby="ladders">
        <div class="section-head">
          <h2 id="ladders">{status === 'draft' ? 'The ladders' : 'So far'}</h2>
          {status === 'running' && (
            <p class="live">
              <i aria-hidden="true" />
              live
            </p>
          )}
        </div>
        {status !== 'draft' && (
          <p class="hint">
            Everyone assigned so far, open windows included: what is happening, not what to decide on. The verdict above
            waits for those whose {plural(definition.windowDays, 'day')} are over.
          </p>
        )}
        {live.kind === 'failed' && <p class="problem">{live.message}</p>}
        <div class="ladders">
          {ladders.map((ladder) => (
            <Ladder key={ladder.id} ladder={ladder} longest={longest} series={seriesOf(experiment, ladder.id)} />
          ))}
        </div>
      </section>

      {report?.cohorts && <Goal report={report} />}
      <Previews experiment={experiment} />
      {status !== 'draft' && <Exports id={id} />}
      {definition.reporting && <Deliveries id={id} />}
      <History id={id} revision={experiment.revision} />

      {asked === 'start' && (
        <Dialog
          title={status === 'paused' ? 'Resume this experiment?' : 'Start this experiment?'}
          confirm={status === 'paused' ? 'Resume' : 'Start'}
          onConfirm={() => api.start(id)}
          onClose={close}
        >
          <p>
            {status === 'paused'
              ? 'Visitors will join again, and be split as before.'
              : 'Visitors will be split between the variants and counted. Its goal, control, segments and policy cannot change any more.'}
          </p>
        </Dialog>
      )}
      {asked === 'pause' && (
        <Dialog title="Pause this experiment?" confirm="Pause" onConfirm={() => api.pause(id)} onClose={close}>
          <p>
            Everyone gets the control and nobody new joins. Steps of those who joined before still count. You can resume
            it.
          </p>
        </Dialog>
      )}
      {(asked === 'conclude' || asked === 'ship') && (
        <Choose experiment={experiment} report={report} ship={asked === 'ship'} onClose={close} />
      )}
    </article>
  );
}

function Verdict({ report }: { report: Report }) {
  const [said = '', ...more] = sentences(report.verdict.sentence);
  const [next = ''] = nextSteps(report);
  const { kind } = report.verdict;
  return (
    <section class="verdict" aria-label="Verdict" aria-live="polite">
      <p
        class={`label ${kind === 'winner' || kind === 'equivalent' ? 'decided' : kind === 'invalid' || kind === 'stopped-by-guardrail' ? 'bad' : ''}`}
      >
        {verdictLabel(report)}
      </p>
      <p class="said">{said}</p>
      <p class="lead">{[...more, next].join(' ')}</p>
    </section>
  );
}

function Goal({ report }: { report: Report }) {
  return (
    <section aria-labelledby="goal">
      <h2 id="goal">At the goal</h2>
      <p class="hint">
        Those whose window has closed, {report.cohorts?.from} to {report.cohorts?.until}.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard */}
      <section class="wide" aria-label="The goal, per visitor assigned" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Variant</th>
              <th scope="col">Visitors</th>
              <th scope="col">Goals</th>
              <th scope="col">Rate</th>
              <th scope="col">P(best)</th>
              <th scope="col">Against the control</th>
            </tr>
          </thead>
          <tbody>
            {report.variants.map((variant) => (
              <tr key={variant.id}>
                <th scope="row">{variant.name}</th>
                <td>{people(variant.counted)}</td>
                <td>{people(variant.goals)}</td>
                <td>{variant.counted === 0 ? '–' : percent(variant.goalRate.mean)}</td>
                <td>{variant.counted === 0 ? '–' : percent(variant.best)}</td>
                <td>
                  {variant.control
                    ? 'control'
                    : variant.uplift && variant.goals > 0
                      ? `${signed(variant.uplift.median)} (${range(variant.uplift.interval, signed)})`
                      : '–'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

/** Concluding, or changing one's mind about it. What the verdict recommends is chosen already. */
function Choose({
  experiment,
  report,
  ship,
  onClose,
}: {
  experiment: Experiment;
  report: Report | undefined;
  ship: boolean;
  onClose: () => void;
}) {
  const { definition, id } = experiment;
  const recommended = report?.verdict.variant;
  const [chosen, setChosen] = useState((ship ? experiment.shipped : recommended) ?? definition.control);
  return (
    <Dialog
      title={ship ? 'Give everyone another variant?' : 'Conclude this experiment?'}
      confirm={ship ? 'Ship it' : 'Conclude'}
      onConfirm={() => (ship ? api.ship(id, chosen) : api.conclude(id, chosen))}
      onClose={onClose}
    >
      <p>
        {ship
          ? 'The counts stay closed; only what everyone gets changes.'
          : 'Counting ends, for good. Everyone gets one variant from now on; which one can be changed later.'}
      </p>
      <fieldset class="choices">
        <legend>Everyone gets</legend>
        {definition.variants.map((variant) => (
          <label key={variant.id} class={chosen === variant.id ? 'chosen' : ''}>
            <input
              type="radio"
              name="ship"
              value={variant.id}
              checked={chosen === variant.id}
              onChange={() => setChosen(variant.id)}
            />
            <span>{variant.name}</span>
            {variant.id === recommended ? (
              <small>recommended by the verdict</small>
            ) : variant.id === definition.control ? (
              <small>{recommended ? 'control' : 'control: there is no winner'}</small>
            ) : null}
          </label>
        ))}
      </fieldset>
    </Dialog>
  );
}

function Previews({ experiment }: { experiment: Experiment }) {
  const { definition, status } = experiment;
  const some = definition.variants.some(({ steps }) => steps[0]?.url);
  return (
    <section aria-labelledby="previews">
      <h2 id="previews">Preview</h2>
      {some ? (
        <>
          <p class="hint">A preview shows a variant and counts nobody.</p>
          <ul class="plain-list">
            {definition.variants.map(({ id, name, steps }) => (
              <li key={id}>
                <a
                  href={status === 'draft' ? (steps[0]?.url ?? '') : links.preview(experiment, id)}
                  target="_blank"
                  rel="noreferrer"
                >
                  {name}
                </a>
              </li>
            ))}
          </ul>
          {status !== 'draft' && (
            <p class="hint">
              The link for visitors: <code>/go/{experiment.id}</code>
            </p>
          )}
        </>
      ) : (
        <p class="hint">
          No step leads anywhere yet. Give the first steps an address, or assign visitors from your own site.
        </p>
      )}
    </section>
  );
}

const Exports = ({ id }: { id: string }) => (
  <section aria-labelledby="report">
    <h2 id="report">Report</h2>
    <ul class="plain-list inline">
      <li>
        <a class="button" href={links.reportHtml(id)} target="_blank" rel="noreferrer">
          Read the report
        </a>
      </li>
      <li>
        <a href={links.reportCsv(id)}>Table (CSV)</a>
      </li>
      <li>
        <a href={links.laddersCsv(id)}>Ladders by day (CSV)</a>
      </li>
      <li>
        <a href={links.reportJson(id)} target="_blank" rel="noreferrer">
          JSON
        </a>
      </li>
    </ul>
  </section>
);

function Deliveries({ id }: { id: string }) {
  const [state] = useLoaded(`deliveries ${id}`, () => api.deliveries(id));
  if (state.kind !== 'here') return null;
  const { deliveries, webhookSecret } = state.value;
  return (
    <section aria-labelledby="deliveries">
      <h2 id="deliveries">Sent to</h2>
      {deliveries.length === 0 && <p class="hint">Nothing has been due yet.</p>}
      <ul class="plain-list">
        {deliveries.map(({ channel, to, sent, failed }) => (
          <li key={`${channel} ${to}`}>
            <b>{to}</b>{' '}
            {failed ? (
              <span class="problem">
                failed {plural(failed.attempts, 'time')} since {day(failed.since)}: {failed.error}
              </span>
            ) : (
              <small>{sent ? `sent ${day(sent.at)}` : ''}</small>
            )}
          </li>
        ))}
      </ul>
      {webhookSecret && (
        <details>
          <summary>The secret webhooks are signed with</summary>
          <p>
            <code>{webhookSecret}</code>
          </p>
        </details>
      )}
    </section>
  );
}

function History({ id, revision }: { id: string; revision: number }) {
  const [state] = useLoaded(`revisions ${id} ${revision}`, () => api.revisions(id));
  return (
    <section aria-labelledby="history">
      <h2 id="history">History</h2>
      {state.kind === 'loading' && <Loading what="the history" rows={2} />}
      {state.kind === 'failed' && <p class="problem">{state.message}</p>}
      {state.kind === 'here' && (
        <ol class="history">
          {[...state.value]
            .sort((a, b) => b.revision - a.revision)
            .map((each) => (
              <li key={each.revision}>
                <span class="number">{each.revision}</span>
                <span>
                  <b>{each.action}</b> by {each.by}
                </span>
                <time dateTime={new Date(each.at).toISOString()}>{moment(each.at)}</time>
              </li>
            ))}
        </ol>
      )}
    </section>
  );
}

/** The control is stone; treatments have the accent first, then its company. */
export function seriesOf({ definition }: Experiment, id: string): number {
  const place = definition.variants
    .filter((variant) => variant.id !== definition.control)
    .findIndex((variant) => variant.id === id);
  return Math.min(place + 1, 6);
}

const nameOf = ({ definition }: Experiment, id: string): string =>
  definition.variants.find((variant) => variant.id === id)?.name ?? id;
const moment = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
