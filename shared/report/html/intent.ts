import { people, percent } from '../../verdict/words.ts';
import { intentSentence } from '../intent-sentence.ts';
import type { Report } from '../report.ts';
import { capital, nameOf, range } from '../say.ts';
import { html, type Markup } from './markup.ts';
import { section } from './section.ts';
import { table } from './table.ts';

/** One winner for all, or one for each stage of intent? */
export function intentSection(report: Report): Markup | null {
  const { intent } = report;
  if (!intent) return null;
  const pooled = intent.verdict !== 'too-few';
  return section(
    'intent',
    'Early, mid and late visitors',
    html`<p>${intentSentence(report, intent)}</p>`,
    table(
      'The goal by the stage of intent, frozen when a visitor came in',
      [
        'Stage',
        'Variant',
        'Visitors',
        'Goals',
        'Rate by itself',
        '95 % interval',
        ...(pooled ? ['Pooled rate', ''] : []),
      ],
      intent.stages.flatMap(({ stage, variants, best }) =>
        variants.map((row) => [
          capital(stage),
          nameOf(report, row.variant),
          people(row.visitors),
          people(row.goals),
          percent(row.rate.mean),
          range(row.rate),
          ...(pooled ? [row.pooled === null ? '–' : percent(row.pooled), row.variant === best ? 'highest' : ''] : []),
        ]),
      ),
    ),
    pooled &&
      html`<p class="quiet">Pooled: a stage by itself holds few visitors, and the best of several such rates is best partly by luck. So each rate is drawn towards what the variant does over all stages and the stage does over all variants, as far as the data say that they are alike. A variant per stage is advised only if it would bring more than ${percent(intent.delta)} more than the single best with probability 95 %. Where nothing truly differs between stages, at most one experiment in twenty says so.</p>`,
  );
}
