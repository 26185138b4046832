import type { AddressInfo } from 'node:net';
import { adminApi } from '#functions/api/admin.ts';
import { redirect } from '#functions/api/redirect.ts';
import { siteApi } from '#functions/api/site.ts';
import { openApi } from '#shared/contracts/openapi.ts';
import { issueKey } from '#shared/usecases/api-keys.ts';
import type { Deps } from '#shared/usecases/deps.ts';
import type { ApiKey } from '#shared/usecases/ports.ts';
import { httpServer } from '../../local/stand-ins/http-server.ts';
import { anExperiment } from './an-experiment.ts';
import { openPlatform, type Platform } from './platform.ts';

type Asked = {
  readonly method?: string;
  readonly body?: unknown;
  /** Sent as it stands. */
  readonly raw?: string;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
};
export type Answered = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what came is what a test is about to find out
  readonly json: any;
};

export const SHOP = 'https://shop.example';

/** The functions on a port as they are on AWS: nobody gets in without a key. */
export type KeyedSite = Platform & {
  readonly origin: string;
  readonly bugs: unknown[];
  readonly ask: (path: string, asked?: Asked) => Promise<Answered>;
  /** Issues a key and gives back its text. Secret, for the project `main`, unless told otherwise. */
  readonly issue: (wishes?: Partial<ApiKey>) => Promise<string>;
  readonly started: (experiment: Parameters<typeof anExperiment>[0] & { readonly id: string }) => Promise<void>;
  /** A clock for rates, ms; moved by the test. */
  readonly elapsed: { now: number };
};

type Options = { readonly maxAgeMs?: number; readonly wrap?: (deps: Deps) => Deps };

export async function openKeyedSite({ maxAgeMs = 0, wrap = (deps) => deps }: Options = {}): Promise<KeyedSite> {
  const platform = await openPlatform(maxAgeMs);
  await platform.deps.secrets.prepare();
  const deps = wrap(platform.deps);
  const bugs: unknown[] = [];
  const report = (error: unknown) => bugs.push(error);
  const elapsed = { now: 0 };
  const server = httpServer({
    redirect: redirect(deps, report),
    site: siteApi(deps, report, { elapsed: () => elapsed.now }),
    admin: adminApi(deps, report, { openApi: () => JSON.stringify(openApi()) }),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...platform,
    deps,
    origin,
    bugs,
    elapsed,
    ask: async (path, { method = 'POST', body, raw, key, headers = {} } = {}) => {
      const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
      const answer = await fetch(origin + path, {
        method,
        redirect: 'manual',
        headers: { ...(key !== undefined && { authorization: `Bearer ${key}` }), ...headers },
        ...(payload !== undefined && { body: payload }),
      });
      const text = await answer.text();
      return {
        status: answer.status,
        headers: answer.headers,
        text,
        get json() {
          return JSON.parse(text);
        },
      };
    },
    issue: async (wishes = {}) => {
      const kind = wishes.kind ?? 'secret';
      const origins = kind === 'publishable' ? [SHOP] : [];
      const whole = { name: 'a key', projects: ['main'], origins, requestsPerSecond: 10_000, ...wishes, kind };
      return (await issueKey(platform.deps, whole, 'a test')).text;
    },
    started: async (experiment) => {
      await platform.put(anExperiment(experiment));
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await platform.stop();
    },
  };
}
