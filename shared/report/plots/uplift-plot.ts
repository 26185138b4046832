import * as Plot from '@observablehq/plot';
import { percent } from '../../verdict/words.ts';
import type { Report, VariantReport } from '../report.ts';
import { controlOf, listed, range, signed, treatmentsOf } from '../say.ts';
import { colourOf, type Drawing } from './svg.ts';

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
    options: {
      width: 640,
      height: rows.length * 46 + 62,
      marginLeft: 148,
      marginRight: 20,
      marginTop: 12,
      marginBottom: 42,
      x: {
        domain: [low - pad, high + pad],
        ticks: 6,
        tickFormat: (share: number) => signed(Number(share.toPrecision(6))),
        label: `goal rate relative to ${control}`,
        labelArrow: 'none',
        labelAnchor: 'left',
      },
      y: { domain: rows.map(({ variant }) => variant.id), label: null, padding: 0.3 },
      marks: [
        Plot.rectX([0], { x1: -band, x2: band, fill: 'var(--band)' }),
        Plot.ruleX([0], { stroke: 'var(--ink)', strokeDasharray: '2 3' }),
        Plot.axisY({
          tickSize: 0,
          lineWidth: 10.5,
          tickFormat: (id: string) => rows.find(({ variant }) => variant.id === id)?.variant.name ?? id,
          fill: 'var(--ink)',
        }),
        ...rows.flatMap((row) => {
          const colour = colourOf(report.variants, row.variant.id);
          const y = () => row.variant.id;
          return [
            Plot.ruleY([row], { x1: 'low', x2: 'high', y, stroke: colour, strokeWidth: 5, strokeLinecap: 'round' }),
            Plot.dot([row], { x: 'median', y, r: 6, fill: 'var(--paper)', stroke: colour, strokeWidth: 3 }),
            Plot.text([row], {
              x: 'median',
              y,
              text: () => signed(row.median),
              dy: -15,
              fill: 'var(--ink)',
              fontWeight: 600,
            }),
          ];
        }),
      ],
    },
  };
}
