import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assign } from '#shared/assignment/assign.ts';
import { murmur3 } from '#shared/assignment/murmur3.ts';
import { pack } from '#shared/assignment/pack.ts';
import type { Holdout } from '#shared/experiment/holdout.ts';
import type { PackedExperiment, PackedSplit } from '#shared/experiment/packed.ts';
import { anExperiment, DAY, type DefinitionInput, NOON, withWeights } from '../support/an-experiment.ts';
import { committedVectors, referenceVectors } from '../support/assignment-vectors.ts';

type Input = Parameters<typeof anExperiment>[0];
const packed = (input: Input = {}, holdout?: Holdout): PackedExperiment => {
  const form = pack(anExperiment(input), holdout);
  if (form === undefined) throw new Error('a draft has no packed form');
  return form;
};
const visitors = (count: number, prefix = 'visitor-') => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
const variantOf = (form: PackedExperiment, visitor: string) => assign(form, visitor, {}, NOON).variant;
const isIn = (form: PackedExperiment, visitor: string) => assign(form, visitor, {}, NOON).kind === 'assigned';

/** Association of two yes-or-no draws over the same visitors: chi-squared with one degree of freedom is n φ². */
function phi(pairs: readonly (readonly [boolean, boolean])[]): number {
  const n = pairs.length;
  const count = (test: (pair: readonly [boolean, boolean]) => boolean) => pairs.filter(test).length;
  const a = count(([x]) => x);
  const b = count(([, y]) => y);
  const both = count(([x, y]) => x && y);
  return (n * both - a * b) / Math.sqrt(a * (n - a) * b * (n - b));
}

