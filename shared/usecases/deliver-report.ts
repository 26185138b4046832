import type { Experiment } from '../experiment/experiment.ts';
import type { Reporting } from '../experiment/reporting.ts';
import { DAY_MS, HOUR_MS } from '../experiment/time.ts';
import { reportMail, slackMessage } from '../report/mail.ts';
import { verdictLabel } from '../report/next-steps.ts';
import type { Report } from '../report/report.ts';
import { webhookSecret } from '../token/sign-webhook.ts';
import type { VerdictKind } from '../verdict/verdict.ts';
import type { Channel, Channels, Deliveries, Delivery } from './delivery.ts';
import type { Clock, Secrets } from './ports.ts';

/** A daily schedule is never exact; what is a few hours short of its day or week is not put off to the next run. */
const SLACK_MS = 6 * HOUR_MS;
const EVERY_MS = { day: DAY_MS - SLACK_MS, week: 7 * DAY_MS - SLACK_MS, never: Infinity } as const;
/** Outcomes that are kept of a destination: about three weeks of daily reports. */
const RECENT = 20;
/** Tries within one run, with a growing wait between them; what still fails is tried again by the next run. */
const WAITS_MS = [1_000, 5_000] as const;

const ALARMS: ReadonlySet<VerdictKind> = new Set(['stopped-by-guardrail', 'invalid']);

type Deps = {
  readonly deliveries: Deliveries;
  readonly secrets: Pick<Secrets, 'recipientSecret'>;
  readonly channels: Channels;
  readonly clock: Clock;
  readonly wait: (ms: number) => Promise<void>;
};

/**
 * Sends a report that is already stored to wherever it is due. A destination that fails keeps its failure and is tried again
 * with every later report; it never holds up another destination, and never the report.
 */
export async function deliverReport(
  deps: Deps,
  experiment: Experiment,
  report: Report,
  page: string,
): Promise<Delivery[]> {
  const { reporting } = experiment.definition;
  if (reporting === undefined) return [];
  const known = await deps.deliveries.list(experiment.id);
  const now = deps.clock();
  const due = destinationsOf(reporting)
    .map(
      ({ channel, to }) =>
        known.find((each) => each.channel === channel && each.to === to) ?? { experiment: experiment.id, channel, to },
    )
    .filter((delivery) => isDue(delivery, reporting, experiment, report, now));
  return Promise.all(due.map((delivery) => deliver(deps, delivery, report, page)));
}

const destinationsOf = ({ email, webhook, topic }: Reporting): readonly { channel: Channel; to: string }[] => [
  ...email.map((to) => ({ channel: 'email' as const, to })),
  ...(webhook ? [{ channel: 'webhook' as const, to: webhook }] : []),
  ...(topic ? [{ channel: 'topic' as const, to: topic }] : []),
];

/**
 * Nothing goes out before the policy's minimum is there. Two things are no result and do not wait, whatever else was asked for: a
 * guardrail that was hit and a count that cannot be trusted. Both hurt more every hour nobody knows.
 */
export function isDue(
  delivery: Delivery,
  reporting: Reporting,
  experiment: Pick<Experiment, 'concludedAt'>,
  report: Report,
  now: number,
): boolean {
  if (report.verdict.kind === 'collecting') return false;
  if (delivery.failed) return true;
  const { sent } = delivery;
  if (ALARMS.has(report.verdict.kind) && sent?.verdict !== verdictKey(report)) return true;
  if (sent === undefined) return reporting.every !== 'never' || reporting.onVerdictChange;
  if (reporting.onVerdictChange && sent.verdict !== verdictKey(report)) return true;
  // A concluded experiment changes no more: its last word is sent once.
  if (experiment.concludedAt !== undefined && sent.writtenAt >= experiment.concludedAt) return false;
  return now - sent.at >= EVERY_MS[reporting.every];
}

async function deliver(deps: Deps, delivery: Delivery, report: Report, page: string): Promise<Delivery> {
  const { experiment, channel, to } = delivery;
  const failure = await attempts(deps, () => send(deps, delivery, report, page));
  const error = failure?.message.slice(0, 500);
  const at = deps.clock();
  const { writtenAt } = report;
  const outcome = { at, writtenAt, label: verdictLabel(report), ...(error !== undefined && { error }) };
  const recent = [outcome, ...(delivery.recent ?? [])].slice(0, RECENT);
  const after: Delivery =
    error === undefined
      ? { experiment, channel, to, recent, sent: { at, verdict: verdictKey(report), writtenAt } }
      : {
          ...delivery,
          recent,
          failed: {
            since: delivery.failed?.since ?? at,
            at,
            attempts: (delivery.failed?.attempts ?? 0) + WAITS_MS.length + 1,
            error,
          },
        };
  await deps.deliveries.put(after);
  return after;
}

/** The last error, when no attempt went through. */
async function attempts({ wait }: Deps, run: () => Promise<void>): Promise<Error | undefined> {
  let failure: Error | undefined;
  for (const ms of [0, ...WAITS_MS]) {
    if (ms > 0) await wait(ms);
    failure = await run().then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
    );
    if (failure === undefined) return undefined;
  }
  return failure;
}

async function send(
  { channels, secrets }: Deps,
  { experiment, channel, to }: Delivery,
  report: Report,
  page: string,
): Promise<void> {
  const mail = reportMail(report);
  switch (channel) {
    case 'email':
      // One letter for each address: nobody learns who else reads it, and one bad address spoils no other.
      return channels.mailer({ ...mail, to: [to], attachment: { filename: `${experiment}.html`, html: page } });
    case 'webhook':
      return channels.webhook({
        url: to,
        body: JSON.stringify(slackMessage(report)),
        secret: webhookSecret(await secrets.recipientSecret(), experiment),
      });
    case 'topic':
      return channels.topic({ topic: to, subject: mail.subject, text: mail.text });
  }
}

const verdictKey = ({ verdict }: Report): string => `${verdict.kind}:${verdict.variant ?? ''}`;
