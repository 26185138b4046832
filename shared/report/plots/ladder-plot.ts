import * as Plot from '@observablehq/plot';
import { people, percent } from '../../verdict/words.ts';
import type { Report, RungReport, VariantReport } from '../report.ts';
import { listed } from '../say.ts';
import { colourOf, type Drawing } from './svg.ts';

const ROW = 46;
const WIDTH = 460;

/** One ladder, to be climbed: the goal on top, a bar as long as the share of the assigned who come that far. */
export function ladderPlot(report: Report, variant: VariantReport): Drawing {
  const { rungs } = variant;
  const colour = colourOf(report.variants, variant.id);
  const inhabited = report.variants.filter(({ counted }) => counted > 0);
  const longest = Math.max(1e-9, ...inhabited.flatMap((each) => each.rungs.map(({ reach }) => reach.high)));
  const name = new Map(rungs.map((rung) => [rung.rung, rung.name]));
  const y = 'rung';
  return {
    id: `ladder-${variant.id}`,
    title: `The ladder ${variant.name}`,
    sentence: ladderSentence(variant),
    options: {
      width: WIDTH,
      height: rungs.length * ROW + 52,
      marginLeft: 148,
      marginRight: 8,
      marginTop: 6,
      marginBottom: 42,
      x: {
        domain: [0, longest * 1.55],
        percent: false,
        ticks: 3,
        tickFormat: percentTick,
        label: 'share of all assigned, with 95 % intervals',
        labelArrow: 'none',
        grid: true,
        labelAnchor: 'left',
      },
      y: { domain: rungs.map(({ rung }) => rung).reverse(), label: null, padding: 0.28 },
      marks: [
        Plot.gridX({ ticks: 3, stroke: 'var(--line)', strokeOpacity: 1 }),
        Plot.axisY({
          tickSize: 0,
          lineWidth: 9.5,
          tickFormat: (rung: number) => `${rung}  ${name.get(rung) ?? ''}`,
          fill: 'var(--ink)',
        }),
        Plot.barX(
          rungs.filter(({ observed }) => observed),
          { x1: 0, x2: (d: RungReport) => d.reach.mean, y, fill: colour, fillOpacity: 0.85, rx: 2 },
        ),
        Plot.barX(
          rungs.filter(({ observed }) => !observed),
          {
            x1: 0,
            x2: (d: RungReport) => d.reach.mean,
            y,
            fill: 'none',
            stroke: colour,
            strokeDasharray: '3 3',
            rx: 2,
          },
        ),
        Plot.ruleY(
          rungs.filter(({ observed }) => observed),
          {
            x1: (d: RungReport) => d.reach.low,
            x2: (d: RungReport) => d.reach.high,
            y,
            stroke: 'var(--ink)',
            strokeWidth: 1.5,
          },
        ),
        Plot.text(rungs, {
          x: (d: RungReport) => d.reach.high,
          y,
          text: (d: RungReport) => (d.observed ? percent(d.reach.mean) : 'not counted'),
          dx: 7,
          dy: -7,
          textAnchor: 'start',
          fill: 'var(--ink)',
          fontWeight: 600,
        }),
        Plot.text(rungs, {
          x: (d: RungReport) => d.reach.high,
          y,
          text: (d: RungReport) => (d.observed ? people(d.reached) : `at least ${people(d.reached)}`),
          dx: 7,
          dy: 8,
          textAnchor: 'start',
          fill: 'var(--muted)',
        }),
        Plot.ruleX([0], { stroke: 'var(--ink)' }),
      ],
    },
  };
}

function ladderSentence({ name, counted, rungs }: VariantReport): string {
  const climbed = rungs.map((rung) =>
    rung.observed
      ? `${percent(rung.reach.mean)} reach “${rung.name}”`
      : `“${rung.name}” was not counted, so nothing can be read into it`,
  );
  return `Of ${people(counted)} visitors assigned to ${name}, ${listed(climbed)}.`;
}

export const percentTick = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;
