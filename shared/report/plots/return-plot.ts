import * as Plot from '@observablehq/plot';
import { percent } from '../../verdict/words.ts';
import type { MetricReport } from '../metrics.ts';
import type { Report } from '../report.ts';
import { capital, listed, nameOf, range } from '../say.ts';
import { percentTick } from './ladder-plot.ts';
import { colourOf, type Drawing } from './svg.ts';

type Row = { readonly week: number; readonly mean: number; readonly low: number; readonly high: number };

/** Who came back in each week: a line for each variant, and the band in which its rate lies. */
export function returnPlot(report: Report, metric: MetricReport): Drawing {
  const weeks = metric.weeks?.weeks ?? [];
  const lines = report.variants.map(({ id }) => ({
    id,
    rows: weeks.flatMap(({ week, variants }): Row[] => {
      const row = variants.find(({ variant }) => variant === id);
      return row ? [{ week, mean: row.rate.mean, low: row.rate.low, high: row.rate.high }] : [];
    }),
  }));
  const highest = Math.max(0.01, ...lines.flatMap(({ rows }) => rows.map(({ high }) => high)));
  const last = weeks.at(-1);
  return {
    id: `return-${metric.id}`,
    title: `${capital(metric.name)}: who came back, week by week`,
    sentence: `In week ${last?.week ?? 1}, ${listed(
      (last?.variants ?? []).map(
        ({ variant, rate }) =>
          `${percent(rate.mean)} of ${nameOf(report, variant)} came back (95 % interval ${range(rate)})`,
      ),
    )}. The bands are 95 % intervals.`,
    options: {
      width: 640,
      height: 230,
      marginLeft: 56,
      marginRight: 150,
      marginTop: 16,
      marginBottom: 42,
      x: {
        domain: [1, Math.max(2, last?.week ?? 2)],
        ticks: Math.min(8, weeks.length),
        tickFormat: (week: number) => (Number.isInteger(week) ? String(week) : ''),
        label: 'week after the assignment',
        labelArrow: 'none',
        labelAnchor: 'left',
      },
      y: { domain: [0, Math.min(1, highest * 1.08)], ticks: 4, tickFormat: percentTick, label: null, grid: true },
      marks: [
        Plot.ruleY([0], { stroke: 'var(--ink)' }),
        ...lines.flatMap(({ id, rows }) => {
          const colour = colourOf(report.variants, id);
          return [
            Plot.areaY(rows, { x: 'week', y1: 'low', y2: 'high', fill: colour, fillOpacity: 0.16 }),
            Plot.line(rows, { x: 'week', y: 'mean', stroke: colour, strokeWidth: 2.2 }),
            Plot.dot(rows, { x: 'week', y: 'mean', r: 3, fill: colour }),
          ];
        }),
        ...apart(lines, highest).map(({ id, row, dy }) =>
          Plot.text([row], {
            x: 'week',
            y: 'mean',
            text: () => nameOf(report, id),
            dx: 10,
            dy,
            textAnchor: 'start',
            lineWidth: 11,
            textOverflow: 'ellipsis-end',
            // Where lines meet at their end, only the colour says whose name it is.
            fill: colourOf(report.variants, id),
            fontWeight: 600,
          }),
        ),
      ],
    },
  };
}

/** Names at the ends of lines, moved down where two would lie on each other. */
function apart(lines: readonly { readonly id: string; readonly rows: readonly Row[] }[], highest: number) {
  const perPixel = (highest * 1.08) / 172;
  const ends = lines
    .flatMap(({ id, rows }) => {
      const row = rows.at(-1);
      return row ? [{ id, row }] : [];
    })
    .sort((a, b) => b.row.mean - a.row.mean);
  let below = -Infinity;
  return ends.map(({ id, row }) => {
    const y = -row.mean / perPixel;
    const placed = Math.max(y, below + 16);
    below = placed;
    return { id, row, dy: placed - y };
  });
}
