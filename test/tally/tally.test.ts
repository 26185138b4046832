import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { segmentKey } from '#shared/experiment/segment-key.ts';
import { CLASSES } from '#shared/journey/signal.ts';
import { cellKey, distance, minus, NOTHING, parseCellKey, plus, type Tally, TallySum } from '#shared/tally/tally.ts';

const aTally: fc.Arbitrary<Tally> = fc
  .array(
    fc.tuple(
      fc.constantFrom('1#1#5#a#human#', '1#1#6#a#human#', '1#1#5#b#machine#x=y'),
      fc.dictionary(fc.constantFrom('n', 'f0', 'f1', 'value'), fc.integer({ min: -3, max: 3 }).filter(Boolean), {
        minKeys: 1,
        noNullPrototype: true,
      }),
    ),
  )
  .map((cells) => new Map(cells));

describe('plus', () => {
  it('is commutative and associative, and nothing changes nothing', () => {
    fc.assert(
      fc.property(aTally, aTally, aTally, (a, b, c) => {
        expect(plus(a, b)).toEqual(plus(b, a));
        expect(plus(plus(a, b), c)).toEqual(plus(a, plus(b, c)));
        expect(plus(a, NOTHING)).toEqual(a);
      }),
    );
  });
});

describe('minus', () => {
  it('undoes plus and leaves no zeros behind', () => {
    fc.assert(
      fc.property(aTally, aTally, (a, b) => {
        expect(minus(plus(a, b), b)).toEqual(a);
        expect(minus(a, a)).toEqual(NOTHING);
      }),
    );
  });
});

describe('TallySum', () => {
  it('leaves what it adds as it was', () => {
    const tally: Tally = new Map([['cell', { n: 1 }]]);
    new TallySum().add(tally).add(tally).add(tally, -1).total();
    new TallySum().add(tally, -1).add(tally, -1).total();
    expect(tally).toEqual(new Map([['cell', { n: 1 }]]));
  });

  it('can be read between additions', () => {
    const sum = new TallySum().add(new Map([['cell', { n: 1 }]]));
    const before = sum.total();
    sum.add(new Map([['cell', { n: 1, f0: 1 }]]));
    expect(before).toEqual(new Map([['cell', { n: 1 }]]));
    expect(sum.total()).toEqual(new Map([['cell', { n: 2, f0: 1 }]]));
  });
});

describe('distance', () => {
  it('is a metric: zero only between equals, symmetric, and no detour is shorter', () => {
    fc.assert(
      fc.property(aTally, aTally, aTally, (a, b, c) => {
        expect(distance(a, a)).toBe(0);
        expect(distance(a, b) === 0).toBe(minus(a, b).size === 0);
        expect(distance(a, b)).toBe(distance(b, a));
        expect(distance(a, c)).toBeLessThanOrEqual(distance(a, b) + distance(b, c));
      }),
    );
  });

  it('does not let errors of opposite sign cancel', () => {
    expect(
      distance(
        new Map([
          ['a', { n: 1 }],
          ['b', { n: 1 }],
        ]),
        new Map([['a', { n: 2 }]]),
      ),
    ).toBe(2);
    expect(distance(new Map([['a', { f0: 1 }]]), new Map([['a', { f1: 1 }]]))).toBe(2);
  });
});

describe('cellKey', () => {
  it('is read back as it was written, whatever the segments are called', () => {
    const segments = fc.dictionary(
      fc.string({ minLength: 1, maxLength: 5, unit: 'grapheme' }),
      fc.string({ maxLength: 5, unit: 'grapheme' }),
      { maxKeys: 3 },
    );
    const natural = fc.nat(50_000);
    fc.assert(
      fc.property(
        natural,
        natural,
        natural,
        fc.constantFrom('a', 'one-ask', 'constructor'),
        fc.constantFrom(...CLASSES),
        segments,
        (sequence, epoch, day, variant, visitorClass, given) => {
          const cell = { sequence, epoch, day, variant, class: visitorClass, segment: segmentKey(given) };
          expect(parseCellKey(cellKey(cell))).toEqual(cell);
        },
      ),
    );
  });
});

describe('segmentKey', () => {
  it('is one for one set of segments in any order, and differs between sets', () => {
    expect(segmentKey({ b: '2', a: '1' })).toBe(segmentKey({ a: '1', b: '2' }));
    expect(segmentKey({})).toBe('');
    expect(
      new Set([
        segmentKey({ a: '1&b=2' }),
        segmentKey({ a: '1', b: '2' }),
        segmentKey({ 'a=1&b': '2' }),
        segmentKey({ 'a#': '1' }),
      ]).size,
    ).toBe(4);
  });
});
