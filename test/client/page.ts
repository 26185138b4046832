import { createContext, runInContext } from 'node:vm';
import type { Ladder, Options } from '../../client/types.ts';

export type Sent = {
  readonly path: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly at: number;
};
type Reply = { readonly status: number; readonly retryAfter?: string; readonly text?: string };

export type Page = {
  readonly sent: readonly Sent[];
  readonly beacons: readonly Sent[];
  /** Everything that would have reached `window.onerror`. */
  readonly errors: readonly unknown[];
  readonly globals: Record<string, unknown>;
  readonly ladder: (options?: Options) => Ladder;
  /** Lets time pass, timer by timer. */
  readonly pass: (ms: number) => Promise<void>;
  readonly happen: (type: string) => void;
  readonly document: { hidden: boolean };
  readonly location: { href: string };
};

type Setting = {
  readonly url?: string;
  readonly storage?: Record<string, string>;
  readonly now?: number;
  /** What the server answers; 200 with no answers where absent. */
  readonly reply?: (sent: Sent, number: number) => Reply | Promise<Reply>;
  /** Globals that a hostile page or browser has made otherwise; undefined ones are missing. */
  readonly globals?: Record<string, unknown>;
  /** Script that ran in the page before ours. */
  readonly before?: string;
};

/** A page just large enough for the client, with a clock of its own, that runs a bundle as it was built. */
export function openPage(module: string, setting: Setting = {}): Page {
  let now = setting.now ?? Date.UTC(2026, 0, 15, 12);
  const sent: Sent[] = [];
  const beacons: Sent[] = [];
  const errors: unknown[] = [];
  const listeners: { readonly type: string; readonly work: (event: unknown) => void }[] = [];
  let timers: { readonly id: number; readonly at: number; readonly work: () => void }[] = [];
  let ids = 0;
  const guarded = (work: () => unknown) => {
    try {
      work();
    } catch (error) {
      errors.push(error);
    }
  };
  const document = { hidden: false, adoptedStyleSheets: [] as unknown[], currentScript: null };
  const location = { href: setting.url ?? 'https://shop.example/' };

  const globals: Record<string, unknown> = {
    document,
    location,
    localStorage: setting.storage ?? {},
    navigator: { sendBeacon: (path: string, body: string) => beacons.push({ path, body, headers: {}, at: now }) > 0 },
    history: { state: null, replaceState: (_: unknown, __: string, href: string) => (location.href = href) },
    crypto: globalThis.crypto,
    atob: globalThis.atob,
    TextEncoder: globalThis.TextEncoder,
    CSSStyleSheet: class {
      text = '';
      replaceSync(text: string) {
        this.text = text;
      }
    },
    addEventListener: (type: string, work: (event: unknown) => void) => listeners.push({ type, work }),
    setTimeout: (work: (value?: unknown) => void, ms: number, value?: unknown) => {
      timers.push({ id: ++ids, at: now + (ms || 0), work: () => work(value) });
      return ids;
    },
    clearTimeout: (id: number) => {
      timers = timers.filter((timer) => timer.id !== id);
    },
    fetch: async (path: string, init: { body?: string; headers?: Record<string, string> }) => {
      const request = { path, body: init.body ?? '', headers: init.headers ?? {}, at: now };
      sent.push(request);
      const {
        status,
        retryAfter = null,
        text = '{"answers":[]}',
      } = (await setting.reply?.(request, sent.length)) ?? {
        status: 200,
      };
      return {
        ok: status < 300,
        status,
        headers: { get: () => retryAfter },
        json: async () => JSON.parse(text),
      };
    },
  };
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(setting.globals ?? {})))
    if ('value' in property && property.value === undefined) delete globals[name];
    else Object.defineProperty(globals, name, property);
  const context = createContext(globals);
  Object.assign(globals, { nowOfPage: () => now });
  runInContext('Date.now = nowOfPage; globalThis.window = globalThis;', context);
  if (setting.before) runInContext(setting.before, context);
  const script = module.replace(/export\{(\w+) as stepladder\};?/, 'globalThis.stepladder=$1;');
  guarded(() => runInContext(`{${script}}`, context));

  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    sent,
    beacons,
    errors,
    globals,
    document,
    location,
    ladder: (options) => (globals.stepladder as (options?: Options) => Ladder)(options),
    happen: (type) => {
      for (const listener of listeners) if (listener.type === type) guarded(() => listener.work({ type }));
    },
    pass: async (ms) => {
      const until = now + ms;
      for (;;) {
        await settled();
        const [next] = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at || a.id - b.id);
        if (next === undefined) break;
        timers = timers.filter((timer) => timer !== next);
        now = Math.max(now, next.at);
        guarded(next.work);
      }
      now = until;
      await settled();
    },
  };
}

export const eventsOf = ({ body }: Sent): Record<string, unknown>[] => JSON.parse(body).events;
