import { describe, expect, it } from 'vitest';
import { failedDeliveries, sampleRatioMismatch } from '#functions/schedule/reported.ts';
import type { Delivery } from '#shared/usecases/delivery.ts';
import { anExperiment, DAY, HOUR, NOON } from '../support/an-experiment.ts';
import { aReport } from './a-report.ts';

/** A quarter of the visitors of one variant are missing, fourteen days on end. */
const bent = { 'one-ask': [900, 100], ladder: [600, 50, 50, 50] };
const even = { 'one-ask': [900, 100], ladder: [850, 50, 50, 50] };
const concluded = anExperiment({ status: 'concluded', at: NOON - HOUR });
const failing = (since: number): Delivery => ({
  experiment: 'checkout',
  channel: 'email',
  to: 'ada@example.com',
  failed: { since, at: NOON, attempts: 3, error: 'no' },
});

describe('sampleRatioMismatch', () => {
  it('tells of visitors who came in other proportions than asked for, and of no others', () => {
    expect(sampleRatioMismatch(aReport({ daily: bent }))).toBe(1);
    expect(sampleRatioMismatch(aReport({ daily: even }))).toBe(0);
  });

  it('keeps quiet about what is concluded: its report is written every day all the same', () => {
    const report = aReport({ daily: bent, experiment: concluded });
    expect(report.verdict.reasons).toContainEqual(
      expect.objectContaining({ check: 'sample-ratio', outcome: 'failed' }),
    );
    expect(sampleRatioMismatch(report)).toBe(0);
  });
});

describe('failedDeliveries', () => {
  it('tells of every destination that did not get its report, for as long as it does not', () => {
    const sent: Delivery = { experiment: 'checkout', channel: 'topic', to: 'arn' };
    const report = aReport({ daily: even });
    expect(failedDeliveries([failing(NOON), sent, failing(NOON - 90 * DAY)], report, NOON)).toBe(2);
  });

  it('tells of those of a concluded experiment for a week, because nobody can mend its definition', () => {
    const report = aReport({ daily: even, experiment: concluded });
    expect(failedDeliveries([failing(NOON - 6 * DAY), failing(NOON - 8 * DAY)], report, NOON)).toBe(1);
  });
});
