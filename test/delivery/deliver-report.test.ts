import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { Experiment, Revision } from '#shared/experiment/experiment.ts';
import { moved } from '#shared/experiment/lifecycle.ts';
import { Reporting } from '#shared/experiment/reporting.ts';
import type { Report } from '#shared/report/report.ts';
import { AUTO_CONCLUDE, concludeByVerdict } from '#shared/usecases/conclude-by-verdict.ts';
import { deliverReport } from '#shared/usecases/deliver-report.ts';
import type { Channels, Deliveries, Delivery } from '#shared/usecases/delivery.ts';
import { shipVariant } from '#shared/usecases/ship-variant.ts';
import { aReport, clearWinner, noDifference } from '../report/a-report.ts';
import { anExperiment, DAY, HOUR, NOON } from '../support/an-experiment.ts';

const everywhere = {
  email: ['ada@example.com', 'grace@example.com'],
  webhook: 'https://hooks.example.com/x',
  topic: 'arn:aws:sns:eu-central-1:123456789012:reports',
};

function world(broken: (to: string) => boolean = () => false) {
  const kept = new Map<string, Delivery>();
  const taken: string[] = [];
  const waits: number[] = [];
  let now = NOON;
  const take = async (to: string) => {
    if (broken(to)) throw new Error(`${to} is not there`);
    taken.push(to);
  };
  const channels: Channels = {
    mailer: ({ to }) => take(to.join()),
    webhook: ({ url }) => take(url),
    topic: ({ topic }) => take(topic),
  };
  const deliveries: Deliveries = {
    list: async () => [...kept.values()],
    put: async (delivery) => void kept.set(`${delivery.channel} ${delivery.to}`, delivery),
  };
  const deps = {
    channels,
    deliveries,
    clock: () => now,
    wait: async (ms: number) => void waits.push(ms),
    secrets: { recipientSecret: async () => 'root' },
  };
  return {
    taken,
    kept,
    waits,
    later: (ms: number) => {
      now += ms;
    },
    send: (report: Report, reporting: object = everywhere, experiment: Experiment = anExperiment()) =>
      deliverReport(
        deps,
        { ...experiment, definition: { ...experiment.definition, reporting: z.parse(Reporting, reporting) } },
        report,
        '<p>the page</p>',
      ),
  };
}

const undecided = () => aReport({ days: 14, daily: noDifference });
const decided = () => aReport({ daily: clearWinner });

describe('deliverReport', () => {
  it('sends to every destination apart, so that nobody learns who else reads it', async () => {
    const { send, taken } = world();
    await send(undecided());
    expect(taken.toSorted()).toEqual([...everywhere.email, everywhere.topic, everywhere.webhook].toSorted());
  });

  it('sends nothing while there is too little to judge, and nowhere when nobody asked', async () => {
    const { send, taken } = world();
    await send(aReport({ days: 2, daily: clearWinner }));
    await send(undecided(), {});
    expect(taken).toEqual([]);
  });

  it('keeps to its week, and to its day', async () => {
    for (const [every, ms] of [
      ['week', 7 * DAY],
      ['day', DAY],
    ] as const) {
      const { send, taken, later } = world();
      const reporting = { email: ['ada@example.com'], every };
      await send(undecided(), reporting);
      later(ms - 12 * HOUR);
      await send(undecided(), reporting);
      expect(taken).toHaveLength(1);
      later(11 * HOUR);
      await send(undecided(), reporting);
      expect(taken).toHaveLength(2);
    }
  });

  it('sends a changed verdict at once', async () => {
    const { send, taken, later } = world();
    const reporting = { email: ['ada@example.com'], every: 'never' };
    await send(undecided(), reporting);
    later(DAY);
    await send(undecided(), reporting);
    expect(taken).toHaveLength(1);
    await send(decided(), reporting);
    expect(taken).toHaveLength(2);
  });

  it.each(['stopped-by-guardrail', 'invalid'] as const)(
    'sends %s at once and once, whatever the schedule and however early',
    async (kind) => {
      const { send, taken, later } = world();
      const reporting = { email: ['ada@example.com'], every: 'never', onVerdictChange: false };
      const early = aReport({ days: 2, daily: clearWinner });
      await send(early, reporting);
      expect(taken).toHaveLength(0);
      const alarm = { ...early, verdict: { ...early.verdict, kind } };
      await send(alarm, reporting);
      expect(taken).toHaveLength(1);
      later(DAY);
      await send(alarm, reporting);
      expect(taken).toHaveLength(1);
    },
  );

  it('notes the last outcomes of a destination, newest first, and no more than twenty', async () => {
    let down = true;
    const { send, kept, later } = world(() => down);
    const reporting = { email: ['ada@example.com'], every: 'day' };
    await send(undecided(), reporting);
    down = false;
    for (let day = 0; day < 24; day++) {
      later(DAY);
      await send(undecided(), reporting);
      const { recent = [] } = kept.get('email ada@example.com') ?? {};
      expect(recent).toHaveLength(Math.min(20, day + 2));
      expect(recent.map(({ error }) => error !== undefined)).toEqual(recent.map((_, i) => day < 19 && i === day + 1));
    }
    const { recent = [] } = kept.get('email ada@example.com') ?? {};
    expect(recent.map(({ at }) => at)).toEqual(Array.from({ length: 20 }, (_, i) => NOON + (24 - i) * DAY));
    expect(recent[0]).toMatchObject({ label: 'Keep running', writtenAt: undecided().writtenAt });
  });

  it('sends the last word of a concluded experiment once', async () => {
    const { send, taken, later } = world();
    const report = decided();
    const concluded = moved(anExperiment(), 'concluded', report.writtenAt - DAY);
    if ('field' in concluded) throw new Error(concluded.message);
    for (let day = 0; day < 30; day++) {
      await send(
        { ...report, writtenAt: report.writtenAt + day * DAY },
        { email: ['ada@example.com'], every: 'day' },
        concluded,
      );
      later(DAY);
    }
    expect(taken).toHaveLength(1);
  });

  it('keeps a failure in sight and tries again with every report, until it goes through', async () => {
    let down = true;
    const { send, taken, kept, waits, later } = world((to) => down && to.startsWith('https:'));
    await send(undecided());
    expect(taken).toHaveLength(3);
    expect(waits).toEqual([1_000, 5_000]);
    expect(kept.get(`webhook ${everywhere.webhook}`)).toMatchObject({
      failed: { attempts: 3, since: NOON, error: 'https://hooks.example.com/x is not there' },
    });

    later(HOUR);
    await send(undecided());
    expect(kept.get(`webhook ${everywhere.webhook}`)?.failed).toMatchObject({ attempts: 6, since: NOON });
    expect(taken).toHaveLength(3);

    down = false;
    await send(undecided());
    expect(taken.at(-1)).toBe(everywhere.webhook);
    expect(kept.get(`webhook ${everywhere.webhook}`)).not.toHaveProperty('failed');
  });
});

