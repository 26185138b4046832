import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pack } from '#shared/assignment/pack.ts';
import { commitmentKey, JOURNEY_LIMITS, replyKey } from '#shared/journey/commitment.ts';
import { measured } from '#shared/tally/measured.ts';
import { assignVisitor } from '#shared/usecases/assign-visitor.ts';
import { CLOCK_RANGE, recordEvents } from '#shared/usecases/record-events.ts';
import type { VisitorEvent } from '#shared/usecases/visitor-event.ts';
import { anExperiment, DAY, HOUR, NOON } from '../support/an-experiment.ts';
import { EVERY_METRIC } from '../support/every-metric.ts';
import { openPlatform, type Platform } from '../support/platform.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await openPlatform();
});
afterAll(() => platform?.stop());

let tests = 0;
type Input = Parameters<typeof anExperiment>[0];

/** An experiment of the test's own that measures posts and visits for seven days, and visits for four weeks. */
async function given(input: Input = {}) {
  const experiment = await platform.put(
    anExperiment({ id: `activities-${tests++}`, windowDays: 7, metrics: EVERY_METRIC, ...input }),
  );
  const named = { experiment: experiment.id, visitor: 'ada' };
  const at = async (now: number, ...events: VisitorEvent[]) => {
    platform.clock.now = now;
    const answers = await recordEvents(platform.deps, events, []);
    platform.clock.now = NOON;
    return answers;
  };
  return {
    experiment,
    at,
    send: (...events: VisitorEvent[]) => at(NOON, ...events),
    post: (eventId: string, rest: Partial<VisitorEvent> = {}): VisitorEvent => ({
      ...{ type: 'commitment', activity: 'post', eventId, at: NOON },
      ...named,
      ...rest,
    }),
    reply: (to: string, rest: Partial<VisitorEvent> = {}): VisitorEvent => ({
      ...{ type: 'reply', activity: 'post', to, at: NOON },
      ...named,
      ...rest,
    }),
    join: async () => {
      const packed = pack(experiment);
      const visit = { visitor: 'ada', attributes: {}, source: 'api', signals: [] } as const;
      if (packed) await assignVisitor(platform.deps, { experiment, packed }, visit);
    },
    journey: () => platform.deps.journeys.find(experiment.id, 'ada'),
    measures: async () => {
      const journey = await platform.deps.journeys.find(experiment.id, 'ada');
      const sequence = experiment.sequences.at(-1);
      return journey && sequence && Object.fromEntries(measured(journey, sequence).map(([{ id }, { x }]) => [id, x]));
    },
  };
}
const refused = (code: string, message: RegExp) => ({
  status: 'refused',
  code,
  message: expect.stringMatching(message),
});

