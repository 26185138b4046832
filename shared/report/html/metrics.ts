import { chance, level, odds, people, percent } from '../../verdict/words.ts';
import { metricSentence, trustSentence } from '../metric-sentences.ts';
import type { MetricReport, MetricVariant } from '../metrics.ts';
import { returnPlot } from '../plots/return-plot.ts';
import { figure } from '../plots/svg.ts';
import type { Report } from '../report.ts';
import { capital, controlOf, nameOf, points, pointsOf, range, signed } from '../say.ts';
import { html, type Markup } from './markup.ts';
import { section } from './section.ts';
import { table } from './table.ts';

/** What was measured besides the ladder. Told, and never a reason to name a winner. */
export function metricsSection(report: Report): Markup | null {
  const { metrics = [] } = report;
  if (metrics.length === 0) return null;
  return section(
    'metrics',
    'What else was measured',
    html`<p>Besides the goal, per visitor assigned and with the visitor as the unit: whoever does much counts once. These are told and name no winner. Each interval misses the truth once in twenty times, and nothing corrects for how many there are or how often they are read: among several, some look different by chance alone.</p>`,
    metrics.map((metric) => one(report, metric)),
  );
}

function one(report: Report, metric: MetricReport): Markup {
  const trust = trustSentence(report, metric);
  return html`<h3>${capital(metric.name)}</h3>
<p>${metricSentence(report, metric)}</p>
${
  metric.variants.some((variant) => variant.level !== null) &&
  table(
    `${capital(metric.name)}, ${unitOf(metric)}; ${metric.better === 'higher' ? 'more' : 'less'} is better`,
    ['Variant', 'Visitors', 'Still open', 'With any', 'Level', '95 % interval', 'Against the control', 'P(better)'],
    metric.variants.map((variant) => [
      nameOf(report, variant.variant),
      people(variant.visitors),
      people(variant.immature),
      variant.visitors > 0 ? percent(variant.any / variant.visitors) : '–',
      variant.level ? figureOf(metric.kind, variant.level.mean) : '–',
      variant.level ? range(variant.level, (amount) => figureOf(metric.kind, amount)) : '–',
      against(report, metric, variant),
      variant.comparison ? chance(variant.comparison.better) : '–',
    ]),
  )
}
${trust && html`<p class="quiet">${trust}</p>`}
${metric.weeks && weekByWeek(report, metric)}`;
}

/** A share reads as points, everything else as a ratio where the control allows one. */
function against(report: Report, { kind }: MetricReport, { variant, comparison }: MetricVariant): string {
  if (comparison === null) return variant === controlOf(report)?.id ? 'control' : '–';
  const { difference, ratio } = comparison;
  if (kind === 'response') return `${points(difference.mean)} (${range(difference, points)})`;
  if (ratio) return `${signed(ratio.estimate - 1)} (${range({ low: ratio.low - 1, high: ratio.high - 1 }, signed)})`;
  return `${level(kind, difference.mean)} more (${range(difference, (amount) => level(kind, amount))})`;
}

const unitOf = ({ kind }: MetricReport): string =>
  kind === 'response' || kind === 'depth'
    ? 'per commitment, with the visitor as the unit'
    : kind === 'return'
      ? 'weeks per visitor assigned'
      : 'per visitor assigned';

/** In a table whose caption names the unit, a level is a number. */
const figureOf = (kind: MetricReport['kind'], amount: number): string => level(kind, amount).replace(' weeks', '');

function weekByWeek(report: Report, metric: MetricReport): Markup | null {
  const { weeks, novelty } = metric.weeks ?? { weeks: [], novelty: [] };
  if (weeks.length === 0) return null;
  return html`<h4>Return by week</h4>
<p>The share who came back in a week, among those for whom that week is over. Whoever is still in it is in neither number, so that nobody lowers a rate by being new; later weeks therefore have fewer people.</p>
${weeks.length > 1 && figure(returnPlot(report, metric))}
${table(
  `${capital(metric.name)}: who came back, week by week after the assignment`,
  ['Week', 'Variant', 'Visitors', 'Came back', '95 % interval', 'Against the control', 'P(higher)'],
  weeks.flatMap(({ week, variants }) =>
    variants.map((variant) => [
      week,
      nameOf(report, variant.variant),
      people(variant.visitors),
      percent(variant.rate.mean),
      range(variant.rate),
      variant.difference ? `${points(variant.difference.mean)} (${range(variant.difference, points)})` : 'control',
      variant.higher === null ? '–' : chance(variant.higher),
    ]),
  ),
)}
${novelty.map((each) => html`<p>${noveltySentence(nameOf(report, each.variant), each)}</p>`)}`;
}

type Novelty = NonNullable<MetricReport['weeks']>['novelty'][number];

function noveltySentence(name: string, { verdict, change, interval, probabilityFades, logEvidence }: Novelty): string {
  const times = odds(logEvidence).replace(' for a difference', '');
  const size = `the effect of the first week lies ${pointsOf(change)} ${change < 0 ? 'below' : 'above'} that of the weeks after it (95 % interval ${range(interval, points)})`;
  switch (verdict) {
    case 'fades':
      return `Novelty. What ${name} does wears off: ${size}, and the evidence for a change is ${times}. Judge it by the later weeks.`;
    case 'grows':
      return `What ${name} does takes hold later: ${size}, and the evidence for a change is ${times}. The first week undersells it.`;
    case 'steady':
      return `It is not clear that what ${name} does changes with time: ${size}. At this look alone the probability that it fades is ${chance(probabilityFades)}.`;
  }
}
