/// <reference lib="dom" />
import type { ComponentChildren } from 'preact';
import { ADVICE_TITLES } from '#shared/report/advice/titles.ts';
import { extraStepSentence } from '#shared/report/extra-step-sentence.ts';
import { GUARDRAIL_WORDS, guardrailSentence } from '#shared/report/guardrail-sentence.ts';
import { intentSentence } from '#shared/report/intent-sentence.ts';
import { metricSentence } from '#shared/report/metric-sentences.ts';
import type { Report } from '#shared/report/report.ts';
import { capital } from '#shared/report/say.ts';
import { spendSentence } from '#shared/report/spend-sentence.ts';
import { listed } from '#shared/verdict/words.ts';
import { tight } from '../words.ts';

const TONES = { clear: 'good', warned: '', crossed: 'bad', unknown: 'quiet' } as const;

/** What else a report says besides who is ahead, each in a sentence; the numbers behind them are in the report itself. */
export function Findings({ report }: { report: Report }) {
  const { extraSteps, guardrails = [], metrics = [], intent, spend, advice = [], cohorts } = report;
  const mature = cohorts !== null;
  const some =
    guardrails.length + advice.length > 0 ||
    (mature && (extraSteps.length + metrics.length > 0 || Boolean(intent) || Boolean(spend)));
  if (!some) return null;
  return (
    <section aria-labelledby="findings">
      <h2 id="findings">What else it says</h2>
      <dl class="findings">
        {guardrails.map((each) => (
          <Finding
            key={`${each.metric} ${each.variant}`}
            title={
              <>
                Guardrail “{each.name}”{' '}
                <span class={`label ${TONES[each.outcome]}`}>{GUARDRAIL_WORDS[each.outcome]}</span>
              </>
            }
          >
            {guardrailSentence(report, each)}
          </Finding>
        ))}
        {mature &&
          extraSteps.map((each) => (
            <Finding key={`${each.shorter} ${each.longer}`} title={earns(each.steps.map(({ name }) => `“${name}”`))}>
              {extraStepSentence(report, each)}
            </Finding>
          ))}
        {mature &&
          metrics.map((metric) => (
            <Finding key={metric.id} title={capital(metric.name)}>
              {metricSentence(report, metric)}
            </Finding>
          ))}
        {mature && intent && <Finding title="Early and late visitors">{intentSentence(report, intent)}</Finding>}
        {mature && spend && <Finding title="What the spending brought">{spendSentence(report, spend)}</Finding>}
        {advice.map(({ rule, found, attempt, variants }) => (
          <Finding key={`${rule} ${variants.join()} ${found}`} title={<>Worth a try: {lower(ADVICE_TITLES[rule])}</>}>
            {`${found} ${attempt}`}
          </Finding>
        ))}
      </dl>
    </section>
  );
}

const Finding = ({ title, children }: { title: ComponentChildren; children: string }) => (
  <div>
    <dt>{title}</dt>
    <dd>{tight(children)}</dd>
  </div>
);

/** The question of extra asks, by their names. */
const earns = (asks: readonly string[]): string =>
  asks.length === 1 ? `Does ${asks[0]} earn its place?` : `Do ${listed(asks)} earn their place?`;

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
