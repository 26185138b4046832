import { describe, expect, it } from 'vitest';
import { frozenFields, type Move, moved, STATUSES, type Status, statusAfter } from '#shared/experiment/lifecycle.ts';
import {
  aDefinition,
  anExperiment,
  type DefinitionInput,
  HOUR,
  NOON,
  steps,
  withWeights,
} from '../support/an-experiment.ts';

const ALLOWED: Readonly<Record<Status, Partial<Record<Move, Status>>>> = {
  draft: { started: 'running' },
  running: { paused: 'paused', concluded: 'concluded' },
  paused: { resumed: 'running', concluded: 'concluded' },
  concluded: {},
};
const MOVES: readonly Move[] = ['started', 'paused', 'resumed', 'concluded'];
const pairs = STATUSES.flatMap((status) =>
  MOVES.map((move) => ({ status, move, becomes: ALLOWED[status][move] ?? 'refused' })),
);

describe('moved', () => {
  it.each(pairs)('takes a $status experiment that is to be $move for $becomes', ({ status, move, becomes }) => {
    const before = anExperiment({ status });
    const after = moved(before, move, NOON);
    if (becomes !== 'refused') expect(after).toMatchObject({ status: becomes, revision: before.revision + 1 });
    else {
      expect(after).toEqual({ field: 'status', message: expect.stringContaining(`is ${status}, `) });
      expect(statusAfter(status, move)).toEqual(after);
    }
  });

  it('says what can be done instead', () => {
    expect(moved(anExperiment({ status: 'running' }), 'resumed', NOON)).toEqual({
      field: 'status',
      message: 'is running, so it cannot be resumed; it can be paused or concluded',
    });
    expect(moved(anExperiment({ status: 'concluded' }), 'started', NOON)).toEqual({
      field: 'status',
      message: 'is concluded, and nothing follows that; define a new experiment',
    });
  });

  it('remembers when it was first started, through pauses', () => {
    const paused = anExperiment({ status: 'paused' });
    expect(paused.startedAt).toBe(NOON - HOUR);
    expect(moved(paused, 'resumed', NOON)).toMatchObject({ startedAt: NOON - HOUR });
  });

  it('concludes with what is shipped, the control when nothing is named', () => {
    expect(moved(anExperiment(), 'concluded', NOON)).toMatchObject({ shipped: 'one-ask', concludedAt: NOON });
    expect(moved(anExperiment(), 'concluded', NOON, 'ladder')).toMatchObject({ shipped: 'ladder' });
  });

  it('refuses to ship what is no variant', () => {
    expect(moved(anExperiment(), 'concluded', NOON, 'three')).toEqual({
      field: 'ship',
      message: 'names no variant: three',
    });
  });

  it('ships nothing by any other move', () => {
    expect(moved(anExperiment(), 'paused', NOON, 'ladder')).not.toHaveProperty('shipped');
  });
});

describe('frozenFields', () => {
  const segments = [{ attribute: 'plan', values: ['free'] }];
  const changes: { name: string; input: Partial<DefinitionInput>; field: string | undefined }[] = [
    {
      name: 'the goal',
      input: {
        goal: 'pay',
        variants: [
          { id: 'one-ask', name: 'A', steps: steps('pay') },
          { id: 'ladder', name: 'B', steps: steps('question', 'plan', 'pay') },
        ],
      },
      field: 'goal',
    },
    { name: 'the control', input: { control: 'ladder' }, field: 'control' },
    { name: 'the policy', input: { policy: { probability: 0.9 } }, field: 'policy' },
    { name: 'the segments', input: { segments }, field: 'segments' },
    { name: 'the layer', input: { layer: { name: 'checkout', from: 0, until: 0.5 } }, field: 'layer' },
    {
      name: 'the intent',
      input: { intent: { rules: [{ stage: 'mid', when: [{ attribute: 'returning', operator: 'is', value: true }] }] } },
      field: 'intent',
    },
    {
      name: 'the set of variants by leaving one out',
      input: {
        variants: [
          { id: 'one-ask', name: 'A', steps: steps('buy') },
          { id: 'other', name: 'B', steps: steps('buy') },
        ],
      },
      field: 'variants',
    },
    {
      name: 'the steps',
      input: {
        variants: [
          { id: 'one-ask', name: 'A', steps: steps('buy') },
          { id: 'ladder', name: 'B', steps: steps('buy') },
        ],
      },
      field: undefined,
    },
    {
      name: 'weights, words, traffic, audience, enrolment, window, forced visitors and retention',
      input: {
        name: 'Other',
        hypothesis: 'x',
        traffic: 0.2,
        audience: [{ attribute: 'a', operator: 'present' }],
        enrolment: { until: '2027-01-01T00:00:00Z' },
        windowDays: 3,
        forced: { me: 'ladder' },
        retentionDays: 30,
      },
      field: undefined,
    },
  ];

  it.each(changes.filter(({ field }) => field))(
    'keeps $name of a started experiment, and says why',
    ({ input, field }) => {
      for (const status of ['running', 'paused'] as const) {
        const refused = frozenFields(anExperiment({ status }), aDefinition(input));
        expect(refused.map((refusal) => refusal.field)).toEqual([field]);
        expect(refused[0]?.message).toMatch(/: \w+/);
      }
    },
  );

  it.each(changes.filter(({ field }) => !field))('lets a started experiment change $name', ({ input }) => {
    expect(frozenFields(anExperiment(), aDefinition(input))).toEqual([]);
  });

  it.each(changes)('lets a draft change $name', ({ input }) => {
    expect(frozenFields(anExperiment({ status: 'draft' }), aDefinition(input))).toEqual([]);
  });

  it('lets a started experiment take a variant more', () => {
    expect(frozenFields(anExperiment(withWeights(1, 1)), aDefinition(withWeights(1, 1, 1)))).toEqual([]);
  });

  it('lets nothing change after the conclusion', () => {
    expect(frozenFields(anExperiment({ status: 'concluded' }), aDefinition())).toEqual([
      { field: 'status', message: 'is concluded: its definition is history now' },
    ]);
  });

  it('does not mind in which order the fields of a policy or a segment were written', () => {
    const before = anExperiment({ policy: { probability: 0.9, minimumDays: 3 }, segments });
    const after = aDefinition({
      policy: { minimumDays: 3, probability: 0.9 },
      segments: [{ values: ['free'], attribute: 'plan' }],
    });
    expect(frozenFields(before, after)).toEqual([]);
  });
});
