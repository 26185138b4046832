import * as Plot from '@observablehq/plot';
import { Bell } from '../../statistics/bell.ts';
import type { Beta } from '../../statistics/beta.ts';
import { betaQuantile } from '../../statistics/beta-distribution.ts';
import { percent } from '../../verdict/words.ts';
import type { Report } from '../report.ts';
import { listed, range } from '../say.ts';
import { percentTick } from './ladder-plot.ts';
import { colourOf, type Drawing } from './svg.ts';

const POINTS = 121;
type Point = { readonly rate: number; readonly density: number };

/** What is believed about the goal rate of each variant: a hill each, and how far they overlap is how unsure one must be. */
export function posteriorPlot(report: Report): Drawing {
  const { variants } = report;
  const hills = variants.map((variant) => ({ variant, points: hillOf(variant.belief) }));
  const highest = Math.max(...hills.flatMap(({ points }) => points.map(({ density }) => density)));
  const tops = hills.map(({ variant, points }) => ({
    variant,
    ...points.reduce((top, point) => (point.density > top.density ? point : top)),
  }));
  return {
    id: 'goal-posteriors',
    title: 'What is believed about each goal rate',
    sentence: `Goal rates: ${listed(variants.map(({ name, goalRate }) => `${name} ${percent(goalRate.mean)} (95 % interval ${range(goalRate)})`))}. The less the hills overlap, the surer the difference.`,
    options: {
      width: 640,
      height: 240,
      marginTop: 34,
      marginLeft: 14,
      marginRight: 14,
      marginBottom: 42,
      x: {
        tickFormat: percentTick,
        ticks: 6,
        label: 'goal rate, of all assigned',
        labelArrow: 'none',
        labelAnchor: 'left',
      },
      y: { axis: null, domain: [0, highest * 1.02] },
      marks: [
        ...hills.flatMap(({ variant, points }) => [
          Plot.areaY(points, { x: 'rate', y: 'density', fill: colourOf(variants, variant.id), fillOpacity: 0.16 }),
          Plot.line(points, { x: 'rate', y: 'density', stroke: colourOf(variants, variant.id), strokeWidth: 2 }),
        ]),
        ...tops.map(({ variant, rate, density }, i) =>
          Plot.text([{ rate, density }], {
            x: 'rate',
            y: 'density',
            text: () => variant.name,
            dy: -12 - (crowded(tops, i) ? 14 : 0),
            fill: 'var(--ink)',
            fontWeight: 600,
          }),
        ),
        Plot.ruleY([0], { stroke: 'var(--ink)' }),
      ],
    },
  };
}

/** Two names over nearly the same top: every second one moves up a line. */
function crowded(tops: readonly { readonly rate: number }[], index: number): boolean {
  const rates = tops.map(({ rate }) => rate);
  const span = Math.max(...rates) - Math.min(...rates);
  return (
    index % 2 === 1 &&
    (span === 0 || rates.some((rate, i) => i !== index && Math.abs(rate - (rates[index] ?? 0)) < span * 1.2))
  );
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
