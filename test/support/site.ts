import type { AddressInfo } from 'node:net';
import { adminApi } from '#functions/api/admin.ts';
import { redirect } from '#functions/api/redirect.ts';
import { siteApi } from '#functions/api/site.ts';
import { tallyStream } from '#functions/stream/tally.ts';
import { sequenceOf } from '#shared/usecases/sequence-of.ts';
import { httpServer } from '../../local/stand-ins/http-server.ts';
import { pollStream } from '../../local/stand-ins/stream-poller.ts';
import type { DefinitionInput } from './an-experiment.ts';
import { definitionInput } from './an-experiment.ts';
import { openPlatform, type Platform } from './platform.ts';

export const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

type Asked = {
  readonly body?: unknown;
  /** Sent as it stands. */
  readonly raw?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
};
export type Answered = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  // biome-ignore lint/suspicious/noExplicitAny: each test says itself what it expects here
  readonly json: any;
};

/** The functions on a port, as a browser and a person at a terminal meet them, on the real stores. */
export type Site = Platform & {
  readonly ask: (method: string, path: string, asked?: Asked) => Promise<Answered>;
  /** What the functions reported as bugs. */
  readonly bugs: unknown[];
  /** Creates an experiment through the API and starts it. */
  readonly started: (definition: Partial<DefinitionInput> & { id: string }) => Promise<void>;
  /** Resolves when the live tallies have taken in all that was recorded. */
  readonly counted: () => Promise<void>;
};

export async function openSite(): Promise<Site> {
  const platform = await openPlatform();
  const bugs: unknown[] = [];
  const report = (error: unknown) => bugs.push(error);
  const { deps, engine } = platform;
  const server = httpServer({
    redirect: redirect(deps, report),
    site: siteApi(deps, report, { access: 'open' }),
    admin: adminApi(deps, report),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const tally = tallyStream({ tallies: deps.tallies, sequenceOf: sequenceOf(deps.experiments) });
  const stream = await pollStream(engine.client, engine.endpoint, 'journeys', tally, report);

  const ask: Site['ask'] = async (method, path, { body, raw, headers = {} } = {}) => {
    const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const answer = await fetch(origin + path, {
      method,
      redirect: 'manual',
      headers: { 'user-agent': BROWSER, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(payload !== undefined && { body: payload }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      body: text,
      get json() {
        return JSON.parse(text);
      },
    };
  };
  return {
    ...platform,
    ask,
    bugs,
    started: async (definition) => {
      for (const [path, body] of [
        ['', definitionInput(definition)],
        [`/${definition.id}/start`, {}],
      ] as const) {
        const { status, body: why } = await ask('POST', `/v1/experiments${path}`, { body });
        if (status >= 400) throw new Error(why);
      }
    },
    counted: stream.caughtUp,
    stop: async () => {
      await stream.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await platform.stop();
    },
  };
}
