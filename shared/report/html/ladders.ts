import { chance, people, percent } from '../../verdict/words.ts';
import { ladderPlot } from '../plots/ladder-plot.ts';
import { colourOf, figure } from '../plots/svg.ts';
import type { Report, VariantReport } from '../report.ts';
import { capital, range } from '../say.ts';
import { html, type Markup } from './markup.ts';
import { section } from './section.ts';
import { table } from './table.ts';

/** Each variant's own ladder, side by side: to look at, then to look up. */
export function laddersSection(report: Report): Markup {
  const { variants, cohorts } = report;
  if (cohorts === null)
    return section(
      'ladders',
      'The ladders',
      html`<p>Nobody has had their whole window of ${report.experiment.windowDays} days yet, so there is nothing to show. ${people(report.headcount.human)} visitors are on their way.</p>`,
    );
  return section(
    'ladders',
    'The ladders, side by side',
    html`<p>Each variant has steps of its own. A bar is the share of <em>everyone assigned</em> who come that far, so bars of one ladder only shrink on the way up, and the top bar of one may be compared with the top bar of another.</p>`,
    html`<div class="side">${variants.map((variant) => ladder(report, variant))}</div>`,
    variants.map((variant) =>
      table(
        `${capital(variant.name)}: who comes how far`,
        ['Step', 'Reached', 'Of all assigned', '95 % interval', 'Of those one step below', 'Worst step, probability'],
        variant.rungs.map((rung) => [
          `${rung.rung}. ${rung.name}`,
          rung.observed ? people(rung.reached) : 'not counted',
          ...(variant.counted === 0
            ? ['–', '–', '–', '–']
            : [
                rung.observed ? percent(rung.reach.mean) : '–',
                rung.observed ? range(rung.reach) : '–',
                rung.momentum ? percent(rung.momentum.mean) : '–',
                rung.worst === null ? '–' : chance(rung.worst),
              ]),
        ]),
      ),
    ),
    html`<p class="quiet">The shares of those one step below describe a ladder; they must not be compared between ladders, because different people stand on that step.${
      variants.some(({ rungs }) => rungs.some(({ observed }) => !observed))
        ? ' A step that was not counted is known only through the next one, so no drop-off can be read at it.'
        : ''
    }</p>`,
  );
}

function ladder(report: Report, variant: VariantReport): Markup {
  const name = html`<p class="name"><i style="background:${colourOf(report.variants, variant.id)}"></i>${variant.name}<small>${variant.control ? 'control, ' : ''}${people(variant.counted)} visitors</small></p>`;
  if (variant.counted === 0)
    return html`<figure><div>${name}</div><figcaption>Nobody in it has had their whole window yet.</figcaption></figure>`;
  return figure(ladderPlot(report, variant), name);
}
