import type { Measure, Sequence } from '../experiment/sequence.ts';
import type { Journey } from '../journey/journey.ts';
import { durationBucket } from './duration.ts';
import { exactProduct } from './exact-product.ts';
import { type Measured, measured } from './measured.ts';

/** The bucket of an amount or a number of things, cut as durations are: 0 holds one and less, bucket b ends at 2^(b/4). */
export const amountBucket = (amount: number): number => durationBucket(amount * 1000);

/** Adds to the counters of a journey what its metrics are worth. Zeros are left out. */
export function countMetrics(counters: Record<string, number>, journey: Journey, sequence: Sequence): void {
  for (const [metric, result] of measured(journey, sequence))
    for (const [name, count] of Object.entries(countersOf(metric, result)))
      if (count !== 0) counters[`m:${metric.id}:${name}`] = count;
}

function countersOf(metric: Measure, { x, d, weeks }: Measured): Record<string, number> {
  return {
    x,
    ...exactProduct('xx', x, x),
    any: x > 0 ? 1 : 0,
    ...(d !== undefined && { d, ...exactProduct('dd', d, d), ...exactProduct('xd', x, d) }),
    ...((metric.kind === 'value' || metric.kind === 'count') && x > 0 && { [`h${amountBucket(x)}`]: 1 }),
    ...(metric.kind === 'return' && weeks && ofWeeks(metric.weeks, weeks)),
  };
}

/**
 * A counter for each week, and the contrast of week 1 with those after it: zero in the mean while somebody comes as often late
 * as early, above zero where what brought them wears off.
 */
function ofWeeks(last: number, weeks: readonly number[]): Record<string, number> {
  const later = weeks.filter((week) => week > 1).length;
  const c = (last - 1) * (weeks.length - later) - later;
  return { ...Object.fromEntries(weeks.map((week) => [`w${week}`, 1])), c, ...exactProduct('cc', c, c) };
}
