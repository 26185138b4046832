import type { Deps } from '#shared/usecases/deps.ts';
import { writeReport } from '#shared/usecases/write-report.ts';

type Log = { info(line: string): void; error(line: string): void };

/** Writes the report of every experiment that has visitors. One that fails is told of and does not keep the others waiting. */
export const scheduledReports =
  (deps: Deps, log: Log) => async (): Promise<{ written: string[]; failed: string[] }> => {
    const written: string[] = [];
    const failed: string[] = [];
    for (const { id, status } of await deps.experiments.list()) {
      if (status === 'draft') continue;
      try {
        const { verdict, drift } = await writeReport(deps, id);
        log.info(JSON.stringify({ level: 'INFO', verdict: verdict.kind, ...driftMetric(id, drift, deps.clock()) }));
        written.push(id);
      } catch (error) {
        log.error(JSON.stringify({ level: 'ERROR', experiment: id, message: String(error) }));
        failed.push(id);
      }
    }
    return { written, failed };
  };

/** The drift in CloudWatch's embedded metric format: one log line is the metric, and costs no call. */
const driftMetric = (experiment: string, drift: number, timestamp: number) => ({
  _aws: {
    Timestamp: timestamp,
    CloudWatchMetrics: [
      { Namespace: 'Stepladder', Dimensions: [['experiment'], []], Metrics: [{ Name: 'Drift', Unit: 'Count' }] },
    ],
  },
  experiment,
  Drift: drift,
});
