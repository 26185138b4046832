import { chance, listed, people, percent } from '../../verdict/words.ts';
import { posteriorPlot } from '../plots/posterior-plot.ts';
import { figure } from '../plots/svg.ts';
import { upliftPlot } from '../plots/uplift-plot.ts';
import type { Report } from '../report.ts';
import { againstControl, capital, controlOf, pointsOf, range } from '../say.ts';
import { html, type Markup } from './markup.ts';
import { section } from './section.ts';
import { table } from './table.ts';

/** The one comparison that decides. */
export function goalSection(report: Report): Markup | null {
  const { variants, experiment, segments } = report;
  if (variants.some(({ counted }) => counted === 0)) return null;
  const [leader] = [...variants].sort((a, b) => b.best - a.best);
  const goal = controlOf(report)?.rungs.at(-1)?.name ?? experiment.goal;
  const valued = variants.some(({ value }) => value.payers > 0);
  return section(
    'goal',
    'At the goal',
    html`<p>The goal is “${goal}”, within ${experiment.windowDays} days of being assigned. ${capital(leader?.name ?? '')} is ahead: it is the best with probability ${chance(leader?.best ?? 0)}. Whoever chooses it forgoes ${pointsOf(leader?.expectedLoss ?? 0)} of goal rate on average, for the chance that another is better. Both are of this look alone: to whoever looks every day some leader seems sure in time, which is why the verdict asks for more.</p>`,
    figure(posteriorPlot(report)),
    variants.every(({ goals }) => goals > 0) && figure(upliftPlot(report)),
    table(
      'The goal, per visitor assigned',
      ['Variant', 'Visitors', 'Goals', 'Rate', '95 % interval', 'P(best)', 'Expected loss', 'Against the control'],
      variants.map((variant) => [
        variant.name,
        people(variant.counted),
        people(variant.goals),
        percent(variant.goalRate.mean),
        range(variant.goalRate),
        chance(variant.best),
        pointsOf(variant.expectedLoss),
        againstControl(report, variant),
      ]),
    ),
    valued &&
      // Where value is a metric, it has a section of its own, with an interval.
      !report.metrics?.some(({ kind }) => kind === 'value') &&
      html`<p>Value per visitor assigned: ${listed(variants.map(({ name, value }) => `${name} ${(value.perVisitor / 100).toFixed(2)}`))}. Told, and not judged: the verdict is about the goal.</p>`,
    segments.map(({ attribute, values }) =>
      table(
        `The goal by ${attribute}. To be read with care: among many groups some differ by chance`,
        [attribute, ...variants.map(({ name }) => name)],
        values.map(({ value, variants: rows }) => [
          value,
          ...variants.map(({ id }) => {
            const row = rows.find(({ variant }) => variant === id);
            return row && row.visitors > 0
              ? `${percent(row.rate.mean)} (${range(row.rate)}) of ${people(row.visitors)}`
              : '–';
          }),
        ]),
      ),
    ),
  );
}
