import * as Plot from '@observablehq/plot';
import { listed, percent } from '../../verdict/words.ts';
import type { Report } from '../report.ts';
import { capital, duration, nameOf } from '../say.ts';
import type { TimeOnStep, Times } from '../time-on-step.ts';
import { percentTick } from './ladder-plot.ts';
import { lineEnds } from './line-ends.ts';
import { colourOf, type Drawing, NARROW } from './svg.ts';

export type Estimated = Extract<Times, { kind: 'estimated' }>;
export type Curve = TimeOnStep & { readonly times: Estimated };

const HEIGHT = { height: 220, marginTop: 14, marginBottom: 42 } as const;
const PIXELS = HEIGHT.height - HEIGHT.marginTop - HEIGHT.marginBottom;
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
  const domain = [0, Math.min(1, highest * 1.1)] as const;
  return {
    id: `time-${first?.step ?? ''}-${first?.variant ?? ''}`,
    title: `Time to “${first?.name ?? ''}”`,
    sentence: `${capital(listed(curves.map((curve) => timeSentence(report, curve))))}.`,
    key: curves.map(({ variant }) => ({
      name: nameOf(report, variant),
      colour: colourOf(report.variants, variant),
    })),
    options: (room) => ({
      ...HEIGHT,
      width: room === 'narrow' ? NARROW : 640,
      marginLeft: 56,
      marginRight: room === 'narrow' ? 20 : 130,
      x: {
        type: 'log',
        domain: [1, last],
      },
      y: { domain, ticks: 4, tickFormat: percentTick, label: null, grid: true },
      marks: [
        // Labels as texts: a logarithmic scale would label nothing but powers of ten.
        Plot.axisX(
          TICKS.filter((tick) => tick <= last),
          {
            text: room === 'narrow' ? short : duration,
            label: `time since ${first?.from === null ? 'the assignment' : room === 'narrow' ? 'the step before' : `“${first?.from ?? ''}”`}`,
            labelArrow: 'none',
            labelAnchor: 'left',
          },
        ),
        Plot.ruleY([0], { stroke: 'var(--ink)' }),
        ...points.map(({ curve, line }) =>
          Plot.line(line, {
            x: 'seconds',
            y: 'taken',
            stroke: colourOf(report.variants, curve.variant),
            strokeWidth: 2.2,
          }),
        ),
        ...lineEnds(
          points.flatMap(({ curve, line }) =>
            line.slice(-1).map(({ seconds, taken }) => ({
              x: seconds,
              y: taken,
              name: nameOf(report, curve.variant),
              fill: 'var(--ink)',
            })),
          ),
          { room, domain, pixels: PIXELS },
        ),
      ],
    }),
  };
}

/** @example short(3_600) // '1 h' */
const short = (seconds: number): string => duration(seconds).replace(/(?<= )(s|min|h|d)\w+$/, '$1');

function timeSentence(report: Report, { variant, name, times }: Curve): string {
  const who = nameOf(report, variant);
  if (times.medianSeconds !== null)
    return `in ${who}, half have taken “${name}” after ${duration(times.medianSeconds)}`;
  const longest = times.within.at(-1);
  return longest
    ? `in ${who}, ${percent(longest.share.mean)} have taken “${name}” within ${duration(longest.seconds)}, and fewer than half ever do`
    : `in ${who}, fewer than half ever take “${name}”`;
}
