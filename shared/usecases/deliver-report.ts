import type { Channel, Channels, Deliveries, Delivery } from '../deliver/ports.ts';
import { webhookSecret } from '../deliver/sign-webhook.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { Reporting } from '../experiment/reporting.ts';
import { reportMail, slackMessage } from '../report/mail.ts';
import type { Report } from '../report/report.ts';
import type { Clock, Secrets } from './ports.ts';

const DAY_MS = 86_400_000;
/** A daily schedule is never exact; what is a few hours short of its day or week is not put off to the next run. */
const SLACK_MS = 6 * 3_600_000;
const EVERY_MS = { day: DAY_MS - SLACK_MS, week: 7 * DAY_MS - SLACK_MS, never: Infinity } as const;
/** Tries within one run, with a growing wait between them; what still fails is tried again by the next run. */
const WAITS_MS = [1_000, 5_000] as const;

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

/** Nothing goes out before the policy's minimum is there; a result that cannot be trusted does at once. */
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
  if (sent === undefined) return reporting.every !== 'never' || reporting.onVerdictChange;
  if (reporting.onVerdictChange && sent.verdict !== verdictKey(report)) return true;
  // A concluded experiment changes no more: its last word is sent once.
  if (experiment.concludedAt !== undefined && sent.writtenAt >= experiment.concludedAt) return false;
  return now - sent.at >= EVERY_MS[reporting.every];
}

async function deliver(deps: Deps, delivery: Delivery, report: Report, page: string): Promise<Delivery> {
  const { experiment, channel, to } = delivery;
  const outcome = await attempts(deps, () => send(deps, delivery, report, page));
  const at = deps.clock();
  const after: Delivery = outcome
    ? {
        ...delivery,
        failed: {
          since: delivery.failed?.since ?? at,
          at,
          attempts: (delivery.failed?.attempts ?? 0) + WAITS_MS.length + 1,
          error: outcome.message.slice(0, 500),
        },
      }
    : { experiment, channel, to, sent: { at, verdict: verdictKey(report), writtenAt: report.writtenAt } };
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
