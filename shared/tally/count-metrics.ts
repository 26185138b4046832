import type { Measure, Sequence } from '../experiment/sequence.ts';
import type { Journey } from '../journey/journey.ts';
import { amountBucket } from './amount-bucket.ts';
import { exactProduct } from './exact-product.ts';
import { type Measured, measured } from './measured.ts';

/** Adds to the counters of a journey what its metrics are worth. Zeros are left out, and most visitors have nothing else. */
export function countMetrics(counters: Record<string, number>, journey: Journey, sequence: Sequence): void {
  for (const [metric, result] of measured(journey, sequence)) {
    if (result.x === 0 && !result.d) continue;
    const found = countersOf(metric, result);
    for (const name in found) if (found[name]) counters[`m:${metric.id}:${name}`] = found[name];
  }
}

function countersOf(metric: Measure, { x, d, weeks }: Measured): Record<string, number> {
  const found: Record<string, number> = { x, any: x > 0 ? 1 : 0, ...exactProduct('xx', x, x) };
  if (d !== undefined) Object.assign(found, { d }, exactProduct('dd', d, d), exactProduct('xd', x, d));
  if (metric.kind === 'value' || metric.kind === 'count') found[`h${amountBucket(x)}`] = 1;
  if (metric.kind === 'return' && weeks) Object.assign(found, ofWeeks(metric.weeks, weeks));
  return found;
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
