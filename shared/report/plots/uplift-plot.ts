import * as Plot from '@observablehq/plot';
import { listed, percent } from '../../verdict/words.ts';
import type { Report, VariantReport } from '../report.ts';
import { controlOf, range, signed, treatmentsOf } from '../say.ts';
import { colourOf, type Drawing, NARROW } from './svg.ts';

type Row = { readonly variant: VariantReport; readonly low: number; readonly high: number; readonly median: number };

/** How much better or worse than the control, and the band within which nobody would care. */
export function upliftPlot(report: Report): Drawing {
  const band = report.policy.equivalence;
  const rows = treatmentsOf(report).flatMap((variant): Row[] =>
    variant.uplift ? [{ variant, median: variant.uplift.median, ...variant.uplift.interval }] : [],
  );
  const control = controlOf(report)?.name ?? 'the control';
  const ends = rows.flatMap(({ low, high }) => [low, high]);
  const [low, high] = [Math.min(-2 * band, ...ends), Math.max(2 * band, ...ends)];
  const pad = (high - low) * 0.06;
  return {
    id: 'uplift',
    title: `Goal rate relative to ${control}`,
    sentence: `Compared with ${control}, ${listed(rows.map(({ variant, median, ...interval }) => `${variant.name} brings ${signed(median)} (95 % interval ${range(interval, signed)})`))}. The shaded band, ±${percent(band)}, is no practical difference.`,
    options: (room) => {
      const narrow = room === 'narrow';
      // A narrow plot has the name and the figure on a line of their own, above the interval.
      const dy = narrow ? 10 : 0;
      const nameOf = (id: string) => rows.find(({ variant }) => variant.id === id)?.variant.name ?? id;
      const y = (row: Row) => row.variant.id;
      return {
        width: narrow ? NARROW : 640,
        height: rows.length * (narrow ? 56 : 46) + 62,
        marginLeft: narrow ? 8 : 148,
        marginRight: narrow ? 8 : 20,
        marginTop: 12,
        marginBottom: 42,
        x: {
          domain: [low - pad, high + pad],
          ticks: narrow ? 3 : 6,
          tickFormat: (share: number) => signed(Number(share.toPrecision(6))),
          label: narrow ? 'goal rate relative to the control' : `goal rate relative to ${control}`,
          labelArrow: 'none',
          labelAnchor: 'left',
        },
        y: { domain: rows.map(y), label: null, padding: 0.3 },
        marks: [
          Plot.rectX([0], { x1: -band, x2: band, fill: 'var(--band)' }),
          Plot.ruleX([0], { stroke: 'var(--ink)', strokeDasharray: '2 3' }),
          Plot.axisY(narrow ? { ticks: [] } : { tickSize: 0, lineWidth: 10.5, tickFormat: nameOf, fill: 'var(--ink)' }),
          ...(narrow
            ? [
                Plot.text(rows, {
                  ...LABEL,
                  frameAnchor: 'left',
                  textAnchor: 'start',
                  y,
                  text: (row: Row) => nameOf(y(row)),
                  lineWidth: 18,
                  textOverflow: 'ellipsis-end',
                }),
                Plot.text(rows, { ...LABEL, frameAnchor: 'right', textAnchor: 'end', y, text: figureOf }),
              ]
            : [Plot.text(rows, { ...LABEL, x: 'median', y, text: figureOf })]),
          ...rows.flatMap((row) => {
            const stroke = colourOf(report.variants, row.variant.id);
            return [
              Plot.ruleY([row], { x1: 'low', x2: 'high', y, dy, stroke, strokeWidth: 5, strokeLinecap: 'round' }),
              Plot.dot([row], { x: 'median', y, dy, r: 6, fill: 'var(--paper)', stroke, strokeWidth: 3 }),
            ];
          }),
        ],
      };
    },
  };
}

/** Legible on the band and over the line of no difference. */
const LABEL = { dy: -15, fill: 'var(--ink)', fontWeight: 600, stroke: 'var(--paper)', strokeWidth: 4 } as const;

const figureOf = ({ median }: Row): string => signed(median);