describe('recordEvents of commitments', () => {
  it('counts each event id once, however often it is told and by whichever clock', async () => {
    const { at, post, join, measures } = await given();
    await join();
    expect(await at(NOON, post('p-1'), post('p-2'), post('p-1'))).toEqual([
      { eventId: 'p-1', status: 'recorded' },
      { eventId: 'p-2', status: 'recorded' },
      { eventId: 'p-1', status: 'duplicate' },
    ]);
    expect(await at(NOON + HOUR, post('p-1', { at: undefined }), post('p-3'))).toEqual([
      { eventId: 'p-1', status: 'duplicate' },
      { eventId: 'p-3', status: 'recorded' },
    ]);
    expect(await measures()).toMatchObject({ posts: 3 });
  });

  it('takes the same event id of two activities for two commitments', async () => {
    const { send, post, journey } = await given();
    await send(post('e'), post('e', { activity: 'visit' }));
    expect(Object.keys((await journey())?.commitments ?? {}).sort()).toEqual(
      [commitmentKey('post', 'e'), commitmentKey('visit', 'e')].sort(),
    );
  });

  it('begins a journey with a commitment, as with a step', async () => {
    const { send, post, journey } = await given();
    expect(await send(post('p-1', { at: NOON - HOUR }))).toEqual([{ eventId: 'p-1', status: 'recorded' }]);
    expect(await journey()).toMatchObject({
      source: 'step',
      commitments: { [commitmentKey('post', 'p-1')]: { at: NOON - HOUR } },
    });
  });

  it('is one write for a batch of one visitor, and several where an update cannot hold them', async () => {
    const { send, post, reply } = await given();
    const batch = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => post(`p-${from + i}`));
    const writes = async (...events: VisitorEvent[]) =>
      (await platform.sentDuring(() => send(...events))).filter(
        (command) => command !== 'GetItem' && command !== 'Query',
      );
    expect(await writes(...batch(0, 70), reply('p-1'))).toEqual(['UpdateItem']);
    expect(await writes(...batch(70, 170))).toEqual(['UpdateItem', 'UpdateItem']);
  });

  it('adds up what commitments and steps were worth', async () => {
    const { send, post, measures } = await given();
    await send(post('p-1', { value: 300, at: NOON - 1 }), post('p-1', { value: 800 }), post('p-2', { value: 50 }));
    await send({ ...post('s'), type: 'step', step: 'buy', value: 1_000 });
    expect(await measures()).toMatchObject({ revenue: 1_350 });
  });

  it('moves a time of long ago into the last 48 hours and says so', async () => {
    const { send, post, journey } = await given();
    expect(await send(post('p-1', { at: NOON - 100 * HOUR }))).toEqual([
      { eventId: 'p-1', status: 'recorded', clamped: true },
    ]);
    expect((await journey())?.commitments).toEqual({
      [commitmentKey('post', 'p-1')]: { at: NOON - CLOCK_RANGE.pastMs },
    });
  });

  it.each([
    { name: 'a post after the window', days: 7, type: 'post', rest: {}, status: 'late' },
    { name: 'a visit in the fourth week', days: 28, type: 'visit', rest: {}, status: 'recorded' },
    { name: 'a visit after the fourth week', days: 28 + 1 / 24, type: 'visit', rest: {}, status: 'late' },
  ])('answers $name with $status', async ({ days, type, rest, status }) => {
    const { at, post, join } = await given();
    await join();
    const now = NOON + days * DAY + (type === 'post' ? 1 : 0);
    expect(await at(now, post('p', { activity: type, at: now, ...rest }))).toEqual([{ eventId: 'p', status }]);
  });

  it('does not call a step late whose value a metric still counts', async () => {
    const metrics = [{ kind: 'value' as const, id: 'revenue', name: 'Revenue', cap: 9_999, days: 30 }];
    const { at, post, join, measures } = await given({ metrics });
    await join();
    const now = NOON + 20 * DAY;
    const step = { ...post('s', { at: now }), type: 'step', step: 'buy', activity: undefined } as const;
    expect(await at(now, { ...step, value: 500 })).toEqual([{ eventId: 's', status: 'recorded' }]);
    expect(await measures()).toEqual({ revenue: 500 });
  });

  it('refuses an activity that no metric names, and says which there are', async () => {
    const { send, post, reply } = await given();
    expect(await send(post('p', { activity: 'like' }), reply('p', { activity: 'visit' }))).toEqual([
      { eventId: 'p', ...refused('activity-unknown', /commitment of like; .* there are post, visit/) },
      refused('activity-unknown', /reply of visit; .* there are post$/),
    ]);
    const bare = await given({ metrics: [] });
    expect(await bare.send(bare.post('p'))).toEqual([
      { eventId: 'p', ...refused('activity-unknown', /there are none/) },
    ]);
  });

  it('refuses what a full journey does not hold, and goes on with all else', async () => {
    const { send, post, reply, journey, join } = await given();
    await join();
    const { experiment } = post('x');
    const commitments = Object.fromEntries(
      Array.from({ length: JOURNEY_LIMITS.commitments }, (_, i) => [commitmentKey('post', `p-${i}`), { at: NOON }]),
    );
    const before = await journey();
    if (before) await platform.deps.journeys.record({ ...before, commitments });
    expect(
      await send(
        post('p-new'),
        post('p-1'),
        reply('p-1'),
        { type: 'step', experiment, visitor: 'ada', step: 'buy', at: NOON },
        { type: 'interaction', experiment, visitor: 'ada', at: NOON },
      ),
    ).toEqual([
      { eventId: 'p-new', ...refused('journey-full', /commitments that one journey holds/) },
      { eventId: 'p-1', status: 'duplicate' },
      refused('journey-full', /replies/),
      { status: 'recorded' },
      { status: 'recorded' },
    ]);
  });
});

describe('recordEvents of replies', () => {
  it('keeps the first time of each depth, in any order', async () => {
    const { send, post, reply, journey, measures } = await given();
    expect(
      await send(
        post('p', { at: NOON - 3 * HOUR }),
        reply('p', { depth: 4, at: NOON - HOUR }),
        reply('p', { at: NOON }),
        reply('p', { at: NOON - 2 * HOUR }),
        reply('p', { at: NOON - HOUR }),
      ),
    ).toEqual([
      { eventId: 'p', status: 'recorded' },
      { status: 'recorded' },
      { status: 'recorded' },
      { status: 'recorded' },
      { status: 'duplicate' },
    ]);
    expect((await journey())?.replies).toEqual({
      [replyKey('post', 'p', 1)]: NOON - 2 * HOUR,
      [replyKey('post', 'p', 4)]: NOON - HOUR,
    });
    expect(await measures()).toMatchObject({ answered: 1, talk: 4 });
  });

  it('may come before the commitment it is to, in a batch or later', async () => {
    const { send, post, reply, join, measures } = await given();
    await join();
    await send(reply('p'));
    expect(await measures()).toMatchObject({ answered: 0 });
    await send(post('p'));
    expect(await measures()).toMatchObject({ answered: 1 });
  });

  it('begins no journey: it is somebody else’s doing', async () => {
    const { send, reply, post, journey } = await given();
    expect(await send(reply('p'))).toEqual([refused('visitor-not-assigned', /begins nothing/)]);
    expect(await journey()).toBeUndefined();
    expect(await send(reply('p'), post('p'))).toEqual([{ status: 'recorded' }, { eventId: 'p', status: 'recorded' }]);
  });

  it('counts up to the end of the time in which a response may come', async () => {
    const { at, send, post, reply, join } = await given();
    await join();
    await send(post('p'));
    const end = NOON + 8 * DAY;
    expect(await at(end, reply('p', { at: end }))).toEqual([{ status: 'recorded' }]);
    expect(await at(end + 1, reply('p', { at: end + 1, depth: 2 }))).toEqual([{ status: 'late' }]);
  });
});
