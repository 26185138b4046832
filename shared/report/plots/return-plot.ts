import * as Plot from '@observablehq/plot';
import { listed, percent } from '../../verdict/words.ts';
import type { MetricReport } from '../metrics.ts';
import type { Report } from '../report.ts';
import { capital, nameOf, range } from '../say.ts';
import { percentTick } from './ladder-plot.ts';
import { lineEnds } from './line-ends.ts';
import { colourOf, type Drawing, NARROW } from './svg.ts';

type Row = { readonly week: number; readonly mean: number; readonly low: number; readonly high: number };

const HEIGHT = { height: 230, marginTop: 16, marginBottom: 42 } as const;
const PIXELS = HEIGHT.height - HEIGHT.marginTop - HEIGHT.marginBottom;

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
  const domain = [0, Math.min(1, highest * 1.08)] as const;
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
    key: lines.map(({ id }) => ({ name: nameOf(report, id), colour: colourOf(report.variants, id) })),
    options: (room) => ({
      ...HEIGHT,
      width: room === 'narrow' ? NARROW : 640,
      marginLeft: 56,
      marginRight: room === 'narrow' ? 12 : 150,
      x: {
        domain: [1, Math.max(2, last?.week ?? 2)],
        ticks: Math.min(8, weeks.length),
        tickFormat: (week: number) => (Number.isInteger(week) ? String(week) : ''),
        label: 'week after the assignment',
        labelArrow: 'none',
        labelAnchor: 'left',
      },
      y: { domain, ticks: 4, tickFormat: percentTick, label: null, grid: true },
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
        ...lineEnds(
          lines.flatMap(({ id, rows }) =>
            rows.slice(-1).map(({ week, mean }) => ({
              x: week,
              y: mean,
              name: nameOf(report, id),
              // Where lines meet at their end, only the colour says whose name it is.
              fill: colourOf(report.variants, id),
            })),
          ),
          { room, domain, pixels: PIXELS },
        ),
      ],
    }),
  };
}