describe('assign', () => {
  it('keeps every visitor in place while traffic only grows', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, fc.string({ minLength: 1 }), (a, b, visitor) => {
        const less = packed({ traffic: Math.min(a, b), ...withWeights(2, 3, 5) });
        const more = packed({ traffic: Math.max(a, b), ...withWeights(2, 3, 5) });
        if (isIn(less, visitor)) expect(assign(more, visitor, {}, NOON)).toEqual(assign(less, visitor, {}, NOON));
      }),
    );
    const [ten, twenty] = [packed({ traffic: 0.1 }), packed({ traffic: 0.2 })];
    const early = visitors(2_000).filter((visitor) => isIn(ten, visitor));
    expect(early.length).toBeGreaterThan(100);
    expect(
      early.every((visitor) => isIn(twenty, visitor) && variantOf(ten, visitor) === variantOf(twenty, visitor)),
    ).toBe(true);
  });

  it('gives weights [1, 1] and [5000, 5000] the same visitors', () => {
    const [ones, thousands] = [packed(withWeights(1, 1)), packed(withWeights(5_000, 5_000))];
    for (const visitor of visitors(2_000)) expect(variantOf(thousands, visitor)).toBe(variantOf(ones, visitor));
  });

  it('takes part of the audience that is within four standard errors of the traffic', () => {
    const traffic = 0.3;
    const taking = visitors(20_000).filter((visitor) => isIn(packed30, visitor)).length;
    expect(Math.abs(taking - 20_000 * traffic)).toBeLessThan(4 * Math.sqrt(20_000 * traffic * (1 - traffic)));
  });
  const packed30 = packed({ traffic: 0.3 });

  it('splits independently in two experiments', () => {
    const [one, other] = [packed({ salt: 'one' }), packed({ salt: 'other' })];
    const ids = visitors(20_000);
    const association = phi(ids.map((id) => [variantOf(one, id) === 0, variantOf(other, id) === 0]));
    expect(Math.abs(association)).toBeLessThan(4 / Math.sqrt(ids.length));
    // The same salt twice is the failing control: without salts, one experiment's winners are the other's.
    expect(phi(ids.map((id) => [variantOf(one, id) === 0, variantOf(packed1, id) === 0]))).toBe(1);
  });
  const packed1 = packed({ salt: 'one' });

  const reasonOf = (form: PackedExperiment, visitor: string, at = NOON) => assign(form, visitor, {}, at).reason;
  const held = (share: number): Holdout => ({ share, salt: 'of the installation' });
  const slice = (from: number, until: number, name = 'checkout') => ({ layer: { name, from, until } });
  const share = fc.double({ min: 0, max: 1, noNaN: true });

  it('keeps every visitor in place while a ramp grows, and takes part of them by its last step that has come', () => {
    const ramp = [0.1, 0.3, 1].map((traffic, day) => ({ at: new Date(NOON + day * DAY).toISOString(), traffic }));
    const ramped = packed({ traffic: 0.02, ramp, ...withWeights(2, 3, 5) });
    const instants = [NOON - 1, NOON, NOON + DAY - 1, NOON + DAY, NOON + 2 * DAY, NOON + 9 * DAY];
    const plain = [0.02, 0.1, 0.1, 0.3, 1, 1].map((traffic) => packed({ traffic, ...withWeights(2, 3, 5) }));
    for (const visitor of visitors(2_000)) {
      const decisions = instants.map((at) => assign(ramped, visitor, {}, at));
      expect(decisions).toEqual(plain.map((form) => assign(form, visitor, {}, NOON)));
      const joined = decisions.findIndex(({ kind }) => kind === 'assigned');
      expect(decisions.slice(joined)).toEqual(decisions.slice(joined).map(() => decisions[joined]));
    }
  });

  it('assigns a visitor in at most one experiment of a layer, and in exactly one where slices fill it', () => {
    const cuts = fc.uniqueArray(share, { maxLength: 5 }).map((points) => [0, ...points, 1].sort((a, b) => a - b));
    fc.assert(
      fc.property(cuts, fc.string({ minLength: 1 }), (points, visitor) => {
        const slices = points.slice(1).flatMap((until, i) => {
          const from = points[i] ?? 0;
          return from < until ? [packed({ id: `e-${i}`, salt: `salt-${i}`, ...slice(from, until) })] : [];
        });
        const reasons = slices.map((form) => reasonOf(form, visitor)).sort();
        expect(reasons).toEqual([...slices.slice(1).map(() => 'excluded'), 'split']);
      }),
    );
  });

  it('takes as many of a layer as the slice is wide, the same whatever the experiment', () => {
    const [one, other] = [packed({ salt: 'a', ...slice(0.2, 0.5) }), packed({ salt: 'b', ...slice(0.2, 0.5) })];
    const ids = visitors(20_000);
    const inside = ids.filter((id) => isIn(one, id));
    expect(Math.abs(inside.length - 6_000)).toBeLessThan(4 * Math.sqrt(20_000 * 0.3 * 0.7));
    expect(ids.filter((id) => isIn(other, id))).toEqual(inside);
    const another = packed(slice(0.2, 0.5, 'another'));
    expect(ids.filter((id) => isIn(another, id))).not.toEqual(inside);
  });

  it('holds the same visitors out of every experiment, and only more of them when the share grows', () => {
    const [one, other] = [packed({ salt: 'a' }, held(0.1)), packed({ id: 'b', salt: 'b' }, held(0.1))];
    const ids = visitors(20_000);
    const out = ids.filter((id) => reasonOf(one, id) === 'held-out');
    expect(Math.abs(out.length - 2_000)).toBeLessThan(4 * Math.sqrt(20_000 * 0.1 * 0.9));
    expect(ids.filter((id) => reasonOf(other, id) === 'held-out')).toEqual(out);
    const more = packed({ salt: 'a' }, held(0.2));
    expect(out.every((id) => reasonOf(more, id) === 'held-out')).toBe(true);
  });

  it('splits whoever is left as if nobody had been held out or excluded', () => {
    fc.assert(
      fc.property(share, share, share, fc.string({ minLength: 1 }), (out, a, b, visitor) => {
        const [from, until] = [Math.min(a, b), Math.max(a, b)];
        fc.pre(from < until);
        const decision = assign(
          packed({ ...withWeights(2, 3, 5), ...slice(from, until) }, held(out)),
          visitor,
          {},
          NOON,
        );
        if (decision.kind === 'assigned')
          expect(decision).toEqual(assign(packed(withWeights(2, 3, 5)), visitor, {}, NOON));
      }),
    );
  });

  it('counts the point where a slice begins to it, and the point where it ends to what follows', () => {
    const split = packed() as PackedSplit;
    for (const visitor of visitors(50)) {
      const seed = 1234;
      const point = murmur3(visitor, seed);
      const heldOut = (end: number) => reasonOf({ ...split, holdout: { seed, end } }, visitor) === 'held-out';
      expect([heldOut(point), heldOut(point + 1)]).toEqual([false, true]);
      const inLayer = (start: number, end: number) =>
        reasonOf({ ...split, layer: { seed, from: start, end } }, visitor) !== 'excluded';
      expect([inLayer(point, point + 1), inLayer(point + 1, 2 ** 32), inLayer(0, point)]).toEqual([true, false, false]);
      const traffic = murmur3(visitor, split.trafficSeed);
      const takesPart = (trafficEnd: number) => isIn({ ...split, trafficEnd }, visitor);
      expect([takesPart(traffic), takesPart(traffic + 1)]).toEqual([false, true]);
    }
  });

  it('draws holdout, layer, traffic and variant independently of one another', () => {
    const ids = visitors(20_000);
    const salt = { salt: 'draws' };
    const split = packed(salt) as PackedSplit;
    const splitOf = (id: string) => variantOf(split, id) === 0;
    const draws: Readonly<Record<string, (id: string) => boolean>> = {
      holdout: drawOf(packed(salt, held(0.5))),
      layer: drawOf(packed({ ...salt, ...slice(0, 0.5) })),
      traffic: drawOf(packed({ ...salt, traffic: 0.5 })),
      variant: splitOf,
    };
    const names = Object.keys(draws);
    const seen = names.map((name) => ids.map((id) => draws[name]?.(id) ?? false));
    for (let i = 0; i < names.length; i++)
      for (let j = 0; j < i; j++) {
        const association = phi(ids.map((_, k) => [seen[i]?.[k] ?? false, seen[j]?.[k] ?? false]));
        expect(Math.abs(association), `${names[i]} and ${names[j]}`).toBeLessThan(4 / Math.sqrt(ids.length));
      }
    // The failing control: a layer drawn with the seed of the split takes one variant's visitors and leaves the other's.
    const careless = drawOf({ ...split, layer: { seed: split.seed, from: 0, end: 2 ** 31 } });
    expect(phi(ids.map((id) => [careless(id), splitOf(id)]))).toBe(1);
  });
  const drawOf = (form: PackedExperiment) => (id: string) => isIn(form, id);

  it('gives the widest reason of several', () => {
    const narrow: Input = { ...slice(0.5, 1), audience: [{ attribute: 'a', operator: 'present' }], traffic: 0 };
    const [everything, noHoldout] = [packed(narrow, held(0.5)), packed(narrow)];
    const audienceOnly = packed({ audience: narrow.audience ?? [], traffic: 0 });
    for (const visitor of visitors(200)) {
      const heldOut = reasonOf(packed({}, held(0.5)), visitor) === 'held-out';
      const excluded = reasonOf(packed(slice(0.5, 1)), visitor) === 'excluded';
      expect(reasonOf(noHoldout, visitor)).toBe(excluded ? 'excluded' : 'not-targeted');
      expect(reasonOf(everything, visitor)).toBe(heldOut ? 'held-out' : excluded ? 'excluded' : 'not-targeted');
      expect(reasonOf(audienceOnly, visitor)).toBe('not-targeted');
    }
  });

  const FORCED: Partial<DefinitionInput> = { forced: { preview: 'ladder', constructor: 'ladder' } };
  const from = '2026-01-15T12:00:00Z';
  const until = '2026-01-15T13:00:00Z';
  it.each<{
    name: string;
    input: Input;
    holdout?: Holdout;
    visitor?: string;
    at?: number;
    reason: string;
    kind: string;
    variant?: number;
  }>([
    { name: 'splits a visitor', input: {}, reason: 'split', kind: 'assigned' },
    { name: 'forces a visitor', input: FORCED, visitor: 'preview', reason: 'forced', kind: 'assigned', variant: 1 },
    {
      name: 'forces a visitor called constructor',
      input: FORCED,
      visitor: 'constructor',
      reason: 'forced',
      kind: 'assigned',
      variant: 1,
    },
    {
      name: 'does not force a visitor called toString',
      input: FORCED,
      visitor: 'toString',
      reason: 'split',
      kind: 'assigned',
    },
    {
      name: 'does not force a visitor called __proto__',
      input: FORCED,
      visitor: '__proto__',
      reason: 'split',
      kind: 'assigned',
    },
    {
      name: 'forces whatever traffic and audience say',
      input: { ...FORCED, traffic: 0, audience: [{ attribute: 'a', operator: 'present' }] },
      visitor: 'preview',
      reason: 'forced',
      kind: 'assigned',
      variant: 1,
    },
    {
      name: 'forces whatever holdout and layer say',
      input: { ...FORCED, layer: { name: 'checkout', from: 0, until: 1e-9 } },
      holdout: { share: 1, salt: 'everyone' },
      visitor: 'preview',
      reason: 'forced',
      kind: 'assigned',
      variant: 1,
    },
    {
      name: 'serves the control to whom the holdout keeps out',
      input: { control: 'ladder' },
      holdout: { share: 1, salt: 'everyone' },
      reason: 'held-out',
      kind: 'not-assigned',
      variant: 1,
    },
    {
      name: 'serves the control to whom the layer leaves to others',
      input: { control: 'ladder', layer: { name: 'checkout', from: 0, until: 1e-9 } },
      reason: 'excluded',
      kind: 'not-assigned',
      variant: 1,
    },
    {
      name: 'serves the control before enrolment',
      input: { enrolment: { from } },
      at: NOON - 1,
      reason: 'not-running',
      kind: 'not-assigned',
      variant: 0,
    },
    {
      name: 'splits from the first instant of enrolment',
      input: { enrolment: { from } },
      at: NOON,
      reason: 'split',
      kind: 'assigned',
    },
    {
      name: 'splits until the last instant of enrolment',
      input: { enrolment: { until } },
      at: NOON + 3_599_999,
      reason: 'split',
      kind: 'assigned',
    },
    {
      name: 'serves the control from the end of enrolment',
      input: { enrolment: { until } },
      at: NOON + 3_600_000,
      reason: 'not-running',
      kind: 'not-assigned',
      variant: 0,
    },
    {
      name: 'serves the control to whom the audience leaves out',
      input: { audience: [{ attribute: 'a', operator: 'present' }] },
      reason: 'not-targeted',
      kind: 'not-assigned',
      variant: 0,
    },
    {
      name: 'serves the control outside the traffic',
      input: { traffic: 0 },
      reason: 'outside-traffic',
      kind: 'not-assigned',
      variant: 0,
    },
    {
      name: 'serves the control while paused',
      input: { ...FORCED, status: 'paused' },
      visitor: 'preview',
      reason: 'not-running',
      kind: 'not-assigned',
      variant: 0,
    },
    {
      name: 'serves the control after a conclusion that ships nothing',
      input: { status: 'concluded' },
      reason: 'not-running',
      kind: 'not-assigned',
      variant: 0,
    },
    {
      name: 'serves what was shipped',
      input: { status: 'concluded', ship: 'ladder' },
      reason: 'not-running',
      kind: 'not-assigned',
      variant: 1,
    },
  ])('$name', ({ input, holdout, visitor = 'anyone', at = NOON, reason, kind, variant }) => {
    const decision = assign(packed(input, holdout), visitor, {}, at);
    expect(decision).toMatchObject({ reason, kind });
    if (variant !== undefined) expect(decision.variant).toBe(variant);
  });

  it('serves the control, wherever it stands among the variants', () => {
    expect(assign(packed({ control: 'ladder', traffic: 0 }), 'anyone', {}, NOON).variant).toBe(1);
    expect(assign(packed({ control: 'ladder', status: 'paused' }), 'anyone', {}, NOON).variant).toBe(1);
  });
});

