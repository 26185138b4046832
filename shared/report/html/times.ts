import { people, percent } from '../../verdict/words.ts';
import { type Curve, survivalPlot } from '../plots/survival-plot.ts';
import { figure } from '../plots/svg.ts';
import type { Report } from '../report.ts';
import { duration, nameOf, range } from '../say.ts';
import { html, type Markup } from './markup.ts';
import { section } from './section.ts';
import { table } from './table.ts';

/** How long people take, those who are still waiting included. Shown only where the times can be times of people. */
export function timesSection(report: Report): Markup | null {
  const { times, cohorts } = report;
  if (cohorts === null || times.length === 0) return null;
  const curves = times.filter((each): each is Curve => each.times.kind === 'estimated');
  const alike = times.filter((each) => each.times.kind === 'all-alike');
  const note =
    alike.length === 0
      ? null
      : html`<p${curves.length === 0 ? '' : html` class="quiet"`}>${curves.length === 0 ? 'Not shown' : `Not shown for ${people(alike.length)} of the steps`}: everyone took the same time. People do not do that; times like these are made up by whatever sent them, such as a replay of daily counts.</p>`;
  if (curves.length === 0)
    return section(
      'times',
      'Time on step',
      note ??
        (times.some((each) => each.times.kind === 'unknown')
          ? html`<p>Not shown: that the steps were taken is known, and not when.</p>`
          : html`<p>Not shown: too few visitors have taken any step so far.</p>`),
    );
  const groups = new Map<string, Curve[]>();
  for (const curve of curves) {
    // Only curves that start at the same step answer the same question.
    const key = JSON.stringify([curve.from, curve.step]);
    groups.set(key, [...(groups.get(key) ?? []), curve]);
  }
  return section(
    'times',
    'Time on step',
    html`<p>How long from one counted step to the next. Those who have not taken the step are kept in the denominator for as long as they were watched; the average of those who finished would be too short, as the slow ones are missing from it.</p>`,
    [...groups.values()].map((group) => {
      const drawing = survivalPlot(report, group);
      return figure(drawing, html`<p class="name">${drawing.title}</p>`);
    }),
    table(
      'Share that has taken the step within a time',
      ['Step', 'Variant', 'Half have by', '10 minutes', '1 hour', '1 day', '7 days'],
      curves.map((curve) => [
        curve.name,
        nameOf(report, curve.variant),
        curve.times.medianSeconds === null ? 'never half' : duration(curve.times.medianSeconds),
        ...[600, 3_600, 86_400, 604_800].map((seconds) => {
          const within = curve.times.within.find((each) => each.seconds === seconds);
          return within
            ? html`<span title="95 % interval ${range(within.share)}">${percent(within.share.mean)}</span>`
            : '–';
        }),
      ]),
    ),
    note,
  );
}
