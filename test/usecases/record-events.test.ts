import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assign } from '#shared/assignment/assign.ts';
import { pack } from '#shared/assignment/pack.ts';
import { assignVisitor } from '#shared/usecases/assign-visitor.ts';
import { CLOCK_RANGE, recordEvents } from '#shared/usecases/record-events.ts';
import type { VisitorEvent } from '#shared/usecases/visitor-event.ts';
import { anExperiment, DAY, HOUR, NOON, SECOND } from '../support/an-experiment.ts';
import { openPlatform, type Platform } from '../support/platform.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await openPlatform();
});
afterAll(() => platform?.stop());

let tests = 0;
type Input = Parameters<typeof anExperiment>[0];

/** An experiment of the test's own, with a visitor of the three-step ladder; nobody is assigned yet. */
async function given(input: Input = {}) {
  const experiment = await platform.put(anExperiment({ id: `events-${tests++}`, ...input }));
  const packed = pack(anExperiment({ id: experiment.id }));
  const visitors = Array.from({ length: 40 }, (_, i) => `vis-${i}`).filter(
    (id) => packed && assign(packed, id, {}, NOON).variant === 1,
  );
  const [visitor = ''] = visitors;
  const event = (overrides: Partial<VisitorEvent> = {}): VisitorEvent => ({
    type: 'step',
    experiment: experiment.id,
    visitor,
    step: 'question',
    at: NOON,
    ...overrides,
  });
  const at = async (now: number, ...events: VisitorEvent[]) => {
    platform.clock.now = now;
    const answers = await recordEvents(platform.deps, events, []);
    platform.clock.now = NOON;
    return answers;
  };
  return {
    experiment,
    visitor,
    visitors,
    event,
    at,
    send: (...events: VisitorEvent[]) => at(NOON, ...events),
    join: async () => {
      const live = await platform.deps.live(experiment.id);
      if (live) await assignVisitor(platform.deps, live, { visitor, attributes: {}, source: 'api', signals: [] });
    },
    journey: (of = visitor) => platform.deps.journeys.find(experiment.id, of),
  };
}
const refused = (code: string) => ({ status: 'refused', code, message: expect.any(String) });

