/** Where CloudWatch keeps what the platform says of itself. */
export const NAMESPACE = 'Stepladder';

/** What a report says: the functions write these, and the alarms of `infra/` read them. */
export type Metrics = Readonly<Partial<Record<'Drift' | 'SampleRatioMismatch' | 'FailedDeliveries', number>>>;

/**
 * Metrics in CloudWatch's embedded format: one log line is the metric, and costs no call. By stage alone: a metric of every experiment
 * would be paid for each, and the line names the experiment.
 */
export const embeddedMetrics = (stage: string, metrics: Metrics, timestamp: number) => ({
  _aws: {
    Timestamp: timestamp,
    CloudWatchMetrics: [
      {
        Namespace: NAMESPACE,
        Dimensions: [['stage']],
        Metrics: Object.keys(metrics).map((Name) => ({ Name, Unit: 'Count' })),
      },
    ],
  },
  stage,
  ...metrics,
});
