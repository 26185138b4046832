import { bestPlot, evidencePlot } from '../plots/day-plots.ts';
import { figure } from '../plots/svg.ts';
import type { Report } from '../report.ts';
import { html, type Markup } from './markup.ts';
import { section } from './section.ts';

/** How the picture grew: a verdict that swings from day to day is not one yet. */
export function daysSection(report: Report): Markup | null {
  if (report.days.points.length < 2) return null;
  return section(
    'days',
    'Day by day',
    html`<p>Each point is what the visitors who came up to that day say, every one of them with their whole window. The evidence is made to be read every day; the probability of being the best alone is not, which is why the policy asks for both.</p>`,
    figure(bestPlot(report)),
    figure(evidencePlot(report)),
  );
}
