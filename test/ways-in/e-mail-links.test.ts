import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readReport } from '#shared/usecases/write-report.ts';
import { type Installation, openInstallation } from '../../local/installation/installation.ts';
import { at } from '../../local/installation/replay-clock.ts';
import { type Call, call, json, locationOf, start, tokenOf } from './ways-in.ts';

const SENT = Date.UTC(2026, 2, 2, 9);
const DAY = 86_400_000;
const SECOND = 1000;

const campaign = {
  id: 'spring-mail',
  name: 'Spring mail',
  goal: 'order',
  control: 'offer',
  windowDays: 7,
  variants: ['offer', 'story'].map((id) => ({
    id,
    name: id,
    steps: [
      ...['problem', 'insight', 'micro-action'].map((step) => ({
        id: step,
        name: step,
        url: `https://shop.example/${id}/${step}`,
      })),
      { id: 'order', name: 'order', url: 'https://shop.example/order' },
    ],
  })),
};

let installation: Installation;
let links: Record<string, string>;
let people: { id: string; recipient: string; variant: string }[];

/** Someone, or something, opens a recipient's link. */
const open = (person: { recipient: string }, step: string, seconds: number, more: Partial<Call> = {}) =>
  call(installation.handlers.redirect, {
    path: `/l/${links[step]}/${person.recipient}`,
    time: SENT + seconds * SECOND,
    ...more,
  });
const journey = (person: { id: string }) => installation.deps.journeys.find(campaign.id, person.id);
const events = async (seconds: number, ...sent: unknown[]) =>
  json(
    await call(installation.handlers.site, {
      method: 'POST',
      path: '/v1/events',
      body: { events: sent },
      headers: { origin: 'https://shop.example' },
      time: SENT + seconds * SECOND,
    }),
  ).answers;

beforeAll(async () => {
  installation = await openInstallation();
  const { admin } = installation.handlers;
  await start(installation, campaign, SENT - DAY);
  const made = await Promise.all(
    ['problem', 'insight', 'micro-action'].map(async (step) => [
      step,
      json(
        await call(admin, {
          method: 'POST',
          path: '/v1/links',
          body: { experiment: campaign.id, step, message: 'march', sentAt: new Date(SENT).toISOString() },
        }),
      ).id,
    ]),
  );
  links = Object.fromEntries(made);
  const ids = Array.from({ length: 40 }, (_, i) => `reader-${i}`);
  const enrolled = await call(admin, {
    method: 'POST',
    path: '/v1/recipients',
    body: { experiment: campaign.id, recipients: ids },
    time: SENT - SECOND,
  });
  people = json(enrolled).recipients;
});
afterAll(() => installation.stop());

