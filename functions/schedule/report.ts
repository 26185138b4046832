import type { Channels } from '#shared/deliver/ports.ts';
import { currentEpoch } from '#shared/experiment/experiment.ts';
import { deliverReport } from '#shared/usecases/deliver-report.ts';
import type { Deps } from '#shared/usecases/deps.ts';
import { reallocate } from '#shared/usecases/reallocate.ts';
import { concludeByVerdict } from '#shared/usecases/ship-variant.ts';
import { stopByGuardrail } from '#shared/usecases/stop-by-guardrail.ts';
import { writeReport } from '#shared/usecases/write-report.ts';

type Log = { info(line: string): void; error(line: string): void };
/** Nothing is sent without channels; reports are kept either way. */
type Outside = { readonly channels?: Channels; readonly wait?: (ms: number) => Promise<void> };

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/**
 * Writes the report of every experiment that has visitors, keeps it, and only then sends it to whoever it is due to. One that
 * fails is told of and does not keep the others waiting.
 */
export const scheduledReports =
  (deps: Deps, log: Log, { channels, wait = sleep }: Outside = {}) =>
  async (): Promise<{ written: string[]; failed: string[] }> => {
    const written: string[] = [];
    const failed: string[] = [];
    for (const experiment of await deps.experiments.list()) {
      const { id, status } = experiment;
      if (status === 'draft') continue;
      try {
        const { report, html } = await writeReport(deps, id);
        const { verdict, drift } = report;
        // Before anything is sent: a harm does not wait for a slow webhook.
        const stopped = await stopByGuardrail(deps, report);
        if (stopped)
          log.info(JSON.stringify({ level: 'INFO', experiment: id, stoppedByGuardrail: stopped.guardrailStops }));
        log.info(JSON.stringify({ level: 'INFO', verdict: verdict.kind, ...driftMetric(id, drift, deps.clock()) }));
        written.push(id);
        const deliveries = channels ? await deliverReport({ ...deps, channels, wait }, experiment, report, html) : [];
        for (const { channel, to, failed: failure } of deliveries)
          if (failure)
            log.error(
              JSON.stringify({
                level: 'ERROR',
                experiment: id,
                channel,
                to: masked(to),
                message: failure.error,
                attempts: failure.attempts,
              }),
            );
        const concluded = await concludeByVerdict(deps, experiment, report);
        if (concluded) log.info(JSON.stringify({ level: 'INFO', experiment: id, concluded: concluded.shipped }));
        const moved = concluded || stopped ? undefined : await reallocate(deps, report);
        if (moved) log.info(JSON.stringify({ level: 'INFO', experiment: id, epoch: currentEpoch(moved) }));
      } catch (error) {
        log.error(JSON.stringify({ level: 'ERROR', experiment: id, message: String(error) }));
        failed.push(id);
      }
    }
    return { written, failed };
  };

/** Addresses of people and secrets in a webhook's path stay out of logs. */
const masked = (to: string): string =>
  to.startsWith('https:') ? new URL(to).host : to.includes('@') ? `…${to.slice(to.lastIndexOf('@'))}` : to;

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
