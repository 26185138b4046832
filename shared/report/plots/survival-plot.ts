import * as Plot from '@observablehq/plot';
import { percent } from '../../verdict/words.ts';
import type { Report } from '../report.ts';
import { duration, listed, nameOf } from '../say.ts';
import type { TimeOnStep, Times } from '../time-on-step.ts';
import { percentTick } from './ladder-plot.ts';
import { colourOf, type Drawing } from './svg.ts';

export type Estimated = Extract<Times, { kind: 'estimated' }>;
export type Curve = TimeOnStep & { readonly times: Estimated };

const TICKS = [1, 60, 3_600, 86_400, 7 * 86_400];

/** The share that has taken a step, by the time since the step below: those who never will are in the denominator throughout. */
export function survivalPlot(report: Report, curves: readonly Curve[]): Drawing {
  const [first] = curves;
  const points = curves.map((curve) => ({
    curve,
    line: curve.times.curve.map(({ seconds, waiting }) => ({ seconds: Math.max(1, seconds), taken: 1 - waiting })),
  }));
  const last = Math.max(60, ...points.flatMap(({ line }) => line.map(({ seconds }) => seconds)));
  const highest = Math.max(0.01, ...points.flatMap(({ line }) => line.map(({ taken }) => taken)));
  return {
    id: `time-${first?.step ?? ''}-${first?.variant ?? ''}`,
    title: `Time to “${first?.name ?? ''}”`,
    sentence: `${listed(curves.map((curve) => timeSentence(report, curve)))}.`,
    options: {
      width: 640,
      height: 220,
      marginLeft: 56,
      marginRight: 130,
      marginTop: 14,
      marginBottom: 42,
      x: {
        type: 'log',
        domain: [1, last],
        ticks: TICKS.filter((tick) => tick <= last),
        tickFormat: duration,
        label: `time since ${first?.from === null ? 'the assignment' : `“${first?.from ?? ''}”`}`,
        labelArrow: 'none',
        labelAnchor: 'left',
      },
      y: { domain: [0, Math.min(1, highest * 1.1)], ticks: 4, tickFormat: percentTick, label: null, grid: true },
      marks: [
        Plot.ruleY([0], { stroke: 'var(--ink)' }),
        ...points.flatMap(({ curve, line }) => [
          Plot.line(line, {
            x: 'seconds',
            y: 'taken',
            stroke: colourOf(report.variants, curve.variant),
            strokeWidth: 2.2,
          }),
          Plot.text(line.slice(-1), {
            x: 'seconds',
            y: 'taken',
            text: () => nameOf(report, curve.variant),
            dx: 8,
            textAnchor: 'start',
            lineWidth: 9,
            textOverflow: 'ellipsis-end',
            fill: 'var(--ink)',
            fontWeight: 600,
          }),
        ]),
      ],
    },
  };
}

function timeSentence(report: Report, { variant, name, times }: Curve): string {
  const who = nameOf(report, variant);
  if (times.medianSeconds !== null)
    return `in ${who}, half have taken “${name}” after ${duration(times.medianSeconds)}`;
  const longest = times.within.at(-1);
  return longest
    ? `in ${who}, ${percent(longest.share.mean)} have taken “${name}” within ${duration(longest.seconds)}, and fewer than half ever do`
    : `in ${who}, fewer than half ever take “${name}”`;
}
