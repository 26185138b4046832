import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freeSlices, overlaps } from '#shared/assignment/layer.ts';

const aShare = fc.double({ min: 0, max: 1, noNaN: true });
const aSlice = fc
  .tuple(aShare, aShare)
  .filter(([a, b]) => a !== b)
  .map(([a, b]) => ({ from: Math.min(a, b), until: Math.max(a, b) }));

describe('overlaps', () => {
  it.each([
    { a: [0, 0.5], b: [0.5, 1], is: false },
    { a: [0, 0.5], b: [0.49, 1], is: true },
    { a: [0.2, 0.3], b: [0, 1], is: true },
    { a: [0, 0.1 + 0.2], b: [0.3, 1], is: false },
  ] as const)('is $is of $a and $b, whichever comes first', ({ a, b, is }) => {
    const [one, other] = [
      { from: a[0], until: a[1] },
      { from: b[0], until: b[1] },
    ];
    expect([overlaps(one, other), overlaps(other, one)]).toEqual([is, is]);
  });
});

describe('freeSlices', () => {
  it.each([
    { taken: [], free: [{ from: 0, until: 1 }] },
    { taken: [{ from: 0, until: 1 }], free: [] },
    {
      taken: [
        { from: 0.5, until: 0.6 },
        { from: 0.2, until: 0.3 },
      ],
      free: [
        { from: 0, until: 0.2 },
        { from: 0.3, until: 0.5 },
        { from: 0.6, until: 1 },
      ],
    },
    {
      taken: [
        { from: 0, until: 0.1 + 0.2 },
        { from: 0.3, until: 1 },
      ],
      free: [],
    },
  ])('are $free when $taken are taken', ({ taken, free }) => {
    expect(freeSlices(taken)).toEqual(free);
  });

  it('fill the layer together with what is taken, and overlap none of it', () => {
    fc.assert(
      fc.property(fc.array(aSlice, { maxLength: 6 }), (taken) => {
        const free = freeSlices(taken);
        expect(free.some((each) => taken.some((slice) => overlaps(each, slice)))).toBe(false);
        expect(freeSlices([...taken, ...free])).toEqual([]);
      }),
    );
  });
});
