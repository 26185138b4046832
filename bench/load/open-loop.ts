import { Agent, request } from 'node:http';

export type Sent = { readonly method: 'GET' | 'POST'; readonly path: string; readonly body?: string };
/** `refused` asks to come again and says when; `failed` is anything that is neither an answer nor such a refusal. */
export type Outcome = 'counted' | 'uncounted' | 'recorded' | 'refused' | 'failed';
export type Measured = {
  readonly outcomes: Record<Outcome, number>;
  /** From the instant a request was due, ms; in the order of the answers. */
  readonly latencies: number[];
  /** The same, second by second since the beginning. */
  readonly seconds: number[][];
  /** What could not be told apart from silence, and how often. */
  readonly failures: Map<string, number>;
};

const CONNECTIONS = 512;
const TICK_MS = 2;
/** A request that is not answered in this time has failed. */
const PATIENCE_MS = 30_000;

/**
 * Sends requests at a rate, whatever becomes of those before: people do not wait with a click until others have been served.
 * Latency counts from the instant a request was due, so that a server that stands still is charged for everyone it kept waiting
 * (Gil Tene's "coordinated omission").
 */
export async function openLoop(port: number, perSecond: number, seconds: number, next: () => Sent): Promise<Measured> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const measured: Measured = {
    outcomes: { counted: 0, uncounted: 0, recorded: 0, refused: 0, failed: 0 },
    latencies: [],
    seconds: Array.from({ length: seconds }, () => []),
    failures: new Map(),
  };
  const began = performance.now();
  const total = Math.round(perSecond * seconds);
  let sent = 0;
  let done = 0;
  await new Promise<void>((resolve) => {
    const ticking = setInterval(() => {
      const due = Math.min(total, Math.floor(((performance.now() - began) / 1000) * perSecond) + 1);
      for (; sent < due; sent++) void one(began + (sent * 1000) / perSecond);
      if (sent === total) clearInterval(ticking);
    }, TICK_MS);
    async function one(dueAt: number): Promise<void> {
      const outcome = await ask(agent, port, next()).catch((error: Error) => {
        const name = (error as NodeJS.ErrnoException).code ?? error.message;
        measured.failures.set(name, (measured.failures.get(name) ?? 0) + 1);
        return 'failed' as const;
      });
      const latency = performance.now() - dueAt;
      measured.outcomes[outcome] += 1;
      measured.latencies.push(latency);
      measured.seconds[Math.floor((dueAt - began) / 1000)]?.push(latency);
      done += 1;
      if (done === total) resolve();
    }
  });
  agent.destroy();
  return measured;
}

function ask(agent: Agent, port: number, sent: Sent): Promise<Outcome> {
  const { method, path, body } = sent;
  return new Promise((resolve, reject) => {
    const headers = {
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0',
      ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    };
    const asked = request({ agent, port, host: '127.0.0.1', method, path, headers, timeout: PATIENCE_MS }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      answer.once('error', reject);
      answer.once('end', () => {
        const { statusCode = 0, headers: told } = answer;
        // A token begins with its kind: `[0,` is a visit that was counted.
        if (statusCode === 302) resolve(/stepladder_token=WzAs/.test(told.location ?? '') ? 'counted' : 'uncounted');
        else if (statusCode === 200 && !text.includes('"failed"')) resolve('recorded');
        else if ((statusCode === 503 || statusCode === 429) && Number(told['retry-after']) >= 1) resolve('refused');
        else reject(new Error(`HTTP ${statusCode}`));
      });
    });
    asked.once('timeout', () => asked.destroy(new Error('no answer')));
    // A connection that the server gave up while it was idle is no answer: whoever asks opens another, as browsers do.
    asked.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET' && asked.reusedSocket) ask(agent, port, sent).then(resolve, reject);
      else reject(error);
    });
    asked.end(body);
  });
}
