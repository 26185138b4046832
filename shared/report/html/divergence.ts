import { chance, listed, percent } from '../../verdict/words.ts';
import type { Divergence, Stretch } from '../divergence.ts';
import type { Report } from '../report.ts';
import { capital, controlOf, nameOf, points, range, signed } from '../say.ts';
import { html, type Markup } from './markup.ts';
import { section } from './section.ts';
import { table } from './table.ts';

/** Where the ladders part ways, on the steps they share and nowhere else. */
export function divergenceSection(report: Report): Markup | null {
  const { anchors, divergences, variants } = report;
  if (variants.some(({ counted }) => counted === 0)) return null;
  const attributed = divergences.filter(({ stretches }) => stretches.length > 1);
  const shared = anchors.filter(({ goal }) => !goal);
  return section(
    'divergence',
    'Where they diverge',
    shared.length === 0
      ? html`<p>The goal is the only step all variants share, so there is no place on the way where they could be compared.</p>`
      : html`<p>${listed(shared.map(({ name }) => `“${name}”`))} ${shared.length === 1 ? 'is a step' : 'are steps'} of every variant, so the shares of everyone assigned who come there may be compared.</p>`,
    table(
      'Steps every variant has, compared with the control per visitor assigned',
      ['Step', 'Variant', 'Difference', '95 % interval', 'P(higher than control)'],
      anchors.flatMap(({ name, comparisons }) =>
        comparisons.map(({ variant, difference, beatsControl }) => [
          name,
          nameOf(report, variant),
          points(difference.mean),
          range(difference, points),
          chance(beatsControl),
        ]),
      ),
    ),
    divergences.length === 0 &&
      html`<p class="quiet">How the difference is shared out between the steps is not shown: the weights were changed, and pooled over that the shares would mislead.</p>`,
    attributed.map((each) => attribution(report, each)),
    attributed.length > 0 &&
      html`<p class="quiet">This is accounting, not cause. Only the first stretch starts from people whom chance has mixed; in later ones each ladder has let different people through, and a step that turns the unwilling away early makes everything after it look better.</p>`,
  );
}

function attribution(report: Report, { variant, total, suppressed, stretches }: Divergence): Markup {
  // The same number as everywhere else on the page; the sum of the stretches is the mean of the logs, a hair beside it.
  const all = report.variants.find(({ id }) => id === variant)?.uplift?.median ?? total.mean;
  const [name, control] = [nameOf(report, variant), controlOf(report)?.name ?? 'the control'];
  const largest = [...stretches].sort((a, b) => Math.abs(b.share ?? 0) - Math.abs(a.share ?? 0))[0];
  return html`<h3>${capital(name)} against ${control}, stretch by stretch</h3>
${
  suppressed
    ? html`<p>The difference at the goal is not clear yet (${signed(all)}, 95 % interval ${range(total, signed)}), so it is not shared out: there may be nothing to share.${opposed(stretches, name)}</p>`
    : html`<p>At the goal ${name} brings ${signed(all)} (95 % interval ${range(total, signed)}). ${largest ? `Most of that, ${percent(largest.share ?? 0)}, arises ${where(largest)}.` : ''}</p>`
}
${table(
  `From one shared step to the next`,
  ['Stretch', control, name, 'Change', '95 % interval', 'Share of the difference'],
  stretches.map((stretch) => [
    `${stretch.from?.name ?? 'assigned'} → ${stretch.to.name}`,
    percent(stretch.control.mean),
    percent(stretch.treatment.mean),
    signed(stretch.change.mean),
    range(stretch.change, signed),
    stretch.share === null ? 'not clear' : percent(stretch.share),
  ]),
)}`;
}

/** Two stretches that are each clear and pull apart are the interesting part of an unclear total. */
function opposed(stretches: readonly Stretch[], name: string): string {
  const down = stretches.find(({ change }) => change.high < 0);
  const up = stretches.find(({ change }) => change.low > 0);
  return down && up
    ? ` What can be said: ${name} loses ${where(down)} (${signed(down.change.mean)}) and gains ${where(up)} (${signed(up.change.mean)}), and the two nearly cancel.`
    : '';
}

const where = ({ from, to, between }: Stretch): string =>
  `${from ? `between “${from.name}” and “${to.name}”` : `on the way to “${to.name}”`}${between.length > 0 ? `, where ${listed(between.map(({ name }) => `“${name}”`))} ${between.length === 1 ? 'stands' : 'stand'}` : ''}`;
