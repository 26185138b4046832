import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { assign } from '#shared/assignment/assign.ts';
import { pack } from '#shared/assignment/pack.ts';
import { composeReport } from '#shared/report/compose.ts';
import { cohortDay } from '#shared/tally/cohort-day.ts';
import { cellKey, plus, type Tally } from '#shared/tally/tally.ts';
import { signToken } from '#shared/token/token.ts';
import { EXPERIMENTS_OF_A_PAGE, VISITORS_OF_A_PAGE } from '#shared/usecases/page-events.ts';
import { entryBurstReasons } from '#shared/verdict/entry-burst.ts';
import { seeded } from '../../local/simulation/random.ts';
import { aTally, type Furthest } from '../report/a-report.ts';
import { anExperiment, DAY, definitionInput, NOON } from '../support/an-experiment.ts';
import { type KeyedSite, openKeyedSite, SHOP } from '../support/keyed-site.ts';
import { BROWSER } from '../support/site.ts';

let site: KeyedSite;
beforeAll(async () => {
  site = await openKeyedSite();
  await site.started({ id: 'shop' });
  await site.started({
    id: 'paid',
    variants: definitionInput().variants.map((variant) => ({
      ...variant,
      steps: variant.steps.map((step) => (step.id === 'buy' ? { ...step, recordedBy: 'servers' as const } : step)),
    })),
  });
});
afterAll(() => site?.stop());
afterEach(() => expect(site.bugs).toEqual([]));

const page = { origin: SHOP, 'user-agent': BROWSER };
type Told = { readonly status: string; readonly code?: string; readonly eventId?: string };
const tell = async (key: string, events: readonly object[], headers = {}): Promise<Told[]> =>
  (await site.ask('/v1/events', { key, headers, body: { events } })).json.answers;

describe('made-up visitors', () => {
  it('cost one write each, however often they are sent', async () => {
    const key = await site.issue({ kind: 'publishable' });
    const enrol = () =>
      site.ask('/v1/assign', { key, headers: page, body: { experiment: 'shop', visitor: 'made-up' } });
    for (const _ of [1, 2])
      expect((await site.sentDuring(enrol)).filter((command) => !/^(Get|Query)/.test(command))).toEqual(['UpdateItem']);
  });

  it('come with one request of a page ten at most, and with one of a server as many as it tells of', async () => {
    const events = Array.from({ length: 100 }, (_, i) => ({
      eventId: `e${i}`,
      experiment: 'shop',
      visitor: `crowd-${i}`,
      type: 'exposure',
    }));
    const ofPage = await tell(await site.issue({ kind: 'publishable' }), events, page);
    expect(ofPage.map(({ eventId }) => eventId)).toEqual(events.map(({ eventId }) => eventId));
    expect(ofPage.filter(({ status }) => status === 'recorded')).toHaveLength(VISITORS_OF_A_PAGE);
    expect(new Set(ofPage.slice(VISITORS_OF_A_PAGE).map(({ code }) => code))).toEqual(new Set(['too-many-visitors']));
    const ofServer = await tell(await site.issue(), events);
    expect(ofServer.filter(({ status }) => status === 'recorded')).toHaveLength(100 - VISITORS_OF_A_PAGE);
  });

  it('cost no hundred reads where a page tells of a hundred experiments that nobody defined', async () => {
    const key = await site.issue({ kind: 'publishable' });
    const events = Array.from({ length: 100 }, (_, i) => ({
      experiment: i < 50 ? `nobody-s-${i}` : 'shop',
      visitor: 'curious',
      type: 'exposure',
    }));
    let answers: Told[] = [];
    const reads = await site.sentDuring(async () => {
      answers = await tell(key, events, page);
    });
    expect(reads.filter((command) => /^(Get|Query)/.test(command)).length).toBeLessThan(100);
    const codes = answers.map(({ code }) => code);
    expect(new Set(codes.slice(0, EXPERIMENTS_OF_A_PAGE))).toEqual(new Set(['experiment-unknown']));
    expect(new Set(codes.slice(EXPERIMENTS_OF_A_PAGE))).toEqual(new Set(['too-many-experiments']));
  });

  it('never cost the events of the visitors before them', async () => {
    const key = await site.issue({ kind: 'publishable' });
    const mine = { experiment: 'shop', visitor: 'mine', type: 'exposure' };
    const others = Array.from({ length: 30 }, (_, i) => ({ ...mine, visitor: `other-${i}` }));
    const told = await tell(key, [mine, ...others, { ...mine, type: 'arrival' }], page);
    expect([told[0]?.status, told.at(-1)?.status]).toEqual(['recorded', 'recorded']);
  });
});

