import type { Ask } from './lab.ts';

/** One thing a visitor did, as it is sent: a step, or a commitment with the id that it counts once by. */
export type SentEvent = {
  readonly experiment: string;
  readonly visitor: string;
  readonly type?: 'commitment';
  readonly step?: string;
  readonly activity?: string;
  readonly eventId?: string;
  readonly at?: number;
  readonly value?: number;
};
type Answer = { readonly status: string; readonly code?: string; readonly clamped?: boolean };

/** What was told about one event in the end, and how often it had to be asked. */
export type Told = { readonly event: SentEvent; readonly answer: Answer };
/** What callers heard: the last word on every event, and how often they were put off. */
export type Heard = {
  readonly told: Told[];
  requests: number;
  /** Events answered `failed` beside others that were not. */
  failed: number;
  /** Requests that were refused for now as a whole. */
  busy: number;
  /** Requests whose answer never came. */
  unanswered: number;
};
export const nothingHeard = (): Heard => ({ told: [], requests: 0, failed: 0, busy: 0, unanswered: 0 });

type How = { readonly batch: number; readonly callers: number; readonly pauseMs?: number };
const PATIENCE = 60;

/** Sends events in batches, as servers and browsers do: what failed or went unanswered is sent again until it was answered for. */
export async function tell(ask: Ask, events: readonly SentEvent[], how: How, heard = nothingHeard()): Promise<Heard> {
  const batches = Array.from({ length: Math.ceil(events.length / how.batch) }, (_, i) =>
    events.slice(i * how.batch, (i + 1) * how.batch),
  ).values();
  const caller = async () => {
    for (const batch of batches) await untilSettled(ask, batch, how.pauseMs ?? 20, heard);
  };
  await Promise.all(Array.from({ length: how.callers }, caller));
  return heard;
}

async function untilSettled(ask: Ask, batch: readonly SentEvent[], pauseMs: number, heard: Heard): Promise<void> {
  let waiting = batch;
  for (let round = 0; waiting.length > 0; round++) {
    if (round > PATIENCE) throw new Error(`nobody answers for ${JSON.stringify(waiting[0])}`);
    if (round > 0) await pause(pauseMs);
    heard.requests += 1;
    const reply = await ask('/v1/events', { body: { events: waiting } }).catch(() => undefined);
    if (reply === undefined) heard.unanswered += 1;
    else if (reply.statusCode === 503) {
      if (!(Number(reply.headers?.['retry-after']) >= 1)) throw new Error('a 503 that does not say when to come again');
      heard.busy += 1;
    } else if (reply.statusCode === 200) {
      const { answers } = JSON.parse(reply.body ?? '') as { answers: Answer[] };
      const settled = (_: SentEvent, i: number) => answers[i]?.status !== 'failed';
      waiting.forEach((event, i) => {
        if (settled(event, i)) heard.told.push({ event, answer: answers[i] ?? { status: 'none' } });
      });
      const failed = waiting.filter((event, i) => !settled(event, i));
      heard.failed += failed.length;
      waiting = failed;
    } else throw new Error(`the events were answered ${reply.statusCode}: ${reply.body}`);
  }
}

export type Entered = { readonly visitor: string; readonly variant: string };

/** Assigns visitors through the site API, as often as it takes. */
export async function enter(
  ask: Ask,
  experiment: string,
  visitors: readonly string[],
  heard: Heard,
): Promise<Entered[]> {
  return Promise.all(
    visitors.map(async (visitor) => {
      for (let round = 0; round <= PATIENCE; round++) {
        heard.requests += 1;
        const reply = await ask('/v1/assign', { body: { experiment, visitor } }).catch(() => undefined);
        if (reply?.statusCode === 200) return { visitor, variant: JSON.parse(reply.body ?? '').variant as string };
        if (reply === undefined) heard.unanswered += 1;
        else if (reply.statusCode === 503) heard.busy += 1;
        else throw new Error(`an assignment was answered ${reply.statusCode}: ${reply.body}`);
        await pause(20);
      }
      throw new Error(`nobody assigns ${visitor}`);
    }),
  );
}

/** Clicks of visitors nobody has seen before. `uncounted` are those who were shown the control because the store did not answer. */
export async function click(ask: Ask, experiment: string, clicks: number) {
  const came = await Promise.all(
    Array.from({ length: clicks }, async () => {
      const { statusCode, headers } = await ask(`/go/${experiment}?gclid=1`, { method: 'GET' });
      if (statusCode !== 302) throw new Error(`a visitor was answered ${statusCode}`);
      const token = new URL(String(headers?.location)).searchParams.get('stepladder_token') ?? '';
      const [kind, , visitor, variant] = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
      return { counted: kind === 0, visitor: visitor as string, variant: variant as string };
    }),
  );
  return { counted: came.filter(({ counted }) => counted), uncounted: came.filter(({ counted }) => !counted) };
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
