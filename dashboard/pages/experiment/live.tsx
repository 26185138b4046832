/// <reference lib="dom" />
import { useMemo } from 'preact/hooks';
import type { Report } from '#shared/report/report.ts';
import type { Tally } from '#shared/tally/tally.ts';
import { plural } from '#shared/verdict/words.ts';
import { type Experiment, links } from '../../api.ts';
import type { Loaded } from '../../load.ts';
import { Copy } from '../../parts/copy.tsx';
import { Findings } from '../../parts/findings.tsx';
import { GoalTable } from '../../parts/goal-table.tsx';
import { Ladder } from '../../parts/ladder.tsx';
import { Verdict } from '../../parts/verdict.tsx';
import { liveLadders } from '../../standing.ts';
import { seriesOf } from './series.ts';

type Props = {
  readonly experiment: Experiment;
  readonly live: Loaded<Tally>;
  readonly report: Report | undefined;
};

/** What is happening now, and what the verdict would be on it. */
export function LiveTab({ experiment, live, report }: Props) {
  const { definition, status } = experiment;
  const tally = live.kind === 'here' ? live.value : undefined;
  const ladders = useMemo(() => liveLadders(experiment, tally ?? new Map()), [experiment, tally]);
  const running = status === 'running' || status === 'paused';
  const longest = Math.max(0, ...ladders.flatMap(({ rungs }) => rungs.map(({ share }) => share)));
  return (
    <>
      {report && <Verdict report={report} />}
      {status === 'draft' && <p class="lead">{definition.hypothesis ?? 'Not started: nobody is counted yet.'}</p>}
      <section aria-labelledby="ladders">
        <div class="section-head">
          <h2 id="ladders">{running ? 'So far' : 'The ladders'}</h2>
          {status === 'running' && (
            <p class="live">
              <i aria-hidden="true" />
              live
            </p>
          )}
        </div>
        {status !== 'draft' && (
          <p class="hint">
            {running
              ? `Everyone assigned so far, open windows included: what is happening, not what to decide on. The verdict above waits for those whose ${plural(definition.windowDays, 'day')} are over.`
              : `Everyone who was assigned, also those whose ${plural(definition.windowDays, 'day')} the end cut short; they are not in the verdict above.`}
          </p>
        )}
        {live.kind === 'failed' && <p class="problem">{live.message}</p>}
        <div class="ladders">
          {ladders.map((ladder) => (
            <Ladder key={ladder.id} ladder={ladder} longest={longest} series={seriesOf(experiment, ladder.id)} />
          ))}
        </div>
      </section>
      {report && <GoalTable report={report} seriesOf={(id) => seriesOf(experiment, id)} />}
      {report && <Findings report={report} />}
      <Previews experiment={experiment} />
    </>
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
          <ul class="plain-list inline">
            {definition.variants.map(({ id, name, steps }) => (
              <li key={id}>
                <a
                  class={`button series-${seriesOf(experiment, id)}`}
                  href={status === 'draft' ? (steps[0]?.url ?? '') : links.preview(experiment, id)}
                  target="_blank"
                  rel="noreferrer"
                >
                  <i class="swatch" aria-hidden="true" />
                  {name}
                </a>
              </li>
            ))}
          </ul>
          {status !== 'draft' && (
            <div class="visitors-link">
              <p class="hint">The link for visitors, for an ad or a page. Its query goes along to the first step.</p>
              <Copy label="The link for visitors" text={links.redirect(experiment)} />
            </div>
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
