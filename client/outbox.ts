/// <reference lib="dom" />
import { EVENT, forget, names, put, read } from './memory.ts';
import { ask, settings } from './request.ts';

// Events wait here until the server answered for them: through lost connections, reloads and other tabs. One may be sent
// twice, by a page that is left and by the next one; the server counts it once.

/** 0 while none is set. */
let timer: ReturnType<typeof setTimeout> | 0 = 0;
/** 0 while all is well; then 1, 3, 7 and so on to 511. */
export let trouble = 0;

type Reply = { readonly answers: readonly { readonly status: string }[] };

/** Joined by hand: some pages have taught their arrays a `toJSON`, which would be asked. */
export const bodyOf = (events: readonly string[]) =>
  `{${settings.key ? `"key":"${settings.key}",` : ''}"events":[${events.map(read)}]}`;

/** Sends what waits, and resolves when the server has answered or cannot be reached. */
export const send = async (): Promise<void> => {
  timer = 0;
  try {
    const events = names(EVENT);
    const reply =
      events[0] &&
      (await ask<Reply>('/v1/events', bodyOf(events)).catch((refusal: Partial<Response>) => {
        // Trying again mends a lost connection, a busy server and our own haste, and no other refusal.
        if (!/^4(?!08|29)/.test(refusal.status as never)) throw refusal.headers?.get('retry-after');
      }));
    // The server may have taken some and failed with others; those are sent again.
    forget(events.filter((_, i) => (reply as Reply | undefined)?.answers[i]?.status !== 'failed'));
    if (events.some(read)) throw 0;
    trouble = 0;
  } catch (retryAfterSeconds) {
    trouble = (trouble * 2 + 1) & 511;
    clearTimeout(timer);
    // Up to a second, up to eight minutes in the end, and no two browsers at once; after what the server asked for.
    timer = setTimeout(send, ((retryAfterSeconds as number) * 1000 || 0) + Math.random() * trouble * 1000);
  }
};

export const add = (event: object): void => {
  // The time first, so that the names sort from old to new.
  put(EVENT + Date.now() + Math.random(), JSON.stringify({ at: Date.now(), ...event }));
  const events = names(EVENT);
  while (events[100] || bodyOf(events).length > 21_000) forget([events.shift() as string]);
  // A quarter of a second takes several events in one request, and is so short that a crash hardly loses one.
  timer ||= setTimeout(send, 250);
};
