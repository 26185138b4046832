import { describe, expect, it } from 'vitest';
import { murmur3 } from '#shared/assignment/murmur3.ts';
import { seedOf } from '#shared/assignment/pack.ts';
import { seeded } from '../../local/simulation/random.ts';

const LINE = 2 ** 32;
const IDS = 50_000;

const random = seeded(20260115);
const hex = (digits: number) =>
  Array.from({ length: digits }, () => Math.floor(random.uniform() * 16).toString(16)).join('');
const base36 = (i: number) => i.toString(36);

/** What ids look like in the field. The sequential ones are the hard ones: they differ in a digit or two. */
const FAMILIES: readonly { family: string; ids: readonly string[] }[] = [
  { family: 'sequential', ids: Array.from({ length: IDS }, (_, i) => String(i)) },
  { family: 'UUID', ids: Array.from({ length: IDS }, () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`) },
  { family: 'short', ids: Array.from({ length: IDS }, (_, i) => base36(i + 46_656)) },
  { family: 'e-mail-like', ids: Array.from({ length: IDS }, (_, i) => `user${base36(i)}@mail${i % 7}.example.com`) },
];

/** Pairs of salts as people write them: one character, one digit or one suffix apart. */
const SALT_PAIRS: readonly (readonly [string, string])[] = [
  ...Array.from({ length: 15 }, (_, i) => [`exp-${i}`, `exp-${i + 1}`] as const),
  ...Array.from({ length: 15 }, (_, i) => [`${i}`, `${i + 1}`] as const),
  ...Array.from({ length: 15 }, (_, i) => [`checkout-v${i}`, `checkout-v${i + 10}`] as const),
  ...Array.from({ length: 14 }, (_, i) => [String.fromCharCode(97 + i), String.fromCharCode(98 + i)] as const),
];

type Hash = (id: string, salt: string) => number;
const seeds = new Map(SALT_PAIRS.flat().map((salt) => [salt, seedOf(salt, 'variant')]));
const ours: Hash = (id, salt) => murmur3(id, seeds.get(salt) ?? 0);

/** The failing control: FNV-1a in one pass over id and salt. The salt comes last, so it hardly stirs what the id has made. */
const onePassFnv: Hash = (id, salt) => {
  let hash = 0x811c9dc5;
  for (const text of [id, salt])
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
};

/** How many standard deviations a chi-squared over equal cells lies from what chance gives. */
function surprise(cells: Uint32Array, degrees: number): number {
  const expected = IDS / cells.length;
  const chiSquared = cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return (chiSquared - degrees) / Math.sqrt(2 * degrees);
}

function evenness(hash: Hash, ids: readonly string[], salt: string): number {
  const buckets = new Uint32Array(10_000);
  for (const id of ids) {
    const bucket = Math.floor((hash(id, salt) / LINE) * 10_000);
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  }
  return surprise(buckets, 9_999);
}

function independence(
  hash: Hash,
  ids: readonly string[],
  [a, b]: readonly [string, string],
): { joint: number; phi: number } {
  const table = new Uint32Array(100 * 100);
  let agreements = 0;
  for (const id of ids) {
    const [x, y] = [hash(id, a) / LINE, hash(id, b) / LINE];
    const cell = Math.floor(x * 100) * 100 + Math.floor(y * 100);
    table[cell] = (table[cell] ?? 0) + 1;
    agreements += x < 0.5 === y < 0.5 ? 1 : 0;
  }
  return { joint: surprise(table, 9_999), phi: (2 * agreements - ids.length) / ids.length };
}

/** Beyond this many standard deviations in any of about a hundred looks, chance is no explanation. */
const BOUND = 5;
const familyOf = (pair: number) => FAMILIES[pair % FAMILIES.length]?.ids ?? [];

describe('the hash of an assignment', () => {
  it.each(FAMILIES)('fills 10,000 buckets evenly with $family ids', ({ ids }) => {
    for (const salt of ['exp-1', '1', 'a']) expect(Math.abs(evenness(ours, ids, salt))).toBeLessThan(BOUND);
  });

  it(`puts the visitors of ${SALT_PAIRS.length} pairs of look-alike salts on independent points`, () => {
    const looks = SALT_PAIRS.map((pair, i) => independence(ours, familyOf(i), pair));
    expect(Math.max(...looks.map(({ joint }) => Math.abs(joint)))).toBeLessThan(BOUND);
    expect(Math.max(...looks.map(({ phi }) => Math.abs(phi)))).toBeLessThan(BOUND / Math.sqrt(IDS));
  });

  it('puts the draws of one salt on independent points: holdout, layer, traffic and variant', () => {
    const purposes = ['holdout', 'layer', 'traffic', 'variant'] as const;
    const seedsOf = new Map<string, number>(purposes.map((purpose) => [purpose, seedOf('checkout', purpose)]));
    const drawn: Hash = (id, purpose) => murmur3(id, seedsOf.get(purpose) ?? 0);
    const pairs = purposes.flatMap((a, i) => purposes.slice(0, i).map((b) => [a, b] as const));
    const looks = pairs.map((pair, i) => independence(drawn, familyOf(i), pair));
    expect(Math.max(...looks.map(({ joint }) => Math.abs(joint)))).toBeLessThan(BOUND);
    expect(Math.max(...looks.map(({ phi }) => Math.abs(phi)))).toBeLessThan(BOUND / Math.sqrt(IDS));
    // The failing control: one draw for two questions.
    const shared = independence((id) => drawn(id, 'variant'), familyOf(0), ['layer', 'variant']);
    expect([shared.phi, shared.joint > 1_000]).toEqual([1, true]);
  });

  it('is screened by a test that a one-pass FNV fails', () => {
    const looks = SALT_PAIRS.slice(0, 8).map((pair, i) => independence(onePassFnv, familyOf(i), pair));
    expect(Math.max(...looks.map(({ joint }) => joint))).toBeGreaterThan(1_000);
    expect(Math.max(...looks.map(({ phi }) => Math.abs(phi)))).toBeGreaterThan(BOUND / Math.sqrt(IDS));
  });
});
