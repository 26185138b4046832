import { chance, people, percent } from '../verdict/words.ts';
import { GUARDRAIL_WORDS, guardrailSentence } from './guardrail-sentence.ts';
import { html, Markup } from './html/markup.ts';
import { metricSentence } from './metric-sentences.ts';
import { nextSteps, verdictLabel } from './next-steps.ts';
import type { Report } from './report.ts';
import { againstControl, capital, isComparable, sentences } from './say.ts';
import { reportText } from './text.ts';

/** A report as a message: what it says must fit a phone's lock screen, the rest is attached. */
export type ReportMail = { readonly subject: string; readonly text: string; readonly html: string };

/** @example mailSubject(report) // 'Winner: Three asks (One ask or three)' */
export const mailSubject = (report: Report): string =>
  `${verdictLabel(report)} (${report.experiment.name})`.replace(/\s+/g, ' ');

export function reportMail(report: Report): ReportMail {
  return { subject: mailSubject(report), text: mailText(report), html: mailHtml(report) };
}

const mailText = (report: Report): string =>
  [
    ...sentences(report.verdict.sentence),
    '',
    'What to do next',
    ...nextSteps(report).map((step) => `- ${step}`),
    '',
    reportText(report),
    '',
    'The whole report is attached.',
  ].join('\n');

const CELL = 'padding:6px 14px 6px 0;border-bottom:1px solid #dedbd2;text-align:right;white-space:nowrap';
const FIRST = `${CELL};text-align:left;white-space:normal`;

/** Mail programs know tables and inline styles, and little else: no variables, no plots. The attached report has those. */
function mailHtml(report: Report): string {
  const [said = '', ...more] = sentences(report.verdict.sentence);
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${mailSubject(report)}</title></head>
<body style="margin:0;padding:24px;font:16px/1.55 system-ui,-apple-system,'Segoe UI',Arial,sans-serif">
<div style="max-width:620px;margin:0 auto">
<p style="margin:0 0 18px;font-size:13px;opacity:.75">${report.experiment.name}</p>
<p style="margin:0 0 8px;font-size:13px;font-weight:600;color:#0b6b5d">${verdictLabel(report)}</p>
<h1 style="margin:0 0 12px;font:500 24px/1.28 Georgia,serif">${said}</h1>
${more.length > 0 && html`<p style="margin:0 0 12px">${more.join(' ')}</p>`}
<table role="presentation" style="border-collapse:collapse;margin:20px 0;font-size:14px"><tr>${['', 'Visitors', 'Goals', 'Rate', 'Best', 'Against the control'].map((head, i) => html`<td style="${new Markup(i === 0 ? FIRST : CELL)};opacity:.75">${head}</td>`)}</tr>
${report.variants.map(
  (variant) =>
    html`<tr><td style="${new Markup(FIRST)}"><b>${variant.name}</b></td>${[
      people(variant.counted),
      people(variant.goals),
      variant.counted > 0 ? percent(variant.goalRate.mean) : '–',
      isComparable(report) ? chance(variant.best) : '–',
      againstControl(report, variant),
    ].map((cell) => html`<td style="${new Markup(CELL)}">${cell}</td>`)}</tr>`,
)}</table>
${alsoMeasured(report)}
<p style="margin:0 0 6px;font-weight:600">What to do next</p>
<ol style="margin:0 0 20px;padding-left:20px">${nextSteps(report).map((step) => html`<li style="margin:0 0 6px">${step}</li>`)}</ol>
<p style="margin:0;font-size:13px;opacity:.75">The whole report, with its ladders and checks, is attached as a page that opens in any browser.</p>
</div></body></html>
`.text;
}

/** A sentence for each metric, and for each guardrail that is not clear: numbers are in the attached page. */
function alsoMeasured(report: Report): Markup | null {
  const { metrics = [] } = report;
  const lines = [
    ...doubtfulGuardrails(report),
    ...metrics.map((metric) => `${capital(metric.name)}: ${metricSentence(report, metric)}`),
  ];
  return lines.length === 0
    ? null
    : html`<p style="margin:0 0 6px;font-weight:600">Besides the goal</p>
<ul style="margin:0 0 20px;padding-left:20px">${lines.map((line) => html`<li style="margin:0 0 6px">${line}</li>`)}</ul>`;
}

/** A stop that is announced is among them: whoever reads it may still act. */
const doubtfulGuardrails = (report: Report): string[] =>
  (report.guardrails ?? []).flatMap((each) =>
    each.outcome === 'crossed' || each.outcome === 'warned'
      ? [`Guardrail “${each.name}”, ${GUARDRAIL_WORDS[each.outcome]}: ${guardrailSentence(report, each)}`]
      : [],
  );

/** The report as a Slack message; other receivers of that format read it as well. Three characters have to be escaped, and are. */
export function slackMessage(report: Report): { readonly text: string; readonly blocks: readonly unknown[] } {
  const comparable = isComparable(report);
  const rates = report.variants.map(({ name, goals, counted, goalRate, best }) => {
    if (counted === 0) return `• ${name}: nobody has had their whole window yet`;
    const rate = `• ${name}: ${percent(goalRate.mean)} (${people(goals)} of ${people(counted)})`;
    return comparable ? `${rate}, best with probability ${chance(best)}` : rate;
  });
  const section = (text: string) => ({
    type: 'section',
    text: { type: 'mrkdwn', text: slackEscaped(text).slice(0, 3000) },
  });
  return {
    text: slackEscaped(mailSubject(report)),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: mailSubject(report).slice(0, 150) } },
      section(sentences(report.verdict.sentence).join(' ')),
      section(rates.join('\n')),
      ...doubtfulGuardrails(report).map(section),
      section(
        nextSteps(report)
          .map((step) => `→ ${step}`)
          .join('\n'),
      ),
    ],
  };
}

/** @see https://docs.slack.dev/messaging/formatting-message-text */
const slackEscaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
