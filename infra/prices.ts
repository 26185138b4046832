/**
 * What AWS asks, in US dollars, in us-east-1. Compared on 2026-11-25 with what is published; docs/cost.md says where, and of which it
 * could not be. Not read off a bill: check them before you promise anything, and change the date with them.
 */
export const PRICES = {
  asOf: '2026-11',
  cloudFront: { request: 1.0e-6, outGb: 0.085, toOriginGb: 0.02 },
  httpApi: { request: 1.0e-6 },
  /** arm64. */
  lambda: { request: 0.2e-6, gbSecond: 13.3334e-6 },
  dynamo: { writeUnit: 0.625e-6, readUnit: 0.125e-6, storedGbMonth: 0.25, restorableGbMonth: 0.2 },
  cloudWatch: { alarmMetricMonth: 0.1, freeAlarmMetrics: 10, metricMonth: 0.3, freeMetrics: 10, logGb: 0.5 },
  s3: { put: 5.0e-6, storedGbMonth: 0.023 },
  /** The plan an account that is new since July 2026 begins on; one that has sent before pays 0.1e-3. */
  ses: { letter: 0.16e-3 },
} as const;
