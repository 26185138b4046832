import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redirect } from '#functions/api/redirect.ts';
import { siteApi } from '#functions/api/site.ts';
import type { HttpHandler } from '#shared/http/endpoint.ts';
import type { Journey } from '#shared/journey/journey.ts';
import type { Journeys, Recorded } from '#shared/usecases/ports.ts';
import { boundedJourneys, tellOfOverload } from '../../local/stand-ins/bounded-journeys.ts';
import { type Asked, requestEvent } from '../faults/lab.ts';
import { withAddresses } from '../faults/store-trouble.ts';
import { aJourney } from '../support/an-experiment.ts';
import { openPlatform, type Platform } from '../support/platform.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await openPlatform();
});
afterAll(() => platform?.stop());

/** A store in which every write waits until the test lets it go. */
function waiting() {
  const going: (() => void)[] = [];
  const write = (after: Journey) =>
    new Promise<Recorded>((resolve) => going.push(() => resolve({ before: undefined, after })));
  const journeys = { record: write, recordKnown: write, find: async () => undefined } as unknown as Journeys;
  return { journeys, letOneGo: () => going.shift()?.() };
}

describe('bounded journeys', () => {
  it('turn away at once what comes while as many writes are under way as there may be, and no more', async () => {
    const { journeys, letOneGo } = waiting();
    let turnedAway = 0;
    const bounded = boundedJourneys(journeys, () => (turnedAway += 1), 2);
    const first = [bounded.record(aJourney()), bounded.recordKnown(aJourney())];
    await expect(bounded.record(aJourney())).rejects.toMatchObject({ code: 'store.busy', retryAfterSeconds: 1 });
    await expect(bounded.find('e', 'v')).rejects.toMatchObject({ code: 'store.busy' });
    expect(turnedAway).toBe(2);
    letOneGo();
    await first[0];
    expect(await bounded.find('e', 'v')).toBeUndefined();
    letOneGo();
    await first[1];
  });

  it('free the place of a write that failed', async () => {
    const failing = { record: async () => Promise.reject(new Error('down')) } as unknown as Journeys;
    const bounded = boundedJourneys(failing, () => {}, 1);
    for (let i = 0; i < 3; i++) await expect(bounded.record(aJourney())).rejects.toThrow('down');
  });

  it('send visitors on to the control, uncounted, and ask whoever tells events to come again', async () => {
    await platform.deps.secrets.prepare();
    const { id } = await platform.put(withAddresses('overload'));
    const deps = { ...platform.deps, journeys: boundedJourneys(platform.deps.journeys, () => {}, 0) };
    const ask = (handler: HttpHandler, path: string, asked?: Asked) =>
      handler(requestEvent(path, '', asked), {} as Context);
    const click = await ask(
      redirect(deps, () => {}),
      `/go/${id}`,
      { method: 'GET' },
    );
    expect(click).toMatchObject({ statusCode: 302, cookies: [] });
    expect(click.headers?.location).toMatch(/^https:\/\/shop\.example\/buy\?stepladder_token=WzIs/);
    const events = [{ experiment: id, visitor: 'v', step: 'buy' }];
    const told = await ask(
      siteApi(deps, () => {}, { access: 'open' }),
      '/v1/events',
      { body: { events } },
    );
    expect(told).toMatchObject({ statusCode: 503, headers: { 'retry-after': '1' } });
  });

  it('are told of once, and then no more than every ten seconds, with what came together meanwhile', () => {
    const lines: string[] = [];
    let now = 0;
    const turnedAway = tellOfOverload(
      (line) => lines.push(line),
      () => now,
    );
    for (; now < 25_000; now += 1_000) turnedAway();
    expect(lines).toEqual([
      'More comes in than the store takes: 1 write was turned away.',
      'More comes in than the store takes: 10 writes were turned away.',
      'More comes in than the store takes: 10 writes were turned away.',
    ]);
  });
});
