import * as Plot from '@observablehq/plot';
import { chance, listed, odds, percent } from '../../verdict/words.ts';
import type { Report } from '../report.ts';
import { nameOf } from '../say.ts';
import { lineEnds } from './line-ends.ts';
import { colourOf, type Drawing, type KeyEntry, NARROW, type Room } from './svg.ts';

type Point = { readonly day: Date; readonly value: number };
type Line = { readonly id: string; readonly points: readonly Point[] };

const HEIGHT = { height: 210, marginTop: 18, marginBottom: 34 } as const;
const PIXELS = HEIGHT.height - HEIGHT.marginTop - HEIGHT.marginBottom;

/** P(best) as the days came in. */
export function bestPlot(report: Report): Drawing {
  const { points, bounds } = report.days;
  const lines = report.variants.map(({ id }) => ({
    id,
    points: points.map(({ day, best }) => point(day, best[id] ?? 0)),
  }));
  const last = points.at(-1);
  const asked = { name: `asked for: ${percent(bounds.best)}`, value: bounds.best };
  const domain = [0, 1] as const;
  return {
    id: 'best-by-day',
    title: 'The probability of being the best, day by day',
    sentence: `With all days to ${last?.day ?? ''} in, ${listed(report.variants.map(({ id, name }) => `${name} is the best with probability ${chance(last?.best[id] ?? 0)}`))}. The policy asks for ${percent(bounds.best)}.`,
    key: keyOf(report, lines, asked.name),
    options: (room) => ({
      ...frameOf(room, 50),
      x: { type: 'utc', label: null, ticks: room === 'narrow' ? 4 : 6 },
      y: { domain, ticks: 5, tickFormat: (share: number) => `${share * 100} %`, label: null, grid: true },
      marks: linesOf(report, lines, asked, { room, domain }),
    }),
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
  const asked = { name: `asked for: ${Math.exp(bounds.logEvidence).toFixed(0)} to 1`, value: bound };
  const domain = [low, high] as const;
  const ticks = decadesBetween(low, high);
  return {
    id: 'evidence-by-day',
    title: 'The evidence, day by day',
    sentence: `With all days to ${last?.day ?? ''} in, the evidence${lines.length > 1 ? ' against the control' : ''} is ${listed(lines.map(({ id }) => `${odds(last?.logEvidence[id] ?? 0)}${lines.length > 1 ? ` (${nameOf(report, id)})` : ''}`))}; the policy asks for ${Math.exp(bounds.logEvidence).toFixed(0)} to 1${lines.length > 1 ? ', of the best against every other variant' : ''}. It may be read every day.`,
    key: keyOf(report, lines, asked.name),
    options: (room) => ({
      ...frameOf(room, 14 + 7.5 * Math.max(...ticks.map((tick) => decade(tick).length))),
      x: { type: 'utc', label: null, ticks: room === 'narrow' ? 4 : 6 },
      y: { domain, ticks, tickFormat: decade, label: null, grid: true },
      marks: [Plot.ruleY([0], { stroke: 'var(--line)' }), ...linesOf(report, lines, asked, { room, domain })],
    }),
  };
}

/** @param marginLeft what the labels of this plot's scale need, in pixels; in a column of text both plots stand alike. */
const frameOf = (room: Room, marginLeft: number): Plot.PlotOptions =>
  room === 'narrow'
    ? { ...HEIGHT, width: NARROW, marginLeft, marginRight: 12 }
    : { ...HEIGHT, width: 640, marginLeft: Math.max(74, marginLeft), marginRight: 130 };

const keyOf = (report: Report, lines: readonly Line[], asked: string): KeyEntry[] => [
  ...lines.map(({ id }) => ({ name: nameOf(report, id), colour: colourOf(report.variants, id) })),
  { name: asked, colour: 'var(--ink)', dashed: true },
];

function linesOf(
  report: Report,
  lines: readonly Line[],
  asked: { readonly name: string; readonly value: number },
  { room, domain }: { readonly room: Room; readonly domain: readonly [number, number] },
): Plot.Markish[] {
  const ends = lines.flatMap(({ id, points }) => points.slice(-1).map(({ day, value }) => ({ id, day, value })));
  return [
    Plot.ruleY([asked.value], { stroke: 'var(--ink)', strokeDasharray: '4 4' }),
    ...lines.map(({ id, points }) =>
      Plot.line([...points], { x: 'day', y: 'value', stroke: colourOf(report.variants, id), strokeWidth: 2.2 }),
    ),
    ...ends.map(({ id, day, value }) =>
      Plot.dot([{ day, value }], { x: 'day', y: 'value', r: 3.5, fill: colourOf(report.variants, id) }),
    ),
    ...lineEnds(
      [
        ...ends.map(({ id, day, value }) => ({ x: day, y: value, name: nameOf(report, id), fill: 'var(--ink)' })),
        ...ends
          .slice(0, 1)
          .map(({ day }) => ({ x: day, y: asked.value, name: asked.name, fill: 'var(--muted)', quiet: true })),
      ],
      { room, domain, pixels: PIXELS },
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

function decade(exponent: number): string {
  if (exponent === 0) return 'even';
  const size = Math.abs(exponent);
  const times = size > 6 ? `10${superscript(size)}` : (10 ** size).toLocaleString('en-US');
  return exponent > 0 ? `${times} to 1` : `1 to ${times}`;
}

const superscript = (number: number): string =>
  String(number).replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt(Number(digit)));
