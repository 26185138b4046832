import * as Plot from '@observablehq/plot';
import { listed, people, percent } from '../../verdict/words.ts';
import type { Report, RungReport, VariantReport } from '../report.ts';
import { colourOf, type Drawing, NARROW, type Room } from './svg.ts';

/** One ladder, to be climbed: the goal on top, a bar as long as the share of the assigned who come that far. */
export function ladderPlot(report: Report, variant: VariantReport): Drawing {
  return {
    id: `ladder-${variant.id}`,
    title: `The ladder ${variant.name}`,
    sentence: ladderSentence(variant),
    options: (room) => options(report, variant, room),
  };
}

/** Where names of steps stand: before their bars, or where that leaves too little of them, above. */
const FRAMES = {
  roomy: { width: 460, row: 46, marginLeft: 148, beyond: 1.55, above: 0, dy: 0 },
  narrow: { width: NARROW, row: 58, marginLeft: 12, beyond: 1.7, above: 22, dy: 10 },
} as const;

function options(report: Report, { id, rungs }: VariantReport, room: Room): Plot.PlotOptions {
  const { width, row, marginLeft, beyond, above, dy } = FRAMES[room];
  const colour = colourOf(report.variants, id);
  const inhabited = report.variants.filter(({ counted }) => counted > 0);
  const longest = Math.max(1e-9, ...inhabited.flatMap((each) => each.rungs.map(({ reach }) => reach.high)));
  const label = new Map(rungs.map((rung) => [rung.rung, `${rung.rung}  ${rung.name}`]));
  const y = 'rung';
  const [observed, unobserved] = [rungs.filter((rung) => rung.observed), rungs.filter((rung) => !rung.observed)];
  const bar = { x1: 0, x2: (d: RungReport) => d.reach.mean, y, rx: 2, insetTop: above };
  const value = { x: (d: RungReport) => d.reach.high, y, dx: 7, textAnchor: 'start' } as const;
  return {
    width,
    height: rungs.length * row + 52,
    marginLeft,
    marginRight: 8,
    marginTop: 6,
    marginBottom: 42,
    x: {
      domain: [0, longest * beyond],
      percent: false,
      ticks: 3,
      tickFormat: percentTick,
      label: 'share of all assigned, with 95 % intervals',
      labelArrow: 'none',
      grid: true,
      labelAnchor: 'left',
    },
    y: { domain: rungs.map(({ rung }) => rung).reverse(), label: null, padding: room === 'narrow' ? 0.1 : 0.28 },
    marks: [
      Plot.gridX({ ticks: 3, stroke: 'var(--line)', strokeOpacity: 1 }),
      room === 'narrow'
        ? Plot.text(rungs, {
            frameAnchor: 'left',
            y,
            text: (d: RungReport) => label.get(d.rung),
            dx: 4,
            dy: -16,
            textAnchor: 'start',
            lineWidth: 25,
            textOverflow: 'ellipsis-end',
            fill: 'var(--ink)',
            stroke: 'var(--paper)',
            strokeWidth: 4,
          })
        : Plot.axisY({
            tickSize: 0,
            lineWidth: 9.5,
            tickFormat: (rung: number) => label.get(rung) ?? '',
            fill: 'var(--ink)',
          }),
      ...(room === 'narrow' ? [Plot.axisY({ ticks: [] })] : []),
      Plot.barX(observed, { ...bar, fill: colour, fillOpacity: 0.85 }),
      Plot.barX(unobserved, { ...bar, fill: 'none', stroke: colour, strokeDasharray: '3 3' }),
      Plot.ruleY(observed, {
        x1: (d: RungReport) => d.reach.low,
        x2: (d: RungReport) => d.reach.high,
        y,
        dy,
        stroke: 'var(--ink)',
        strokeWidth: 1.5,
      }),
      Plot.text(rungs, {
        ...value,
        text: (d: RungReport) => (d.observed ? percent(d.reach.mean) : 'not counted'),
        dy: dy - 7,
        fill: 'var(--ink)',
        fontWeight: 600,
      }),
      Plot.text(rungs, {
        ...value,
        text: (d: RungReport) => (d.observed ? people(d.reached) : `at least ${people(d.reached)}`),
        dy: dy + 8,
        fill: 'var(--muted)',
      }),
      Plot.ruleX([0], { stroke: 'var(--ink)' }),
    ],
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
