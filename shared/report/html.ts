import { people, plural } from '../verdict/words.ts';
import { REPORT_CSP } from './csp.ts';
import { adviceSection } from './html/advice.ts';
import { checksSection } from './html/checks.ts';
import { daysSection } from './html/days.ts';
import { divergenceSection } from './html/divergence.ts';
import { extraStepSection } from './html/extra-step.ts';
import { goalSection } from './html/goal.ts';
import { guardrailsSection } from './html/guardrails.ts';
import { headcountSection } from './html/headcount.ts';
import { intentSection } from './html/intent.ts';
import { laddersSection } from './html/ladders.ts';
import { html, Markup } from './html/markup.ts';
import { metricsSection } from './html/metrics.ts';
import { returnOnSpendSection } from './html/return-on-spend.ts';
import { section } from './html/section.ts';
import { staircase } from './html/staircase.ts';
import { STYLE } from './html/style.ts';
import { timesSection } from './html/times.ts';
import { nextSteps, verdictLabel } from './next-steps.ts';
import type { Report } from './report.ts';
import { sentences } from './say.ts';

/** The report as one file for people: no scripts, nothing loaded. The verdict first, then the reasons, then what to do. */
export function reportHtml(report: Report): string {
  const { experiment, verdict } = report;
  const [said = '', ...saidToo] = sentences(verdict.sentence);
  const label = verdictLabel(report);
  const steps = nextSteps(report);
  const [first = ''] = steps;
  const { text } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(REPORT_CSP)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${experiment.name}: ${label}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<header class="top">
<p class="eyebrow">${staircase}<b>${experiment.name}</b><span>${experiment.status}</span><span>${spanOf(report)}</span>${enrolmentClosed(report)}</p>
<p class="label${labelClass(report)}">${label}</p>
<h1>${said}</h1>
<p class="lead">${[...saidToo, first].join(' ')}</p>
</header>
<main>
${laddersSection(report)}
${goalSection(report)}
${guardrailsSection(report)}
${intentSection(report)}
${divergenceSection(report)}
${extraStepSection(report)}
${metricsSection(report)}
${returnOnSpendSection(report)}
${daysSection(report)}
${timesSection(report)}
${adviceSection(report)}
${headcountSection(report)}
${checksSection(report)}
${section('next', 'What to do next', html`<div class="next">${steps.length === 1 ? html`<p>${first}</p>` : html`<ol>${steps.map((step) => html`<li>${step}</li>`)}</ol>`}</div>`)}
</main>
<footer>
${experiment.hypothesis && html`<p>The hypothesis was: ${experiment.hypothesis}</p>`}
<p>Written ${moment(report.writtenAt)} about ${experiment.id}, revision ${experiment.revision}, sequence version ${experiment.sequence}, from a recount of all journeys${report.drift === 0 ? ', with which the live counts agree' : ''}. Rates are Bayesian: the mean of what is believed after a flat start, and the interval that holds 95 % of it.${report.approximate ? ' Part of the denominators come from edge logs, which are best effort.' : ''}</p>
</footer>
</body>
</html>
`;
  return text;
}

function labelClass({ verdict }: Report): string {
  if (verdict.kind === 'winner' || verdict.kind === 'equivalent') return '';
  return verdict.kind === 'invalid' || verdict.kind === 'stopped-by-guardrail' ? ' bad' : ' open';
}

function spanOf({ cohorts, headcount }: Report): string {
  return cohorts
    ? `${cohorts.days === 1 ? '' : `${cohorts.from} to `}${cohorts.until}, ${plural(cohorts.days, 'day')}, ${people(headcount.counted)} visitors`
    : `${people(headcount.human)} visitors so far`;
}

const enrolmentClosed = ({ experiment: { enrolmentClosed: day } }: Report) =>
  day === undefined ? '' : html`<span>enrolment closed ${day}</span>`;

const moment = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
