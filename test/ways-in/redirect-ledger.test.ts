import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '#shared/report/report.ts';
import { readReport } from '#shared/usecases/write-report.ts';
import { type Installation, openInstallation } from '../../local/installation/installation.ts';
import { at } from '../../local/installation/replay-clock.ts';
import { seeded } from '../../local/simulation/random.ts';
import { call, json, locationOf, start, tokenOf } from './ways-in.ts';

const START = Date.UTC(2026, 3, 1);
const DAY = 86_400_000;
const VISITORS = 900;

let installation: Installation;
let report: Report;

/** Clicks on an ad; nine in ten land and say so, except that `lossy` loses most of what its second page would have said. */
async function run(id: string, lossy: boolean): Promise<Report> {
  const random = seeded(7);
  await start(
    installation,
    {
      id,
      name: id,
      goal: 'buy',
      control: 'a',
      windowDays: 1,
      variants: ['a', 'b'].map((variant) => ({
        id: variant,
        name: variant,
        steps: [{ id: 'buy', name: 'buy', url: `https://shop.example/${variant}` }],
      })),
    },
    START,
  );
  for (let i = 0; i < VISITORS; i++) {
    const time = START + i * 1000;
    const reply = await call(installation.handlers.redirect, { path: `/go/${id}`, query: 'gclid=x', time });
    const isB = locationOf(reply).pathname === '/b';
    const arrives = random.uniform() < (lossy && isB ? 0.07 : 0.9);
    const token = tokenOf(reply);
    const body = {
      events: [
        ...(arrives ? [{ type: 'arrival', token }] : []),
        ...(random.uniform() < 0.2 ? [{ token, step: 'buy' }] : []),
      ],
    };
    if (body.events.length > 0)
      await call(installation.handlers.site, { method: 'POST', path: '/v1/events', body, time: time + 500 });
  }
  await installation.stream.caughtUp();
  return at(START + 9 * DAY, () => readReport(installation.deps, id));
}

beforeAll(async () => {
  installation = await openInstallation();
  report = await run('lossy', true);
});
afterAll(() => installation.stop());

const outcome = (of: Report, check: string) => of.verdict.reasons.find((reason) => reason.check === check)?.outcome;

describe('the redirect ledger', () => {
  it('keeps the denominators whole when the arrivals of one variant are lost', () => {
    expect(report.variants.reduce((sum, { assigned }) => sum + assigned, 0)).toBe(VISITORS);
    expect(report.variants.map(({ redirected }) => redirected)).toEqual(
      report.variants.map(({ assigned }) => assigned),
    );
    const [a, b] = report.variants;
    expect(Math.abs((a?.assigned ?? 0) - VISITORS / 2)).toBeLessThan(4 * Math.sqrt(VISITORS / 4));
    expect((b?.arrived ?? 0) / (b?.assigned ?? 1)).toBeLessThan(0.15);
  });

  it('says redirect-loss, and leaves the sample ratio of those assigned alone', () => {
    expect(outcome(report, 'redirect-loss')).toBe('failed');
    expect(outcome(report, 'sample-ratio')).toBe('passed');
    expect(report.verdict.kind).not.toBe('invalid');
  });

  it('stays quiet when both variants lose the same small share', async () => {
    const even = await run('even', false);
    expect(outcome(even, 'redirect-loss')).toBe('passed');
    expect(even.drift).toBe(0);
  });

  it('breaks a loop of a destination that leads back to its own redirect', async () => {
    const first = await call(installation.handlers.redirect, { path: '/go/even', time: START + DAY });
    const again = await call(installation.handlers.redirect, {
      path: '/go/even',
      query: locationOf(first).search.slice(1),
      time: START + DAY + 300,
    });
    expect(again.statusCode).toBe(404);
    expect(again.headers?.['content-type']).toContain('text/html');
  });

  it('asks nothing to be kept on the device of a visitor with Global Privacy Control or without consent', async () => {
    const gpc = await call(installation.handlers.redirect, {
      path: '/go/even',
      headers: { 'sec-gpc': '1' },
      time: START + DAY,
    });
    const refused = await call(installation.handlers.redirect, {
      path: '/go/even',
      query: 'stepladder_consent=off',
      time: START + DAY,
    });
    const usual = await call(installation.handlers.redirect, { path: '/go/even', time: START + DAY });
    expect([gpc, refused, usual].map(({ cookies }) => cookies?.length)).toEqual([0, 0, 1]);
    expect(usual.cookies?.[0]).toMatch(
      /^stepladder=[\w-]{22}; Max-Age=31536000; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
    );
  });

  it('refuses what a token says that was forged, was changed, or is a week old', async () => {
    const reply = await call(installation.handlers.redirect, { path: '/go/even', time: START + DAY });
    const token = tokenOf(reply);
    const flipped = (token[3] === 'A' ? 'B' : 'A') + token.slice(1);
    const say = async (text: string, time: number) =>
      json(
        await call(installation.handlers.site, {
          method: 'POST',
          path: '/v1/events',
          body: { events: [{ token: text, step: 'buy', eventId: 'e-1' }] },
          time,
        }),
      ).answers[0];
    expect(await say(flipped, START + DAY)).toMatchObject({ status: 'refused', code: 'token-forged', eventId: 'e-1' });
    expect(await say('not a token', START + DAY)).toMatchObject({ code: 'token-forged' });
    expect(await say(token, START + 9 * DAY)).toMatchObject({ code: 'token-expired' });
    expect(await say(token, START + DAY + 5000)).toMatchObject({ status: 'recorded' });
  });

  it('erases a visitor everywhere and leaves what was counted', async () => {
    const { admin, site } = installation.handlers;
    const visitor = 'wants-to-go';
    await call(site, { method: 'POST', path: '/v1/assign', body: { experiment: 'even', visitor }, time: START + DAY });
    await installation.stream.caughtUp();
    const before = await at(START + 9 * DAY, () => readReport(installation.deps, 'even'));
    const reply = await call(admin, { method: 'DELETE', path: `/v1/visitors/${visitor}` });
    expect(json(reply)).toEqual({ erasedFrom: ['even'] });
    await installation.stream.caughtUp();
    const after = await at(START + 9 * DAY, () => readReport(installation.deps, 'even'));
    expect(await installation.deps.journeys.find('even', visitor)).toBeUndefined();
    expect(after).toEqual(before);
  });
});
