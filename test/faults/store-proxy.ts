import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { murmur3 } from '#shared/assignment/murmur3.ts';

/**
 * What goes wrong between a function and its store.
 * - `slow`: it answers late. `throttled`, `failing`: it refuses, in DynamoDB's own words, and nothing was done.
 * - `reset`: the connection breaks before the store heard anything.
 * - `lost`: it was done, and the answer never came. `hung`: the same, and the connection stays open.
 */
export const FAULTS = ['slow', 'throttled', 'failing', 'reset', 'lost', 'hung'] as const;
export type Fault = (typeof FAULTS)[number];

/** One call of a store. `attempt` counts the same request from 0, as a client repeats it. */
export type StoreCall = { readonly operation: string; readonly body: string; readonly attempt: number };
/** `invalid`: the store says that what it was asked makes no sense, which is a fault of ours and nobody's weather. */
export type Weather = (call: StoreCall) => Fault | 'invalid' | undefined;
export const fair: Weather = () => undefined;
/** Nobody answers, whatever is asked. */
export const gone: Weather = () => 'reset';

/** So many faults of each kind in a hundred calls; which ones is a matter of the seed and of what is asked, not of the hour. */
export function storm(seed: number, inAHundred: Partial<Record<Fault, number>>): Weather {
  return ({ body, attempt }) => {
    let draw = (100 * murmur3(`${attempt}${body}`, seed)) / 2 ** 32;
    for (const fault of FAULTS) {
      draw -= inAHundred[fault] ?? 0;
      if (draw < 0) return fault;
    }
    return undefined;
  };
}

export type StoreProxy = {
  readonly endpoint: string;
  /** May be changed at any time. */
  weather: Weather;
  /** Hears of every call before the store does, and after. What it throws breaks the connection. */
  watch: (call: StoreCall, moment: 'before' | 'after') => void;
  readonly injected: ReadonlyMap<Fault, number>;
  readonly stop: () => Promise<void>;
};

const SLOW_MS = 40;
const REFUSALS = {
  throttled: [
    'com.amazonaws.dynamodb.v20120810#ThrottlingException',
    'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
  ],
  failing: ['com.amazonaws.dynamodb.v20120810#InternalServerError'],
  invalid: ['com.amazonaws.dynamodb.v20120810#ValidationException'],
} as const;

/** A DynamoDB in front of a DynamoDB, in which a test makes the weather. */
export async function storeProxy(upstream: () => string): Promise<StoreProxy> {
  const agent = new Agent({ keepAlive: true });
  const injected = new Map<Fault, number>();
  const attempts = new Map<string, number>();
  const server = createServer((asked, answer) => {
    void serve(asked, answer).catch(() => asked.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: StoreProxy = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    weather: fair,
    watch: () => {},
    injected,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      agent.destroy();
    },
  };
  return proxy;

  async function serve(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = await textOf(asked);
    const operation = String(asked.headers['x-amz-target']).split('.').at(-1) ?? '';
    const attempt = attempts.get(body) ?? 0;
    attempts.set(body, attempt + 1);
    const call = { operation, body, attempt };
    proxy.watch(call, 'before');
    const fault = proxy.weather(call);
    if (fault && fault !== 'invalid') injected.set(fault, (injected.get(fault) ?? 0) + 1);
    if (fault === 'reset') {
      asked.socket.destroy();
      return;
    }
    if (fault === 'throttled' || fault === 'failing' || fault === 'invalid') {
      const names = REFUSALS[fault];
      const text = JSON.stringify({ __type: names[attempt % names.length], message: 'made by the test' });
      answer.writeHead(fault === 'failing' ? 500 : 400, { 'content-type': 'application/x-amz-json-1.0' }).end(text);
      return;
    }
    if (fault === 'slow') await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    const done = await forwarded(asked, body);
    proxy.watch(call, 'after');
    if (fault === 'hung') return;
    if (fault === 'lost') {
      asked.socket.destroy();
      return;
    }
    answer.writeHead(done.status, done.headers).end(done.body);
  }

  function forwarded(asked: IncomingMessage, body: string) {
    return new Promise<{ status: number; headers: IncomingMessage['headers']; body: string }>((resolve, reject) => {
      request(`${upstream()}/`, { method: asked.method, headers: asked.headers, agent }, (answer) => {
        textOf(answer).then(
          (text) => resolve({ status: answer.statusCode ?? 500, headers: answer.headers, body: text }),
          reject,
        );
      })
        .once('error', reject)
        .end(body);
    });
  }
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