describe('a step that servers alone record', () => {
  const bought = { experiment: 'paid', visitor: 'ada', step: 'buy', value: 2990 };

  it('is not taken with a key that stands in pages, named or by a token, and is with a secret one', async () => {
    const publishable = await site.issue({ kind: 'publishable' });
    await tell(publishable, [{ experiment: 'paid', visitor: 'ada', type: 'exposure' }], page);
    const { variant = '' } = (await site.deps.journeys.find('paid', 'ada')) ?? {};
    const token = signToken(
      { kind: 'visit', experiment: 'paid', visitor: 'ada', variant, issuedAt: NOON },
      await site.deps.secrets.tokenSecret(),
    );
    for (const event of [bought, { token, step: 'buy' }])
      expect(await tell(publishable, [event], page)).toEqual([
        { status: 'refused', code: 'step-of-servers', message: expect.stringContaining('secret key') },
      ]);
    expect((await site.deps.journeys.find('paid', 'ada'))?.steps).toEqual({});
    expect(await tell(await site.issue(), [bought])).toEqual([{ status: 'recorded' }]);
    expect((await site.deps.journeys.find('paid', 'ada'))?.steps.buy?.value?.amount).toBe(2990);
  });

  it('is not taken by moving a pointer where an e-mail’s link led to it either, which still shows a person', async () => {
    const token = signToken(
      { kind: 'visit', experiment: 'paid', visitor: 'grace', variant: 'one-ask', step: 'buy', issuedAt: NOON },
      await site.deps.secrets.tokenSecret(),
    );
    const key = await site.issue({ kind: 'publishable' });
    expect(await tell(key, [{ token, type: 'interaction' }], page)).toMatchObject([{ status: 'recorded' }]);
    expect(await site.deps.journeys.find('paid', 'grace')).toMatchObject({ steps: {}, signals: ['interaction'] });
  });

  it('leaves all other steps to pages', async () => {
    const key = await site.issue({ kind: 'publishable' });
    const [{ status } = { status: '' }] = await tell(key, [{ experiment: 'shop', visitor: 'ada', step: 'buy' }], page);
    expect(status).toBe('recorded');
  });
});

describe('two ids that are one person', () => {
  it('are so on the word of a server alone: with the key of a page nobody is moved into another variant', async () => {
    const publishable = await site.issue({ kind: 'publishable' });
    const assigned = async (visitor: string): Promise<string> =>
      (await site.ask('/v1/assign', { key: publishable, headers: page, body: { experiment: 'shop', visitor } })).json
        .variant;
    const victim = await assigned('victim');
    let attacker = 'attacker-0';
    for (let i = 1; (await assigned(attacker)) === victim; i += 1) attacker = `attacker-${i}`;
    const merge = (key: string) =>
      site.ask('/v1/identify', { key, headers: page, body: { visitor: 'victim', knownAs: attacker } });
    expect((await merge(publishable)).json.code).toBe('key.not-secret');
    expect(await assigned('victim')).toBe(victim);
    expect((await merge(await site.issue())).json.experiments).toMatchObject([{ outcome: 'conflict' }]);
    expect(await assigned('victim')).not.toBe(victim);
  });
});

const honest: Furthest = { 'one-ask': [180, 20], ladder: [100, 60, 20, 20] };
const on = (day: number, furthest: Furthest): Tally =>
  new Map(
    Object.entries(furthest).map(([variant, counts]) => [
      cellKey({ sequence: 1, epoch: 1, day: cohortDay(NOON) + day, variant, class: 'human', segment: '' }),
      Object.fromEntries([
        ['n', counts.reduce((sum, count) => sum + count, 0)],
        ...counts.map((count, rung) => [`f${rung}`, count]),
      ]),
    ]),
  );
const reportOf = (tally: Tally) => composeReport(anExperiment(), tally, 0, NOON + 40 * DAY);
const burstsIn = (tally: Tally) => reportOf(tally).verdict.reasons.filter(({ check }) => check === 'entry-burst');

describe('a day on which many enter', () => {
  const days = aTally({ days: 14, daily: honest });

  it('is told of where its visitors do nothing, with its date and its numbers', () => {
    const flooded = plus(days, on(5, { 'one-ask': [3_000, 0], ladder: [3_000, 0, 0, 0] }));
    expect(burstsIn(flooded)).toEqual([
      {
        check: 'entry-burst',
        outcome: 'noted',
        text: 'on 2026-01-20 6,400 visitors entered, against 400 on an ordinary day, and 1.9 % of them took a step, against 30.0 % on the other days; find out whether they are people',
        value: 6_400,
        needed: 1_200,
      },
    ]);
  });

  it('is told of where its visitors all take every step', () => {
    expect(burstsIn(plus(days, on(5, { 'one-ask': [0, 900], ladder: [0, 0, 0, 900] })))).toHaveLength(1);
  });

  it('is an ordinary newsletter where they are like the others', () => {
    expect(burstsIn(plus(days, on(5, { 'one-ask': [1_800, 200], ladder: [1_000, 600, 200, 200] })))).toEqual([]);
  });

  it('is never told of among ordinary days: weeks, holidays, chance', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 5, max: 60 }),
        fc.integer({ min: 1, max: 5_000 }),
        (seed, count, size) => {
          const random = seeded(seed);
          const share = random.uniform();
          const entries = Array.from({ length: count }, (_, day) => {
            const visitors = Math.round(size * (day % 7 < 5 ? 1 : 0.4) * (0.5 + random.uniform()));
            return { day, visitors, active: random.binomial(visitors, share) };
          });
          expect(entryBurstReasons(entries)).toEqual([]);
        },
      ),
      { numRuns: 300, seed: 1 },
    );
  });
});

describe('visitors made up to lie in one variant', () => {
  it('make the numbers untrustworthy instead of a winner', () => {
    // The packed experiment is public, so anybody can find ids that lead where they want.
    const packed = pack(anExperiment());
    if (packed === undefined) throw new Error('the experiment has no packed form');
    const chosen = Array.from({ length: 1_000 }, (_, i) => `made-up-${i}`).filter((visitor) => {
      const { variant } = assign(packed, visitor, {}, NOON);
      return packed.variants[variant]?.id === 'ladder';
    });
    expect(chosen.length).toBeGreaterThan(400);
    const days = aTally({ days: 14, daily: honest });
    const { verdict } = reportOf(plus(days, on(3, { ladder: [0, 0, 0, chosen.length] })));
    expect(verdict.kind).toBe('invalid');
  });
});
