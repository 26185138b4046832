import * as Plot from '@observablehq/plot';
import { odds, percent } from '../../verdict/words.ts';
import type { Report } from '../report.ts';
import { listed, nameOf } from '../say.ts';
import { colourOf, type Drawing } from './svg.ts';

type Point = { readonly day: Date; readonly value: number };

const FRAME = { width: 640, marginLeft: 74, marginRight: 130, marginTop: 18, marginBottom: 30 } as const;

/** P(best) as the days came in. */
export function bestPlot(report: Report): Drawing {
  const { points, bounds } = report.days;
  const lines = report.variants.map(({ id }) => ({
    id,
    points: points.map(({ day, best }) => point(day, best[id] ?? 0)),
  }));
  const last = points.at(-1);
  return {
    id: 'best-by-day',
    title: 'The probability of being the best, day by day',
    sentence: `With all days to ${last?.day ?? ''} in, ${listed(report.variants.map(({ id, name }) => `${name} is the best with probability ${percent(last?.best[id] ?? 0)}`))}. The policy asks for ${percent(bounds.best)}.`,
    options: {
      ...FRAME,
      height: 210,
      x: { type: 'utc', label: null, ticks: 6 },
      y: { domain: [0, 1], ticks: 5, tickFormat: (share: number) => `${share * 100} %`, label: null, grid: true },
      marks: [
        Plot.ruleY([bounds.best], { stroke: 'var(--ink)', strokeDasharray: '4 4' }),
        ...boundLabel(lines, bounds.best, `asked for: ${percent(bounds.best)}`, 1),
        ...linesOf(lines, report),
      ],
    },
  };
}

const DECADES = Math.log(10);

/** The evidence as the days came in, in powers of ten: it may be read on any of them. */
export function evidencePlot(report: Report): Drawing {
  const { points, bounds } = report.days;
  const lines = report.variants
    .filter(({ control }) => !control)
    .map(({ id }) => ({
      id,
      points: points.map(({ day, logEvidence }) => point(day, (logEvidence[id] ?? 0) / DECADES)),
    }));
  const values = lines.flatMap((line) => line.points.map(({ value }) => value));
  const bound = bounds.logEvidence / DECADES;
  const low = Math.min(-1, Math.floor(Math.min(...values)));
  const high = Math.max(Math.ceil(bound + 0.2), Math.ceil(Math.max(...values)));
  const last = points.at(-1);
  return {
    id: 'evidence-by-day',
    title: 'The evidence, day by day',
    sentence: `With all days to ${last?.day ?? ''} in, the evidence is ${listed(lines.map(({ id }) => `${odds(last?.logEvidence[id] ?? 0)}${lines.length > 1 ? ` (${nameOf(report, id)})` : ''}`))}; the policy asks for ${Math.exp(bounds.logEvidence).toFixed(0)} to 1. It may be read every day.`,
    options: {
      ...FRAME,
      height: 210,
      x: { type: 'utc', label: null, ticks: 6 },
      y: { domain: [low, high], ticks: decadesBetween(low, high), tickFormat: decade, label: null, grid: true },
      marks: [
        Plot.ruleY([0], { stroke: 'var(--line)' }),
        Plot.ruleY([bound], { stroke: 'var(--ink)', strokeDasharray: '4 4' }),
        ...boundLabel(lines, bound, `asked for: ${Math.exp(bounds.logEvidence).toFixed(0)} to 1`, high - low),
        ...linesOf(lines, report),
      ],
    },
  };
}

/** What is asked for, beside its line; out of the way of a variant whose line ends there. */
function boundLabel(
  lines: readonly { readonly points: readonly Point[] }[],
  value: number,
  text: string,
  span: number,
): Plot.Markish[] {
  const ends = lines.flatMap(({ points }) => points.slice(-1));
  const [day] = ends.map((end) => end.day);
  if (day === undefined) return [];
  const near = ends.find((end) => Math.abs(end.value - value) < span / 10);
  const dy = near === undefined ? 0 : near.value <= value ? -10 : 10;
  return [
    Plot.text([{ day, value }], {
      x: 'day',
      y: 'value',
      text: () => text,
      dx: 9,
      dy,
      textAnchor: 'start',
      fill: 'var(--muted)',
    }),
  ];
}

function linesOf(
  lines: readonly { readonly id: string; readonly points: readonly Point[] }[],
  report: Report,
): Plot.Markish[] {
  const ends = lines.flatMap(({ id, points }) => points.slice(-1).map(({ day, value }) => ({ id, day, value })));
  return [
    ...lines.map(({ id, points }) =>
      Plot.line([...points], {
        x: 'day',
        y: 'value',
        stroke: colourOf(report.variants, id),
        strokeWidth: 2.2,
        clip: true,
      }),
    ),
    ...ends.map(({ id, day, value }) =>
      Plot.dot([{ day, value }], { x: 'day', y: 'value', r: 3.5, fill: colourOf(report.variants, id) }),
    ),
    ...ends.map(({ id, day, value }) =>
      Plot.text([{ day, value }], {
        x: 'day',
        y: 'value',
        text: () => nameOf(report, id),
        dx: 9,
        textAnchor: 'start',
        lineWidth: 9,
        textOverflow: 'ellipsis-end',
        fill: 'var(--ink)',
        fontWeight: 600,
      }),
    ),
  ];
}

const point = (day: string, value: number): Point => ({ day: new Date(`${day}T00:00:00Z`), value });

const decadesBetween = (low: number, high: number): number[] => {
  const stride = Math.max(1, Math.ceil((high - low) / 6));
  return Array.from(
    { length: Math.floor((high - low) / stride) + 1 },
    (_, i) => Math.ceil(low / stride) * stride + i * stride,
  ).filter((each) => each <= high);
};

const decade = (exponent: number): string =>
  exponent === 0
    ? 'even'
    : exponent > 6
      ? `10^${exponent} to 1`
      : exponent > 0
        ? `${(10 ** exponent).toLocaleString('en-US')} to 1`
        : `1 to ${(10 ** -exponent).toLocaleString('en-US')}`;
