import type { Interval } from '../../statistics/beta.ts';
import { chance, money, people, percent } from '../../verdict/words.ts';
import type { Report } from '../report.ts';
import type { ReturnOnSpend } from '../return-on-spend.ts';
import { nameOf, range, times } from '../say.ts';
import { spendSentence } from '../spend-sentence.ts';
import { html, type Markup } from './markup.ts';
import { section } from './section.ts';
import { table } from './table.ts';

/** What was spent on each variant, and what came back. */
export function returnOnSpendSection(report: Report): Markup | null {
  const { spend } = report;
  if (!spend) return null;
  const metric = report.metrics?.find(({ id }) => id === spend.metric);
  return section(
    'spend',
    'Return on what was spent',
    html`<p>${spendSentence(report, spend)}</p>`,
    spend.valued ? returnTable(report, spend) : costTable(report, spend),
    spend.valued && extraTable(report, spend),
    spend.valued &&
      html`<p class="quiet">Value is ${metric ? `“${metric.name}”, with its cap` : 'what steps were said to be worth'}; costs are what the definition says. A return of 1.0 times means that every unit spent came back and brought one more. Visitors who would have bought anyway are in the return of a variant; what the spending itself has brought is only what lies beyond the control.</p>`,
  );
}

const returnTable = (report: Report, { variants }: ReturnOnSpend): Markup =>
  table(
    'Per visitor assigned',
    ['Variant', 'Visitors', 'Goals', 'Value', 'Cost', 'Profit', '95 % interval', 'Return, with what came anyway'],
    variants.map((row) => [
      nameOf(report, row.variant),
      people(row.visitors),
      percent(row.goalsPerVisitor),
      money(row.valuePerVisitor.mean),
      money(row.costPerVisitor),
      money(row.profitPerVisitor.mean),
      range(row.profitPerVisitor, money),
      row.roi ? `${times(row.roi.mean)} (${timesRange(row.roi)})` : 'nothing spent',
    ]),
  );

const costTable = (report: Report, { variants }: ReturnOnSpend): Markup =>
  table(
    'What was spent',
    ['Variant', 'Visitors', 'Goals', 'Cost per visitor', 'Cost per goal'],
    variants.map((row) => [
      nameOf(report, row.variant),
      people(row.visitors),
      percent(row.goalsPerVisitor),
      money(row.costPerVisitor),
      row.costPerGoal === null ? '–' : money(row.costPerGoal),
    ]),
  );

function extraTable(report: Report, { variants }: ReturnOnSpend): Markup | false {
  const rows = variants.flatMap(({ variant, extra }) =>
    extra
      ? [
          [
            nameOf(report, variant),
            money(extra.profit.mean),
            range(extra.profit, money),
            chance(extra.probabilityOfMore),
            extra.roi ? `${times(extra.roi.mean)} (${timesRange(extra.roi)})` : 'nothing more spent',
          ],
        ]
      : [],
  );
  return (
    rows.length > 0 &&
    table(
      'Beyond the control, per visitor assigned',
      ['Variant', 'More profit', '95 % interval', 'P(more profit)', 'Return on what was spent beyond the control'],
      rows,
    )
  );
}

/** The unit once, where both ends have it. @example timesRange({ low: 240, high: 540 }) // '240 to 540 times' */
const timesRange = (roi: Interval): string => range(roi, times).replace(/ times( to \S+ times)$/, '$1');
