import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { murmur3 } from '#shared/assignment/murmur3.ts';
import { referenceMurmur3 } from '../support/reference-murmur3.ts';

/** Published with SMHasher and with several independent ports of it. */
const PUBLISHED = [
  { text: '', seed: 0, hash: 0 },
  { text: '', seed: 1, hash: 0x514e28b7 },
  { text: '', seed: 0xffffffff, hash: 0x81f16f39 },
  { text: 'test', seed: 0, hash: 0xba6bd213 },
  { text: 'test', seed: 0x9747b28c, hash: 0x704b81dc },
  { text: 'Hello, world!', seed: 0, hash: 0xc0363e43 },
  { text: 'Hello, world!', seed: 0x9747b28c, hash: 0x24884cba },
  { text: 'The quick brown fox jumps over the lazy dog', seed: 0, hash: 0x2e4ff723 },
  { text: 'The quick brown fox jumps over the lazy dog', seed: 0x9747b28c, hash: 0x2fa826cd },
  { text: 'aaaa', seed: 0x9747b28c, hash: 0x5a97808a },
  { text: 'aaa', seed: 0x9747b28c, hash: 0x283e0130 },
  { text: 'aa', seed: 0x9747b28c, hash: 0x5d211726 },
  { text: 'a', seed: 0x9747b28c, hash: 0x7fa09ea6 },
  { text: 'ππππππππ', seed: 0x9747b28c, hash: 0xd58063c1 },
];

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  // UTF-16 units as they fall, so that half of a pair often stands alone.
  fc
    .array(fc.oneof(fc.integer({ min: 0xd7f0, max: 0xe00f }), fc.integer({ min: 0, max: 0xffff })), { maxLength: 20 })
    .map((units) => String.fromCharCode(...units)),
);
const anySeed = fc.integer({ min: 0, max: 0xffffffff });

describe('murmur3', () => {
  it.each(PUBLISHED)('gives the published hash of "$text" with seed $seed', ({ text, seed, hash }) => {
    expect(murmur3(text, seed)).toBe(hash);
    expect(referenceMurmur3(text, seed)).toBe(hash);
  });

  it('hashes the UTF-8 bytes of any text, a lone surrogate as U+FFFD', () => {
    fc.assert(
      fc.property(anyText, anySeed, (text, seed) => {
        expect(murmur3(text, seed)).toBe(referenceMurmur3(text, seed));
      }),
      { numRuns: 3_000 },
    );
  });

  it('reads every length of character at every place of a block alike', () => {
    const characters = ['a', 'é', '東', '🙂', '\ud800', '\udc00'];
    for (const first of characters)
      for (const second of characters)
        for (const third of characters)
          for (const fill of ['', 'x', 'xx', 'xxx']) {
            const text = fill + first + second + third;
            expect(murmur3(text, 7), JSON.stringify(text)).toBe(referenceMurmur3(text, 7));
          }
  });

  it('is an unsigned integer of 32 bits', () => {
    fc.assert(
      fc.property(anyText, anySeed, (text, seed) => {
        const hash = murmur3(text, seed);
        return Number.isInteger(hash) && hash >= 0 && hash < 2 ** 32;
      }),
    );
  });
});