describe('the shared vectors', () => {
  const vectors = committedVectors();

  it('are of the version this code is written for', () => {
    expect(vectors.specVersion).toBe(1);
  });

  it('are what the reference hash and ADR 2 ask for', () => {
    expect(vectors).toEqual(referenceVectors());
  });

  it('hold for every hash', () => {
    for (const { text, seed, hash } of vectors.hashes) expect(murmur3(text, seed), JSON.stringify(text)).toBe(hash);
  });

  it.each(vectors.experiments)('hold for $name', ({ packed: form, decisions }) => {
    for (const { visitor, attributes, at, point, variant, reason } of decisions) {
      const decision = assign(form, visitor, attributes, at);
      expect([visitor, form.variants[decision.variant]?.id, decision.reason]).toEqual([visitor, variant, reason]);
      if (form.kind === 'split') expect(murmur3(visitor, form.seed)).toBe(point);
    }
  });

  it('reach every variant and every reason that a packed experiment can give', () => {
    const decisions = vectors.experiments.flatMap((experiment) => experiment.decisions);
    expect(new Set(decisions.map(({ reason }) => reason))).toEqual(
      new Set(['split', 'forced', 'not-running', 'held-out', 'excluded', 'not-targeted', 'outside-traffic']),
    );
    expect(new Set(decisions.map(({ variant }) => variant))).toEqual(new Set(['a', 'b', 'c']));
  });
});
