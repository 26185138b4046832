/// <reference lib="dom" />
import { useState } from 'preact/hooks';
import { people, percent } from '#shared/verdict/words.ts';
import { api, type Experiment, links, type ReportHeadline } from '../../api.ts';
import { useLoaded } from '../../load.ts';
import { BestOverTime } from '../../parts/best-over-time.tsx';
import { DocumentLink } from '../../parts/document-link.tsx';
import { JourneysFile } from '../../parts/journeys-file.tsx';
import { Failed, Loading } from '../../parts/states.tsx';
import { VerdictLabel } from '../../parts/verdict.tsx';
import { address } from '../../route.ts';
import { day, tight } from '../../words.ts';
import { seriesOf } from './series.ts';

/** What was reported and when, and how the verdict came about. */
export function ReportsTab({ experiment }: { experiment: Experiment }) {
  const { id, status } = experiment;
  const [state, again] = useLoaded(`reports ${id}`, () => api.reports(id));
  const [older, setOlder] = useState<readonly ReportHeadline[]>([]);
  const [more, setMore] = useState<boolean>();
  const [problem, setProblem] = useState('');
  if (status === 'draft') return <p class="lead after-tabs">Reports begin when the experiment does.</p>;
  const kept = state.kind === 'here' ? [...state.value.reports, ...older] : [];
  const readOlder = (): void => {
    const last = kept.at(-1);
    if (last === undefined) return;
    void api.reports(id, last.writtenAt).then(
      (answer) => {
        setOlder([...older, ...answer.reports]);
        setMore(answer.more);
      },
      (error: Error) => setProblem(error.message),
    );
  };
  return (
    <>
      <section class="first" aria-labelledby="now">
        <h2 id="now">As of now</h2>
        <p class="hint">Every journey is read again for it, so it may take a moment.</p>
        <ul class="plain-list inline">
          <li>
            <DocumentLink path={links.reportHtml(id)} button>
              Read the report
            </DocumentLink>
          </li>
          <li>
            <DocumentLink path={links.reportCsv(id)} file={`${id}-report.csv`}>
              Table (CSV)
            </DocumentLink>
          </li>
          <li>
            <DocumentLink path={links.laddersCsv(id)} file={`${id}-ladders.csv`}>
              Ladders by day (CSV)
            </DocumentLink>
          </li>
          {experiment.definition.metrics.length > 0 && (
            <li>
              <DocumentLink path={links.metricsCsv(id)} file={`${id}-metrics.csv`}>
                Metrics (CSV)
              </DocumentLink>
            </li>
          )}
          <li>
            <DocumentLink path={links.reportJson(id)}>JSON</DocumentLink>
          </li>
          <li>
            <JourneysFile experiment={id} />
          </li>
        </ul>
      </section>
      <section aria-labelledby="kept">
        <h2 id="kept">As they were written</h2>
        {state.kind === 'loading' && <Loading what="the reports" rows={3} />}
        {state.kind === 'failed' && <Failed message={state.message} again={again} />}
        {state.kind === 'here' && kept.length === 0 && (
          <p class="hint">None yet. The schedule writes one a day, whether or not it is sent to anybody.</p>
        )}
        {kept.length > 1 && (
          <BestOverTime
            headlines={kept}
            bound={experiment.definition.policy.probability}
            seriesOf={(variant) => seriesOf(experiment, variant)}
          />
        )}
        <ol class="kept">
          {kept.map((headline, i) => (
            <Line key={headline.writtenAt} id={id} headline={headline} before={kept[i + 1]} experiment={experiment} />
          ))}
        </ol>
        {problem && <p class="problem">{problem}</p>}
        {state.kind === 'here' && (more ?? state.value.more) && (
          <button type="button" onClick={readOlder}>
            Show older ones
          </button>
        )}
      </section>
    </>
  );
}

type LineProps = {
  readonly id: string;
  readonly experiment: Experiment;
  readonly headline: ReportHeadline;
  readonly before: ReportHeadline | undefined;
};

const Line = ({ id, experiment, headline, before }: LineProps) => (
  <li class={before && before.label !== headline.label ? 'changed' : ''}>
    <a href={address.report(id, headline.writtenAt)}>
      <time dateTime={new Date(headline.writtenAt).toISOString()}>{day(headline.writtenAt)}</time>
      <VerdictLabel kind={headline.verdict.kind}>{headline.label}</VerdictLabel>
      <span class="rates">
        {headline.variants.map((variant) => (
          <span key={variant.id} class={`series-${seriesOf(experiment, variant.id)}`}>
            <i class="swatch" aria-hidden="true" />
            <span class="unseen">{variant.name} </span>
            {variant.counted === 0 ? '–' : tight(percent(variant.goalRate.mean))}
          </span>
        ))}
      </span>
      <small>{people(headline.counted)} counted</small>
    </a>
  </li>
);
