import type { Definition } from '../experiment/definition.ts';
import type { Sequence } from '../experiment/sequence.ts';
import { betaMean, posterior } from '../statistics/beta.ts';
import { betaInterval } from '../statistics/beta-distribution.ts';
import { countsOf } from '../tally/counts.ts';
import type { Cell, Tally } from '../tally/tally.ts';
import type { Estimate } from './report.ts';

/** Goal rates within the values of one frozen segment. Descriptive: with many values, some will look different by chance. */
export type SegmentRates = {
  readonly attribute: string;
  readonly values: readonly {
    readonly value: string;
    readonly variants: readonly {
      readonly variant: string;
      readonly visitors: number;
      readonly goals: number;
      readonly rate: Estimate;
    }[];
  }[];
};

export function segmentRates(
  tally: Tally,
  segments: Definition['segments'],
  sequence: Sequence,
  counted: (cell: Cell) => boolean,
): SegmentRates[] {
  return segments.map(({ attribute, values }) => ({
    attribute,
    values: [...values, 'other', 'unknown'].flatMap((value) => {
      const counts = countsOf(
        tally,
        sequence,
        (cell) => counted(cell) && (segmentOf(cell, attribute) ?? 'unknown') === value,
      );
      if (counts.every(({ visitors }) => visitors === 0)) return [];
      return [
        {
          value,
          variants: counts.map(({ variant, visitors, goals }) => ({
            variant,
            visitors,
            goals,
            rate: rateOf(goals, visitors),
          })),
        },
      ];
    }),
  }));
}

/** The value of one attribute in a cell's segment key; none of visitors who were heard of by their steps alone. */
export function segmentOf({ segment }: Pick<Cell, 'segment'>, attribute: string): string | undefined {
  for (const pair of segment.split('&')) {
    const [name = '', value = ''] = pair.split('=');
    if (decodeURIComponent(name) === attribute) return decodeURIComponent(value);
  }
  return undefined;
}

function rateOf(goals: number, visitors: number): Estimate {
  const belief = posterior(goals, visitors);
  return { mean: betaMean(belief), ...betaInterval(belief) };
}