describe('recordEvents', () => {
  it('records a step of an assigned visitor', async () => {
    const { send, event, journey, join } = await given();
    await join();
    expect(await send(event({ eventId: 'e-1' }))).toEqual([{ eventId: 'e-1', status: 'recorded' }]);
    expect(await journey()).toMatchObject({ assignedAt: NOON, steps: { question: { at: NOON } } });
  });

  it('begins a journey with the variant of the split when a step is heard of before the assignment', async () => {
    const { send, event, journey } = await given();
    expect(await send(event())).toEqual([{ status: 'recorded' }]);
    expect(await journey()).toMatchObject({ variant: 'ladder', source: 'step' });
    expect(await journey()).not.toHaveProperty('assignedAt');
  });

  it.each<{ name: string; event: Partial<VisitorEvent> }>([
    { name: 'a step', event: {} },
    { name: 'a step with a value', event: { step: 'buy', value: 2990 } },
    { name: 'an arrival', event: { type: 'arrival', step: undefined } },
    { name: 'an interaction', event: { type: 'interaction', step: undefined } },
    { name: 'an exposure', event: { type: 'exposure', step: undefined } },
    { name: 'a step told again later, by a client without a clock', event: { at: undefined } },
  ])('calls $name a duplicate when it is told twice', async ({ event: overrides }) => {
    const { send, at, event, journey, join } = await given();
    await join();
    await send(event({ step: 'plan' }));
    const first = await send(event(overrides));
    // The assignment itself was an exposure already.
    expect(first).toEqual([{ status: overrides.type === 'exposure' ? 'duplicate' : 'recorded' }]);
    const before = await journey();
    expect(await at(NOON + SECOND, event(overrides))).toEqual([{ status: 'duplicate' }]);
    expect(await journey()).toEqual(before);
  });

  it('records an amount that is told after its step', async () => {
    const { send, event, journey } = await given();
    await send(event({ step: 'buy' }));
    expect(await send(event({ step: 'buy', value: 100 }))).toEqual([{ status: 'recorded' }]);
    expect(await journey()).toMatchObject({ steps: { buy: { at: NOON, value: { at: NOON, amount: 100 } } } });
  });

  it('records an earlier time of a known step', async () => {
    const { send, event, journey } = await given();
    await send(event({ at: NOON }));
    expect(await send(event({ at: NOON - HOUR }))).toEqual([{ status: 'recorded' }]);
    expect(await journey()).toMatchObject({ steps: { question: { at: NOON - HOUR } } });
  });

  it.each([
    { name: 'a time of long ago', at: NOON - 100 * HOUR, kept: NOON - CLOCK_RANGE.pastMs, clamped: true },
    {
      name: 'the earliest time that is believed',
      at: NOON - CLOCK_RANGE.pastMs,
      kept: NOON - CLOCK_RANGE.pastMs,
      clamped: false,
    },
    { name: 'a time to come', at: NOON + 1, kept: NOON, clamped: true },
  ])('moves $name into the last 48 hours and says so', async ({ at, kept, clamped }) => {
    const { send, event, journey } = await given();
    expect(await send(event({ at }))).toEqual([{ status: 'recorded', ...(clamped && { clamped: true }) }]);
    expect(await journey()).toMatchObject({ steps: { question: { at: kept } } });
  });

  it('records a step after its window, and says that it counts nowhere', async () => {
    const { at, event, join, journey } = await given();
    await join();
    const late = NOON + 7 * DAY + 1;
    expect(await at(late, event({ at: late - 1 }))).toEqual([{ status: 'recorded' }]);
    expect(await at(late, event({ step: 'plan', at: late }))).toEqual([{ status: 'late' }]);
    expect(await journey()).toMatchObject({ steps: { plan: { at: late } } });
  });

  it.each<{ code: string; input?: Input; event: Partial<VisitorEvent>; says: RegExp }>([
    { code: 'experiment-unknown', event: { experiment: 'nobody' }, says: /nobody/ },
    { code: 'experiment-unknown', input: { status: 'draft' }, event: {}, says: /no started experiment/ },
    {
      code: 'experiment-concluded',
      input: { status: 'concluded' },
      event: {},
      says: /was concluded on 2026-01-15T11:00:00.000Z/,
    },
    { code: 'step-unknown', event: { step: 'pay' }, says: /has no step pay; its steps are buy, question, plan/ },
    { code: 'step-unknown', event: { step: 'constructor' }, says: /has no step constructor/ },
    { code: 'step-missing', event: { step: undefined }, says: /needs the id of the step/ },
    { code: 'visitor-not-assigned', input: { status: 'paused' }, event: {}, says: /assign it first/ },
    { code: 'visitor-not-assigned', input: { traffic: 0 }, event: {}, says: /assign it first/ },
    {
      code: 'visitor-not-assigned',
      input: { audience: [{ attribute: 'country', operator: 'is', value: 'CH' }] },
      event: { attributes: { country: 'DE' } },
      says: /attributes its audience asks for/,
    },
    {
      code: 'visitor-not-assigned',
      input: { forced: { me: 'ladder' } },
      event: { visitor: 'me' },
      says: /is forced to a variant/,
    },
  ])('refuses with $code and records nothing', async ({ code, input, event: overrides, says }) => {
    const { send, event, journey } = await given(input);
    const [answer] = await send(event({ eventId: 'mine', ...overrides }));
    expect(answer).toEqual({ eventId: 'mine', ...refused(code) });
    expect(answer).toMatchObject({ message: expect.stringMatching(says) });
    expect(await journey(overrides.visitor)).toBeUndefined();
  });

  it('refuses a step of another variant and counts nobody in for it', async () => {
    const other = await platform.put(
      anExperiment({
        id: `events-${tests++}`,
        variants: [
          {
            id: 'one-ask',
            name: 'One',
            steps: [
              { id: 'look', name: 'Look' },
              { id: 'buy', name: 'Buy' },
            ],
          },
          {
            id: 'ladder',
            name: 'Three',
            steps: [
              { id: 'question', name: 'Q' },
              { id: 'buy', name: 'Buy' },
            ],
          },
        ],
      }),
    );
    const { visitor } = await given();
    const [answer] = await recordEvents(
      platform.deps,
      [{ type: 'step', experiment: other.id, visitor, step: 'look', at: NOON }],
      [],
    );
    expect(answer).toMatchObject({
      ...refused('step-of-other-variant'),
      message: expect.stringMatching(/look is no step of ladder/),
    });
    expect(await platform.deps.journeys.find(other.id, visitor)).toBeUndefined();
  });

  it('goes on recording steps of those who joined, whatever keeps others out', async () => {
    for (const change of [
      { status: 'paused' as const },
      { traffic: 0 },
      { audience: [{ attribute: 'a', operator: 'present' as const }] },
      { enrolment: { until: '2026-01-01T00:00:00Z' } },
    ]) {
      const { send, event, journey, join, experiment } = await given();
      await join();
      const changed = anExperiment({ id: experiment.id, ...change });
      await platform.put({ ...changed, revision: experiment.revision + 1 });
      expect(await send(event())).toEqual([{ status: 'recorded' }]);
      expect(await journey()).toMatchObject({ steps: { question: { at: NOON } } });
    }
  });

  it('takes the attributes an audience asks for from the events themselves', async () => {
    const { send, event, journey } = await given({
      audience: [{ attribute: 'country', operator: 'is', value: 'CH' }],
      segments: [{ attribute: 'country', values: ['CH'] }],
    });
    expect(await send(event({ attributes: { country: 'CH' } }))).toEqual([{ status: 'recorded' }]);
    expect(await journey()).toMatchObject({ segments: { country: 'CH' } });
  });

  it('answers each event in its place, and lets a bad one cost nobody else anything', async () => {
    const { send, event, journey, visitors } = await given();
    const [one = '', two = ''] = visitors;
    const answers = await send(
      event({ eventId: 'a', visitor: one }),
      event({ eventId: 'b', step: 'pay' }),
      event({ eventId: 'c', visitor: two }),
      event({ eventId: 'd', visitor: one, step: 'plan' }),
      event({ eventId: 'e', experiment: 'nobody' }),
      event({ eventId: 'f', visitor: one }),
    );
    expect(answers.map((answer) => [answer.eventId, answer.status])).toEqual([
      ['a', 'recorded'],
      ['b', 'refused'],
      ['c', 'recorded'],
      ['d', 'recorded'],
      ['e', 'refused'],
      ['f', 'duplicate'],
    ]);
    expect((await journey(one))?.steps).toEqual({ question: { at: NOON }, plan: { at: NOON } });
    expect((await journey(two))?.steps).toEqual({ question: { at: NOON } });
  });

  it('answers a batch as it would its events one by one', async () => {
    const together = await given();
    const oneByOne = await given();
    const batch = (event: (overrides: Partial<VisitorEvent>) => VisitorEvent) => [
      event({ step: 'plan', at: NOON - 5 }),
      event({ step: 'question', at: NOON - 3 }),
      event({ step: 'question', at: NOON - 4 }),
      event({ step: 'question', at: NOON - 3 }),
      event({ step: 'buy', value: 5 }),
      event({ step: 'buy', value: 5 }),
      event({ type: 'interaction', step: undefined, at: NOON }),
    ];
    const answers = [];
    for (const event of batch(oneByOne.event)) answers.push(...(await oneByOne.send(event)));
    expect(await together.send(...batch(together.event))).toEqual(answers);
    expect((await together.journey())?.steps).toEqual((await oneByOne.journey())?.steps);
  });

  it('keeps the signals of the request on the journey', async () => {
    const { event, journey } = await given();
    await recordEvents(platform.deps, [event()], ['declared-bot']);
    await recordEvents(platform.deps, [event({ type: 'interaction', step: undefined })], []);
    expect(await journey()).toMatchObject({ signals: ['declared-bot', 'interaction'], arrivedAt: NOON });
  });
});

