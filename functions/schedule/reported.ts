import { WEEK_MS } from '#shared/experiment/time.ts';
import type { Report } from '#shared/report/report.ts';
import type { Delivery } from '#shared/usecases/delivery.ts';

/** Whether visitors came in other proportions than asked for. What is concluded is decided, and must not wake anyone every day. */
export const sampleRatioMismatch = ({ experiment, verdict }: Report): 0 | 1 =>
  experiment.status !== 'concluded' &&
  verdict.reasons.some(({ check, outcome }) => check === 'sample-ratio' && outcome === 'failed')
    ? 1
    : 0;

/**
 * Destinations that did not get their report. Those of a concluded experiment, whose definition nobody can mend any more, are told of
 * for a week; they are still tried after that.
 */
export const failedDeliveries = (deliveries: readonly Delivery[], { experiment }: Report, now: number): number =>
  deliveries.filter(({ failed }) => failed && (experiment.status !== 'concluded' || now - failed.since < WEEK_MS))
    .length;
