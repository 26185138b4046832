/// <reference lib="dom" />
import { nextSteps } from '#shared/report/next-steps.ts';
import type { Report } from '#shared/report/report.ts';
import { sentence } from '#shared/report/say.ts';
import { people } from '#shared/verdict/words.ts';
import { api, type Experiment, links } from '../../api.ts';
import { useLoaded } from '../../load.ts';
import { DocumentLink } from '../../parts/document-link.tsx';
import { Findings } from '../../parts/findings.tsx';
import { GoalTable } from '../../parts/goal-table.tsx';
import { Ladder } from '../../parts/ladder.tsx';
import { Failed, Loading } from '../../parts/states.tsx';
import { Verdict } from '../../parts/verdict.tsx';
import { address } from '../../route.ts';
import { reportedLadders } from '../../standing.ts';
import { moment, tight } from '../../words.ts';
import { seriesOf } from './series.ts';

/** One report as it was written: what was known then. */
export function KeptReport({ experiment, writtenAt }: { experiment: Experiment; writtenAt: number }) {
  const { id } = experiment;
  const [state, again] = useLoaded(`report ${id} ${writtenAt}`, () => api.report(id, writtenAt));
  return (
    <>
      <p class="crumb after-tabs">
        <a href={address.experiment(id, 'reports')}>All reports</a>
      </p>
      <div class="section-head kept-head">
        <h2>Report of {moment(writtenAt)}</h2>
        <ul class="plain-list inline">
          <li>
            <DocumentLink path={links.keptHtml(id, writtenAt)}>As the page that was sent</DocumentLink>
          </li>
          <li>
            <DocumentLink path={links.keptJson(id, writtenAt)}>JSON</DocumentLink>
          </li>
        </ul>
      </div>
      {state.kind === 'loading' && <Loading what="the report" rows={4} />}
      {state.kind === 'failed' && <Failed message={state.message} again={again} />}
      {state.kind === 'here' && <Read report={state.value} experiment={experiment} />}
    </>
  );
}

const WORDS = { passed: 'Passed', failed: 'Not met', noted: 'Noted' } as const;

function Read({ report, experiment }: { report: Report; experiment: Experiment }) {
  const ladders = reportedLadders(report);
  const longest = Math.max(0, ...ladders.flatMap(({ rungs }) => rungs.map(({ share }) => share)));
  const [, ...more] = nextSteps(report);
  const { human, suspect, machine, counted, immature, waiting } = report.headcount;
  return (
    <>
      <Verdict report={report} />
      <section aria-labelledby="ladders">
        <h2 id="ladders">The ladders</h2>
        <p class="hint">Those whose window had closed. Everyone assigned is the foot of a ladder.</p>
        <div class="ladders">
          {ladders.map((ladder) => (
            <Ladder key={ladder.id} ladder={ladder} longest={longest} series={seriesOf(experiment, ladder.id)} />
          ))}
        </div>
      </section>
      <GoalTable report={report} seriesOf={(variant) => seriesOf(experiment, variant)} />
      <Findings report={report} />
      <section aria-labelledby="headcount">
        <h2 id="headcount">Who was counted</h2>
        <p>
          {people(human + suspect + machine)} visitors had been assigned; {people(counted)} of them are in these
          numbers. The windows of {people(immature)} were still open
          {waiting > 0 && `, ${people(waiting)} waited for their week to be whole`}
          {suspect + machine > 0 && `, and ${people(suspect + machine)} looked like machines`}.
        </p>
      </section>
      <section aria-labelledby="checks">
        <h2 id="checks">Checks</h2>
        <ul class="checks">
          {report.verdict.reasons.map(({ outcome, text }) => (
            <li key={text} class={outcome}>
              <b>{WORDS[outcome]}</b> <span>{tight(sentence(text))}</span>
            </li>
          ))}
        </ul>
      </section>
      {more.length > 0 && (
        <section aria-labelledby="also">
          <h2 id="also">Also</h2>
          <ul class="also">
            {more.map((each) => (
              <li key={each}>{tight(each)}</li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
