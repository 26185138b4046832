import * as Plot from '@observablehq/plot';
import { Bell } from '../../statistics/bell.ts';
import type { Beta } from '../../statistics/beta.ts';
import { betaQuantile } from '../../statistics/beta-distribution.ts';
import { listed, percent } from '../../verdict/words.ts';
import type { Report, VariantReport } from '../report.ts';
import { range } from '../say.ts';
import { percentTick } from './ladder-plot.ts';
import { colourOf, type Drawing, NARROW } from './svg.ts';

const POINTS = 121;
type Point = { readonly rate: number; readonly density: number };
type Hill = { readonly variant: VariantReport; readonly points: readonly Point[] };

/** Pixels: of the whole, beside the hills, the highest hill, a line of names, and about a character of one. */
const [WIDTH, SIDE, HILL, LINE, CHARACTER] = [640, 14, 164, 15, 8.6];

/** What is believed about the goal rate of each variant: a hill each, and how far they overlap is how unsure one must be. */
export function posteriorPlot(report: Report): Drawing {
  const { variants } = report;
  const hills = variants.map((variant) => ({ variant, points: hillOf(variant.belief) }));
  const highest = Math.max(...hills.flatMap(({ points }) => points.map(({ density }) => density)));
  const names = namesOver(hills);
  return {
    id: 'goal-posteriors',
    title: 'What is believed about each goal rate',
    sentence: `Goal rates: ${listed(variants.map(({ name, goalRate }) => `${name} ${percent(goalRate.mean)} (95 % interval ${range(goalRate)})`))}. The less the hills overlap, the surer the difference.`,
    key: variants.map(({ id, name }) => ({ name, colour: colourOf(variants, id) })),
    options: (room) => {
      const above = room === 'narrow' ? 8 : 20 - Math.min(0, ...names.map(({ y }) => y));
      return {
        width: room === 'narrow' ? NARROW : WIDTH,
        height: above + HILL + 42,
        marginTop: above,
        marginLeft: SIDE,
        marginRight: SIDE,
        marginBottom: 42,
        x: {
          tickFormat: percentTick,
          ticks: room === 'narrow' ? 4 : 6,
          label: 'goal rate, of all assigned',
          labelArrow: 'none',
          labelAnchor: 'left',
        },
        y: { axis: null, domain: [0, highest] },
        marks: [
          ...hills.flatMap(({ variant, points }) => [
            Plot.areaY(points, { x: 'rate', y: 'density', fill: colourOf(variants, variant.id), fillOpacity: 0.16 }),
            Plot.line(points, { x: 'rate', y: 'density', stroke: colourOf(variants, variant.id), strokeWidth: 2 }),
          ]),
          ...(room === 'narrow'
            ? []
            : names.map(({ name, top, dx, dy }) =>
                Plot.text([top], {
                  x: 'rate',
                  y: 'density',
                  text: () => name,
                  dx,
                  dy,
                  fill: 'var(--ink)',
                  stroke: 'var(--paper)',
                  strokeWidth: 4,
                  fontWeight: 600,
                }),
              )),
          Plot.ruleY([0], { stroke: 'var(--ink)' }),
        ],
      };
    },
  };
}

/** Where each name stands, in pixels from the top of the highest hill: over its own hill, and over any name that is there already. */
function namesOver(hills: readonly Hill[]) {
  const all = hills.flatMap(({ points }) => points);
  const [from, to] = [Math.min(...all.map(({ rate }) => rate)), Math.max(...all.map(({ rate }) => rate))];
  const highest = Math.max(...all.map(({ density }) => density));
  const wanted = hills.map(({ variant: { name }, points }) => {
    const top = points.reduce((best, each) => (each.density > best.density ? each : best));
    const x = SIDE + ((top.rate - from) / (to - from)) * (WIDTH - 2 * SIDE);
    const half = (name.length * CHARACTER) / 2;
    const dx = Math.max(half, Math.min(WIDTH - half, x)) - x;
    return { name, top, half, x: x + dx, dx, peak: HILL * (1 - top.density / highest) };
  });
  const placed: ((typeof wanted)[number] & { y: number; dy: number })[] = [];
  for (const each of wanted.sort((a, b) => b.peak - a.peak)) {
    let y = each.peak - 12;
    for (const { y: taken } of placed
      .filter(({ x, half }) => Math.abs(x - each.x) < half + each.half)
      .sort((a, b) => b.y - a.y))
      if (Math.abs(taken - y) < LINE) y = taken - LINE;
    placed.push({ ...each, y, dy: y - each.peak });
  }
  return placed;
}

function hillOf(belief: Beta): Point[] {
  const bell = new Bell(belief);
  const [low, high] = [betaQuantile(belief, 0.0004), betaQuantile(belief, 0.9996)];
  return Array.from({ length: POINTS }, (_, i) => {
    const rate = low + ((high - low) * i) / (POINTS - 1);
    // The bell is a density of the log-odds; per unit of rate it is this much higher.
    const density = bell.density(Math.log(rate / (1 - rate)) - bell.centre) / (rate * (1 - rate));
    return { rate, density };
  });
}