describe('links of e-mails', () => {
  it('count the human clicks of scanners as zero, and of the person behind them as one', async () => {
    const [safeLinks, gateway, burst, person] = people as [
      (typeof people)[0],
      (typeof people)[0],
      (typeof people)[0],
      (typeof people)[0],
    ];
    // A link protection service asks for the head, then opens the link.
    await open(safeLinks, 'problem', 4, { method: 'HEAD', headers: { 'user-agent': 'Mozilla/5.0' } });
    await open(safeLinks, 'problem', 5, { headers: { 'user-agent': 'Mozilla/5.0' } });
    // A mail gateway opens it with a browser's name from another network, twelve seconds after sending.
    await open(gateway, 'problem', 12, {
      headers: { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0' },
    });
    // A sandbox opens everything in the message at once.
    for (const [i, step] of ['problem', 'insight', 'micro-action'].entries()) await open(burst, step, 60 + i);
    // A scanner comes first; then the person, whose pointer moves on the page.
    await open(person, 'problem', 8);
    const landing = await open(person, 'problem', 3600);
    await events(3602, { type: 'interaction', token: tokenOf(landing) });

    const clicks = await Promise.all(
      [safeLinks, gateway, burst, person].map(async (each) => Object.keys((await journey(each))?.steps ?? {}).length),
    );
    expect(clicks).toEqual([0, 0, 0, 1]);
  });

  it('keep what looked odd about every opening', async () => {
    const [safeLinks, gateway, burst] = await Promise.all(people.slice(0, 3).map(journey));
    expect(safeLinks?.scanReasons).toEqual([
      'problem:declared-bot',
      'problem:head',
      'problem:no-cookie',
      'problem:too-fast',
    ]);
    expect(gateway?.scanReasons).toEqual(['problem:no-cookie']);
    expect(burst?.scanReasons).toContain('micro-action:burst');
  });

  it('give a recipient one variant, whoever opens the link and however often', async () => {
    for (const person of people.slice(4, 20)) {
      const landings = [
        await open(person, 'problem', 2, { headers: { 'user-agent': 'curl/8.0' } }),
        await open(person, 'problem', 900, { cookies: ['stepladder=somebody-else-entirely'] }),
        await open(person, 'problem', 90_000),
      ];
      expect(new Set(landings.map((reply) => locationOf(reply).pathname))).toEqual(
        new Set([`/${person.variant}/problem`]),
      );
    }
  });

  it('know a browser that comes again by the cookie it was given, and only then miss no cookie', async () => {
    const person = people[25] as (typeof people)[0];
    const first = await open(person, 'problem', 400);
    const cookie = String(first.cookies?.[0]).split(';')[0] ?? '';
    expect(cookie).toMatch(/^stepladder=[\w-]{22}$/);
    const again = await open(person, 'insight', 800, { cookies: [cookie] });
    expect(again.cookies).toEqual([]);
    expect((await journey(person))?.scanReasons).toEqual(['insight:unconfirmed', 'problem:no-cookie']);
  });

  it('believe a later step even where no page reported a person', async () => {
    const person = people[21] as (typeof people)[0];
    await open(person, 'problem', 400);
    await events(500, { experiment: campaign.id, visitor: person.id, step: 'order', value: 4200 });
    await installation.stream.caughtUp();
    const report = await at(SENT + 9 * DAY, () => readReport(installation.deps, campaign.id));
    const variant = report.variants.find(({ id }) => id === person.variant);
    expect(variant?.rungs.map(({ reached }) => reached)).toEqual([expect.any(Number), 1, 1, 1]);
    expect(report.drift).toBe(0);
  });

  it('keep recipients whom only scanners visited in the denominator, as the people they are', async () => {
    const report = await at(SENT + 9 * DAY, () => readReport(installation.deps, campaign.id));
    expect(report.headcount).toMatchObject({ human: 40, suspect: 0, machine: 0, counted: 40 });
  });

  it('take a recipient nobody enrolled for a suspect until a page sees a person, and a crawler for a machine', async () => {
    const { admin } = installation.handlers;
    const signed = await call(admin, {
      method: 'POST',
      path: '/v1/recipients',
      body: { recipients: ['late-1', 'late-2', 'late-3'] },
    });
    const [person, scanner, crawler] = json(signed).recipients as [
      (typeof people)[0],
      (typeof people)[0],
      (typeof people)[0],
    ];
    const landing = await open(person, 'problem', 5000);
    await open(scanner, 'problem', 5000);
    await open(crawler, 'problem', 5000, { headers: { 'user-agent': 'Mozilla/5.0 (compatible; bingbot/2.0)' } });
    const heads = async () => (await at(SENT + 9 * DAY, () => readReport(installation.deps, campaign.id))).headcount;
    expect(await heads()).toMatchObject({ human: 40, suspect: 2, machine: 1 });
    await events(5002, { type: 'interaction', token: tokenOf(landing) });
    await installation.stream.caughtUp();
    expect(await heads()).toMatchObject({ human: 41, suspect: 1, machine: 1 });
    const report = await at(SENT + 9 * DAY, () => readReport(installation.deps, campaign.id));
    expect(report.drift).toBe(0);
  });

  it('show a recipient with a forged signature the control, and count nobody', async () => {
    const before = await journey({ id: 'reader-30' });
    const reply = await open({ recipient: 'reader-30.AAAAAAAAAAAAAAAA' }, 'problem', 700);
    expect(locationOf(reply).pathname).toBe('/offer/problem');
    expect(await journey({ id: 'reader-30' })).toEqual(before);
    const [answer] = await events(701, { type: 'step', token: tokenOf(reply), step: 'order' });
    expect(answer).toMatchObject({ status: 'refused', code: 'visitor-uncounted' });
  });

  it('refuse an e-mail address as a recipient and say why', async () => {
    const reply = await call(installation.handlers.admin, {
      method: 'POST',
      path: '/v1/recipients',
      body: { recipients: ['ada@example.com'] },
    });
    expect(reply.statusCode).toBe(400);
    expect(json(reply).issues[0].message).toContain('personal data');
  });

  it('answer a link nobody made with a page for people', async () => {
    const reply = await call(installation.handlers.redirect, { path: `/l/nothing/${people[0]?.recipient}` });
    expect(reply.statusCode).toBe(404);
    expect(reply.headers?.['content-type']).toContain('text/html');
  });
});