describe('writes to the journeys', () => {
  it.each<{ name: string; events: (visitor: string) => Partial<VisitorEvent>[]; writes: number }>([
    { name: 'a new event', events: () => [{ step: 'buy' }], writes: 1 },
    { name: 'a duplicate', events: () => [{ step: 'question' }], writes: 1 },
    {
      name: 'a batch of one visitor',
      events: () => [
        { step: 'plan' },
        { step: 'buy', value: 5 },
        { type: 'arrival' },
        { type: 'interaction' },
        { step: 'plan' },
      ],
      writes: 1,
    },
    {
      name: 'a batch of three visitors',
      events: () => [{ visitor: 'a-1' }, { visitor: 'a-2' }, { visitor: 'a-3' }, { visitor: 'a-1', step: 'plan' }],
      writes: 3,
    },
    {
      name: 'an event with a time earlier than the known one',
      events: () => [{ step: 'question', at: NOON - 9 }],
      writes: 2,
    },
    { name: 'an event that is refused', events: () => [{ step: 'pay' }], writes: 0 },
  ])('are $writes for $name', async ({ events, writes }) => {
    const { send, event, visitor } = await given();
    await send(event({ step: 'question' }));
    const sent = await platform.sentDuring(() => send(...events(visitor).map(event)));
    expect(sent.filter((command) => command !== 'GetItem' && command !== 'Query')).toEqual(
      Array.from({ length: writes }, () => 'UpdateItem'),
    );
  });

  it('never scan, whatever was asked of the stores in this file', () => {
    expect(platform.commands.length).toBeGreaterThan(100);
    expect(platform.commands).not.toContain('Scan');
  });
});
