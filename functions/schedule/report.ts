import { embeddedMetrics } from '#shared/contracts/cloudwatch.ts';
import { currentEpoch, type Experiment } from '#shared/experiment/experiment.ts';
import type { Report } from '#shared/report/report.ts';
import { concludeByVerdict } from '#shared/usecases/conclude-by-verdict.ts';
import { deliverReport } from '#shared/usecases/deliver-report.ts';
import type { Channels, Delivery } from '#shared/usecases/delivery.ts';
import type { Deps } from '#shared/usecases/deps.ts';
import type { ReportArchive } from '#shared/usecases/ports.ts';
import { reallocate } from '#shared/usecases/reallocate.ts';
import { stopByGuardrail } from '#shared/usecases/stop-by-guardrail.ts';
import { publishAsDefined } from '#shared/usecases/tell-edge.ts';
import { writeReport } from '#shared/usecases/write-report.ts';
import { failedDeliveries, sampleRatioMismatch } from './reported.ts';

type Log = { info(line: string): void; error(line: string): void };
type Outside = {
  /** Nothing is sent without channels; reports are kept either way. */
  readonly channels?: Channels;
  readonly archive?: ReportArchive | undefined;
  readonly wait?: (ms: number) => Promise<void>;
  /** Tells the metrics of stages in one account apart. */
  readonly stage?: string;
};

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/**
 * Writes the report of every experiment that has visitors, keeps it, and only then sends it to whoever it is due to. One that
 * fails is told of and does not keep the others waiting. `requestId` stands in every line, so that those of one run are found together.
 */
export const scheduledReports =
  (deps: Deps, log: Log, { channels, archive, wait = sleep, stage = 'local' }: Outside = {}) =>
  async (requestId = 'local'): Promise<{ written: string[]; failed: string[] }> => {
    const say = (level: 'INFO' | 'WARN' | 'ERROR', fields: object): void =>
      log[level === 'INFO' ? 'info' : 'error'](JSON.stringify({ level, requestId, ...fields }));

    const written: string[] = [];
    const failed: string[] = [];

    async function write(experiment: Experiment): Promise<void> {
      const { id } = experiment;
      const { report, html } = await writeReport(deps, id);
      written.push(id);
      // Before anything is sent: a harm does not wait for a slow webhook.
      const stopped = await stopByGuardrail(deps, report);
      if (stopped) say('INFO', { experiment: id, stoppedByGuardrail: stopped.guardrailStops });
      const { verdict, drift } = report;
      const metrics = { Drift: drift, SampleRatioMismatch: sampleRatioMismatch(report) };
      say('INFO', { experiment: id, verdict: verdict.kind, ...embeddedMetrics(stage, metrics, deps.clock()) });
      // The table has the report already; an archive that is away for a day must not keep anyone from reading it.
      await archive
        ?.put(report, html)
        .catch((error: unknown) => say('ERROR', { experiment: id, message: String(error) }));
      if (channels) sayDelivered(report, await deliverReport({ ...deps, channels, wait }, experiment, report, html));
      const concluded = await concludeByVerdict(deps, experiment, report);
      if (concluded) say('INFO', { experiment: id, concluded: concluded.shipped });
      const moved = concluded || stopped ? undefined : await reallocate(deps, report);
      if (moved) say('INFO', { experiment: id, epoch: currentEpoch(moved) });
      // A secret that was rotated, or a publication that failed, reaches the edge within the day.
      if (deps.edge && experiment.definition.edge) await publishAsDefined({ ...deps, edge: deps.edge }, id);
    }

    function sayDelivered(report: Report, deliveries: readonly Delivery[]): void {
      if (deliveries.length === 0) return;
      const experiment = report.experiment.id;
      for (const { channel, to, failed } of deliveries)
        if (failed) {
          const message = withoutAddresses(failed.error);
          say('WARN', { experiment, channel, to: masked(to), message, attempts: failed.attempts });
        }
      const FailedDeliveries = failedDeliveries(deliveries, report, deps.clock());
      say('INFO', { experiment, ...embeddedMetrics(stage, { FailedDeliveries }, deps.clock()) });
    }

    for (const experiment of await deps.experiments.list()) {
      if (experiment.status === 'draft') continue;
      try {
        await write(experiment);
      } catch (error) {
        say('ERROR', { experiment: experiment.id, message: String(error) });
        failed.push(experiment.id);
      }
    }
    return { written, failed };
  };

/** Addresses of people and secrets in a webhook's path stay out of logs. */
const masked = (to: string): string =>
  to.startsWith('https:') ? new URL(to).host : to.includes('@') ? `…${to.slice(to.lastIndexOf('@'))}` : to;

/** SES names who a letter was for when it refuses it. */
const withoutAddresses = (text: string): string => text.replace(/[^\s@<>,;:"']+@[^\s@<>,;:"']+/g, '…@…');
