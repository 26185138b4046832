import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assign } from '#shared/assignment/assign.ts';
import { pack } from '#shared/assignment/pack.ts';
import type { Experiment } from '#shared/experiment/experiment.ts';
import { assignVisitor } from '#shared/usecases/assign-visitor.ts';
import type { LiveExperiment } from '#shared/usecases/live-experiments.ts';
import { anExperiment, DAY, NOON, withWeights } from '../support/an-experiment.ts';
import { openPlatform, type Platform } from '../support/platform.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await openPlatform();
});
afterAll(() => platform?.stop());

const live = (experiment: Experiment): LiveExperiment => {
  const packed = pack(experiment);
  if (packed === undefined) throw new Error('a draft is not live');
  return { experiment, packed };
};
let tests = 0;
const named =
  (input: Parameters<typeof anExperiment>[0] = {}) =>
  (id = `exp-${tests++}`) =>
  (change: typeof input = {}) =>
    live(anExperiment({ id, ...input, ...change }));
const visit = (visitor: string, attributes = {}) => ({ visitor, attributes, source: 'api', signals: [] }) as const;
const assigned = (experiment: LiveExperiment, visitor: string, attributes = {}) =>
  assignVisitor(platform.deps, experiment, visit(visitor, attributes));
/** A visitor whom the split would send to a variant. */
const visitorOf = (experiment: LiveExperiment, variant: number) =>
  Array.from({ length: 200 }, (_, i) => `vis-${i}`).find(
    (id) => assign(experiment.packed, id, {}, NOON).variant === variant,
  ) ?? '';

describe('assignVisitor', () => {
  it('records a visitor before anything is shown, with the facts of that moment', async () => {
    const experiment = named({
      segments: [
        { attribute: 'plan', values: ['free', '3'] },
        { attribute: 'country', values: ['CH'] },
      ],
    })()();
    platform.clock.now = NOON + 5;
    const served = await assigned(experiment, 'vis-1', { plan: 3, country: 'FR', other: 'x' });
    platform.clock.now = NOON;
    expect(served).toMatchObject({ first: true, assignment: { kind: 'assigned', reason: 'split' } });
    expect(await platform.deps.journeys.find(experiment.packed.id, 'vis-1')).toEqual({
      experiment: experiment.packed.id,
      visitor: 'vis-1',
      variant: served.variant,
      sequence: 1,
      epoch: 1,
      revision: 2,
      source: 'api',
      segments: { plan: '3', country: 'other' },
      assignedAt: NOON + 5,
      signals: [],
      steps: {},
    });
  });

  it('counts a second visit as the same and keeps the first time', async () => {
    const experiment = named()()();
    const first = await assigned(experiment, 'vis-1');
    platform.clock.now = NOON + DAY;
    const second = await assigned(experiment, 'vis-1');
    platform.clock.now = NOON;
    expect(second).toEqual({
      assignment: { ...first.assignment, reason: 'sticky' },
      variant: first.variant,
      first: false,
    });
    expect(await platform.deps.journeys.find(experiment.packed.id, 'vis-1')).toMatchObject({ assignedAt: NOON });
  });

  it.each([
    { name: 'the weights turn around', change: withWeights(0, 1) },
    { name: 'traffic shrinks to nothing', change: { ...withWeights(1, 0), traffic: 0 } },
    {
      name: 'the audience leaves them out',
      change: { ...withWeights(1, 0), audience: [{ attribute: 'a', operator: 'present' as const }] },
    },
    {
      name: 'a ramp is taken back',
      change: { ...withWeights(1, 0), traffic: 0, ramp: [{ at: '2030-01-01T00:00:00Z', traffic: 1 }] },
    },
    { name: 'the layer is left to others', change: { layer: { name: 'checkout', from: 0, until: 1e-9 } } },
    { name: 'enrolment ends', change: { ...withWeights(1, 0), enrolment: { until: '2026-01-01T00:00:00Z' } } },
  ])('keeps whoever joined where they are when $name, and serves the others the change', async ({ change }) => {
    const experiment = named(withWeights(1, 0))();
    expect(await assigned(experiment(), 'vis-1')).toMatchObject({ variant: 'v0', first: true });
    expect(await assigned(experiment(change), 'vis-1')).toMatchObject({
      variant: 'v0',
      first: false,
      assignment: { reason: 'sticky' },
    });
    const stranger = await assigned(experiment(change), 'vis-2');
    expect(stranger.assignment.reason).not.toBe('sticky');
    expect(await platform.deps.journeys.find(experiment().packed.id, 'vis-1')).toMatchObject({
      variant: 'v0',
      assignedAt: NOON,
    });
  });

  it('counts nobody who is passed by', async () => {
    const experiment = named({ traffic: 0 })()();
    expect(await assigned(experiment, 'vis-1')).toEqual({
      assignment: { kind: 'not-assigned', variant: 0, reason: 'outside-traffic' },
      variant: 'one-ask',
      first: false,
    });
    expect(await platform.deps.journeys.find(experiment.packed.id, 'vis-1')).toBeUndefined();
  });

  it('serves a forced visitor and never counts them', async () => {
    const experiment = named({ forced: { me: 'ladder' } })()();
    expect(await assigned(experiment, 'me')).toMatchObject({
      variant: 'ladder',
      first: false,
      assignment: { reason: 'forced' },
    });
    expect(await platform.deps.journeys.find(experiment.packed.id, 'me')).toBeUndefined();
  });

  it.each([
    { status: 'paused' as const, variant: 'one-ask' },
    { status: 'concluded' as const, variant: 'ladder' },
  ])('serves everyone $variant without a read or a write when $status, joined or not', async ({ status, variant }) => {
    const experiment = named({ ship: 'ladder' })();
    const joined = visitorOf(experiment(), status === 'paused' ? 1 : 0);
    await assigned(experiment(), joined);
    const sent = await platform.sentDuring(async () => {
      for (const id of [joined, 'stranger'])
        expect(await assigned(experiment({ status }), id)).toMatchObject({
          variant,
          first: false,
          assignment: { reason: 'not-running' },
        });
    });
    expect(sent).toEqual([]);
  });

  it('counts one visitor once when they come in by two tabs at the same time', async () => {
    const experiment = named()()();
    const tabs = await Promise.all(Array.from({ length: 8 }, () => assigned(experiment, 'vis-1')));
    expect(tabs.filter(({ first }) => first)).toHaveLength(1);
    expect(new Set(tabs.map(({ variant }) => variant)).size).toBe(1);
  });
});
