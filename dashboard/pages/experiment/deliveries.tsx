/// <reference lib="dom" />

import type { Report } from '#shared/report/report.ts';
import type { Outcome } from '#shared/usecases/delivery.ts';
import { listed, plural } from '#shared/verdict/words.ts';
import { api, type Delivery, type Experiment } from '../../api.ts';
import { useLoaded } from '../../load.ts';
import { Copy } from '../../parts/copy.tsx';
import { Failed, Loading } from '../../parts/states.tsx';
import { address } from '../../route.ts';
import { linksAreOpen } from '../../session/session.ts';
import { moment } from '../../words.ts';

/** Where reports go, what went there, and what did not. */
export function DeliveriesTab({ experiment, report }: { experiment: Experiment; report: Report | undefined }) {
  const { id, definition, status } = experiment;
  const { reporting } = definition;
  const [state, again] = useLoaded(`deliveries ${id}`, () => api.deliveries(id));
  const destinations = [
    ...(reporting?.email ?? []).map((to) => ({ channel: 'email' as const, to })),
    ...(reporting?.webhook ? [{ channel: 'webhook' as const, to: reporting.webhook }] : []),
    ...(reporting?.topic ? [{ channel: 'topic' as const, to: reporting.topic }] : []),
  ];
  const known = state.kind === 'here' ? state.value.deliveries : [];
  const former = known.filter(
    ({ channel, to }) => !destinations.some((each) => each.channel === channel && each.to === to),
  );
  const secret = state.kind === 'here' ? state.value.webhookSecret : undefined;
  return (
    <>
      <section class="first" aria-labelledby="when">
        <h2 id="when">When</h2>
        {destinations.length === 0 ? (
          <p>
            Reports of this experiment go to nobody.
            {status !== 'concluded' && (
              <>
                {' '}
                <a href={address.edit(id)}>Give it a place to report to</a>, such as an e-mail address or a Slack
                webhook.
              </>
            )}
          </p>
        ) : (
          <p>
            {schedule(reporting?.every, reporting?.onVerdictChange)}{' '}
            {report?.verdict.kind === 'collecting'
              ? 'Nothing yet: there is too little to judge.'
              : 'A guardrail that is hit, or a count that cannot be trusted, is told with the next run whatever stands here.'}
          </p>
        )}
        {linksAreOpen() && destinations.length > 0 && (
          <p class="hint">
            On one machine nothing leaves it: <a href="/mailbox">the mailbox</a> shows what would have been sent.
          </p>
        )}
        {reporting?.autoConclude && (
          <p>When there is a winner, the experiment concludes by itself and everyone gets that variant.</p>
        )}
      </section>
      {state.kind === 'loading' && <Loading what="the deliveries" rows={3} />}
      {state.kind === 'failed' && <Failed message={state.message} again={again} />}
      {state.kind === 'here' && destinations.length > 0 && (
        <section aria-labelledby="where">
          <h2 id="where">Where</h2>
          {destinations.map(({ channel, to }) => (
            <Destination
              key={`${channel} ${to}`}
              experiment={id}
              channel={channel}
              to={to}
              delivery={known.find((each) => each.channel === channel && each.to === to)}
            />
          ))}
        </section>
      )}
      {secret && (
        <section aria-labelledby="secret">
          <h2 id="secret">The webhook’s secret</h2>
          <p class="hint">
            Every request to the webhook is signed with it, in the header <code>stepladder-signature</code>. It is this
            experiment’s alone.
          </p>
          <details>
            <summary>Show it</summary>
            <Copy label="The secret webhooks are signed with" text={secret} />
          </details>
        </section>
      )}
      {former.length > 0 && (
        <section aria-labelledby="former">
          <h2 id="former">No longer asked for</h2>
          {former.map((delivery) => (
            <Destination key={`${delivery.channel} ${delivery.to}`} {...delivery} delivery={delivery} />
          ))}
        </section>
      )}
    </>
  );
}

const OFTEN = { day: 'once a day', week: 'once a week', never: undefined } as const;

function schedule(every: keyof typeof OFTEN = 'week', onVerdictChange = true): string {
  const times = [OFTEN[every], onVerdictChange ? 'when the verdict changes' : undefined].filter(
    (each) => each !== undefined,
  );
  return times.length === 0 ? 'Only alarms are sent.' : `Sent ${listed(times)}, and never before the policy’s minimum.`;
}

const CHANNELS = { email: 'e-mail', webhook: 'webhook', topic: 'SNS topic' } as const;

type DestinationProps = Pick<Delivery, 'channel' | 'to' | 'experiment'> & { readonly delivery: Delivery | undefined };

/** As many outcomes as one looks at; the earlier ones are folded away. */
const FIRST = 5;

const Outcomes = ({ experiment, outcomes }: { experiment: string; outcomes: readonly Outcome[] }) => (
  <ol class="outcomes">
    {outcomes.map(({ at, writtenAt, label, error }) => (
      <li key={at} class={error === undefined ? '' : 'problem'}>
        <time dateTime={new Date(at).toISOString()}>{moment(at)}</time>
        <a href={address.report(experiment, writtenAt)}>{label}</a>
        <span>{error === undefined ? 'sent' : 'not sent'}</span>
      </li>
    ))}
  </ol>
);

function Destination({ channel, to, experiment, delivery }: DestinationProps) {
  const { failed, sent, recent } = delivery ?? {};
  return (
    <div class={failed ? 'destination failing' : 'destination'}>
      <p class="destination-name">
        <b>{to}</b> <span class="tag">{CHANNELS[channel]}</span>
      </p>
      {failed && (
        <p class="problem">
          It has not been reached since {moment(failed.since)}, in {plural(failed.attempts, 'try', 'tries')}:{' '}
          {failed.error}. It is tried again with every report.
        </p>
      )}
      {!sent && !failed && <p class="hint">Nothing has been due here yet.</p>}
      {recent ? (
        <>
          <Outcomes experiment={experiment} outcomes={recent.slice(0, FIRST)} />
          {recent.length > FIRST && (
            <details>
              <summary>{plural(recent.length - FIRST, 'earlier one')}</summary>
              <Outcomes experiment={experiment} outcomes={recent.slice(FIRST)} />
            </details>
          )}
        </>
      ) : (
        sent && (
          <p class="hint">
            Last sent {moment(sent.at)}: <a href={address.report(experiment, sent.writtenAt)}>the report</a>
          </p>
        )
      )}
    </div>
  );
}