describe('Reporting', () => {
  it.each([
    [{ webhook: 'http://hooks.example.com' }],
    [{ webhook: 'https://user@hooks.example.com' }],
    [{ email: ['nobody'] }],
    [{ topic: 'reports' }],
    [{ every: 'hour' }],
  ])('refuses %j', (reporting) => {
    expect(z.safeParse(Reporting, reporting).success).toBe(false);
  });
});

describe('concludeByVerdict', () => {
  const stored = (experiment: Experiment) => {
    let current = experiment;
    const revisions: Revision[] = [];
    const experiments = {
      find: async () => current,
      list: async () => [current],
      create: async () => {},
      replace: async (after: Experiment, revision: Revision) => {
        current = after;
        revisions.push(revision);
      },
      revisions: async () => revisions,
    };
    return { deps: { experiments, clock: () => NOON }, revisions, now: () => current };
  };
  const willing = (autoConclude: boolean) => anExperiment({ reporting: { autoConclude } });

  it('ships a winner where that was asked for, and the history says who did it', async () => {
    const { deps, revisions, now } = stored(willing(true));
    await concludeByVerdict(deps, now(), decided());
    expect(now()).toMatchObject({ status: 'concluded', shipped: 'ladder' });
    expect(revisions).toMatchObject([{ action: 'concluded', by: AUTO_CONCLUDE }]);
  });

  it('does nothing unasked, and nothing without a winner', async () => {
    const unasked = stored(willing(false));
    await concludeByVerdict(unasked.deps, unasked.now(), decided());
    const undecidedYet = stored(willing(true));
    await concludeByVerdict(undecidedYet.deps, undecidedYet.now(), undecided());
    expect([unasked.now().status, undecidedYet.now().status]).toEqual(['running', 'running']);
  });

  it.each(['paused', 'concluded'] as const)('leaves an experiment that is %s to whoever did that', async (status) => {
    const { deps, revisions, now } = stored(anExperiment({ reporting: { autoConclude: true }, status }));
    await concludeByVerdict(deps, now(), decided());
    expect([now().status, revisions]).toEqual([status, []]);
  });

  it('is taken back by one call', async () => {
    const { deps, revisions, now } = stored(willing(true));
    await concludeByVerdict(deps, now(), decided());
    await shipVariant(deps, 'checkout', 'one-ask', 'ada');
    expect(now()).toMatchObject({ status: 'concluded', shipped: 'one-ask' });
    expect(revisions.at(-1)).toMatchObject({ action: 'shipped', by: 'ada' });
    await expect(shipVariant(deps, 'checkout', 'nobody', 'ada')).rejects.toThrow('has no variant nobody');
  });
});
