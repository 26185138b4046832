import { describe, expect, it } from 'vitest';
import { pack, seedOf } from '#shared/assignment/pack.ts';
import { moved } from '#shared/experiment/lifecycle.ts';
import { anExperiment, NOON, steps, withWeights } from '../support/an-experiment.ts';
import { referenceMurmur3 } from '../support/reference-murmur3.ts';

describe('pack', () => {
  it('gives a draft no packed form, so that nothing can serve it', () => {
    expect(pack(anExperiment({ status: 'draft' }))).toBeUndefined();
  });

  it('holds what a decision needs and no more', () => {
    const experiment = anExperiment({
      ...withWeights(1, 3),
      traffic: 0.25,
      audience: [
        { attribute: 'country', operator: 'one-of', values: ['CH', 'DE'] },
        { attribute: 'plan', operator: 'missing' },
      ],
      forced: { preview: 'v1' },
      enrolment: { from: '2026-01-15T12:00:00+02:00', until: '2026-02-01T00:00:00Z' },
      hypothesis: 'secret',
    });
    expect(pack(experiment)).toEqual({
      kind: 'split',
      id: 'checkout',
      revision: 2,
      sequence: 1,
      epoch: 1,
      control: 0,
      variants: [{ id: 'v0' }, { id: 'v1' }],
      seed: referenceMurmur3('["salt","variant"]', 0),
      trafficSeed: referenceMurmur3('["salt","traffic"]', 0),
      trafficEnd: 2 ** 30,
      ends: [2 ** 30, 2 ** 32],
      audience: [
        { attribute: 'country', operator: 'one-of', values: ['CH', 'DE'] },
        { attribute: 'plan', operator: 'missing', values: [] },
      ],
      forced: { preview: 1 },
      from: Date.UTC(2026, 0, 15, 10),
      until: Date.UTC(2026, 1, 1),
    });
  });

  it('holds ramp, layer and holdout where there are any', () => {
    const experiment = anExperiment({
      traffic: 0.125,
      ramp: [
        { at: '2026-01-16T00:00:00Z', traffic: 0.25 },
        { at: '2026-01-17T00:00:00+01:00', traffic: 1 },
      ],
      layer: { name: 'checkout', from: 0.25, until: 0.75 },
    });
    expect(pack(experiment, { share: 0.0625, salt: 'drawn once' })).toMatchObject({
      trafficEnd: 2 ** 29,
      ramp: [
        [Date.UTC(2026, 0, 16), 2 ** 30],
        [Date.UTC(2026, 0, 16, 23), 2 ** 32],
      ],
      layer: { seed: referenceMurmur3('["checkout","layer"]', 0), from: 2 ** 30, end: 3 * 2 ** 30 },
      holdout: { seed: referenceMurmur3('["drawn once","holdout"]', 0), end: 2 ** 28 },
    });
  });

  it('holds no holdout of nobody', () => {
    expect(pack(anExperiment(), { share: 0, salt: 'drawn once' })).toEqual(pack(anExperiment()));
  });

  it('carries the address of the first step only', () => {
    const url = (path: string) => `https://shop.example/${path}`;
    const [ask = { id: 'buy', name: 'Buy' }] = steps('buy');
    const experiment = anExperiment({
      variants: [
        { id: 'one-ask', name: 'One', steps: [{ ...ask, url: url('buy') }] },
        {
          id: 'ladder',
          name: 'Two',
          steps: [
            { id: 'q', name: 'Q', url: url('q') },
            { ...ask, url: url('later') },
          ],
        },
      ],
    });
    expect(pack(experiment)?.variants).toEqual([
      { id: 'one-ask', url: url('buy') },
      { id: 'ladder', url: url('q') },
    ]);
  });

  it.each([
    { status: 'paused', ship: undefined, serve: 0 },
    { status: 'concluded', ship: undefined, serve: 0 },
    { status: 'concluded', ship: 'ladder', serve: 1 },
  ] as const)('serves everyone variant $serve when $status with $ship shipped', ({ status, ship, serve }) => {
    expect(pack(anExperiment({ status, ...(ship && { ship }) }))).toMatchObject({ kind: 'fixed', serve });
  });

  it('splits as before once a paused experiment is resumed', () => {
    const running = anExperiment();
    const paused = moved(running, 'paused', NOON);
    const resumed = 'field' in paused ? paused : moved(paused, 'resumed', NOON);
    if ('field' in resumed) throw new Error(resumed.message);
    expect(pack(resumed)).toEqual({ ...pack(running), revision: 4 });
  });

  it('survives JSON, as an edge store keeps it', () => {
    const packed = pack(anExperiment({ forced: { toString: 'ladder' }, enrolment: { from: '2026-01-01T00:00:00Z' } }));
    expect(JSON.parse(JSON.stringify(packed))).toEqual(packed);
  });
});

describe('seedOf', () => {
  it('draws every purpose apart, and tells salt from purpose', () => {
    const seeds = (['variant', 'traffic', 'layer', 'holdout'] as const).map((purpose) => seedOf('salt', purpose));
    expect(new Set(seeds).size).toBe(4);
    expect(seedOf('saltv', 'variant')).not.toBe(seedOf('salt', 'variant'));
  });
});
