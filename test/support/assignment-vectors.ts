import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Attributes, PackedExperiment, PackedSplit } from '#shared/experiment/packed.ts';
import { referenceMurmur3 } from './reference-murmur3.ts';

/**
 * What every implementation of the assignment has to give: hashes, and decisions with their reasons.
 * `specVersion` rises when an entry changes, because a changed entry is a reassigned population.
 */
export type AssignmentVectors = {
  readonly specVersion: 1;
  readonly hashes: readonly { readonly text: string; readonly seed: number; readonly hash: number }[];
  readonly experiments: readonly {
    readonly name: string;
    readonly packed: PackedExperiment;
    readonly decisions: readonly Decision[];
  }[];
};

export type Decision = {
  readonly visitor: string;
  readonly attributes: Attributes;
  readonly at: number;
  /** Where the visitor lies on the line of the variants, whether or not it is asked. */
  readonly point: number;
  readonly variant: string;
  readonly reason: string;
};

const FILE = fileURLToPath(new URL('../fixtures/vectors/assignment.json', import.meta.url));

export const committedVectors = (): AssignmentVectors => JSON.parse(readFileSync(FILE, 'utf8')) as AssignmentVectors;

/** Ids of many scripts, lengths and shapes; the last ones are what a hash over UTF-16 or a careless key would get wrong. */
export const IDS: readonly string[] = [
  'a',
  'visitor-1',
  'visitor-2',
  'visitor-10',
  'c56a4180-65aa-42ec-a945-5fd21dec0538',
  'Zm9vYmFyYmF6cXV4cXV1eA',
  '0',
  '00',
  ' ',
  'José',
  'Jose\u0301',
  'Zürich',
  'Łódź',
  'Ελλάδα',
  'ππππππππ',
  'Москва',
  'تونس',
  'ירושלים',
  'दिल्ली',
  'กรุงเทพ',
  '東京',
  '서울',
  '🙂',
  '👩‍👩‍👧‍👦',
  '🇨🇭',
  '𝔘𝔫𝔦',
  'a🙂b',
  'ab🙂c',
  'abc🙂',
  '\ud800',
  'x\udfff',
  '\udc00\ud800',
  '\ufffd',
  '\u0000',
  '\u007f\u0080\u07ff\u0800\uffff',
  '__proto__',
  'constructor',
  'toString',
  'x'.repeat(128),
];

const AT = Date.UTC(2026, 0, 15, 12);
const variants = (...ids: readonly string[]) => ids.map((id) => ({ id }));
const split = (salt: string, rest: Partial<PackedSplit>): PackedSplit => ({
  kind: 'split',
  id: 'vectors',
  revision: 2,
  sequence: 1,
  epoch: 1,
  control: 0,
  variants: variants('a', 'b'),
  seed: referenceMurmur3(JSON.stringify([salt, 'variant']), 0),
  trafficSeed: referenceMurmur3(JSON.stringify([salt, 'traffic']), 0),
  trafficEnd: 2 ** 32,
  ends: [2 ** 31, 2 ** 32],
  audience: [],
  forced: {},
  ...rest,
});

const MIDDLE = {
  seed: referenceMurmur3(JSON.stringify(['checkout', 'layer']), 0),
  from: 1_431_655_765,
  end: 2_863_311_531,
};
const FIFTH = { seed: referenceMurmur3(JSON.stringify(['of the installation', 'holdout']), 0), end: 858_993_459 };

const EXPERIMENTS: readonly { name: string; packed: PackedExperiment; attributes?: Attributes; ats?: number[] }[] = [
  { name: 'halves', packed: split('halves', {}) },
  {
    name: 'weights 1, 2 and 7',
    packed: split('sevenths', {
      variants: variants('a', 'b', 'c'),
      ends: [Math.floor(2 ** 32 / 10), Math.floor((2 ** 32 * 3) / 10), 2 ** 32],
    }),
  },
  {
    name: 'an empty slice between two halves',
    packed: split('empty', { variants: variants('a', 'b', 'c'), ends: [2 ** 31, 2 ** 31, 2 ** 32] }),
  },
  { name: 'a third of the traffic', packed: split('traffic', { trafficEnd: 1_431_655_765 }) },
  {
    name: 'an audience that a visitor satisfies',
    packed: split('audience', {
      audience: [
        { attribute: 'country', operator: 'one-of', values: ['CH', 'DE'] },
        { attribute: 'age', operator: 'at-least', values: [18] },
      ],
    }),
    attributes: { country: 'CH', age: 18 },
  },
  {
    name: 'an audience that a visitor misses by type',
    packed: split('audience', { audience: [{ attribute: 'age', operator: 'at-least', values: [18] }] }),
    attributes: { age: '18' },
  },
  {
    name: 'forced visitors with the names of prototypes',
    packed: split('forced', { forced: { constructor: 1, 'visitor-1': 1, 東京: 0 } }),
  },
  {
    name: 'an enrolment at its four edges',
    packed: split('enrolment', { from: AT, until: AT + 1000 }),
    ats: [AT - 1, AT, AT + 999, AT + 1000],
  },
  {
    name: 'a ramp before its first step, at it, at its second and after',
    packed: split('ramp', {
      trafficEnd: 429_496_730,
      ramp: [
        [AT, 1_288_490_189],
        [AT + 1000, 2 ** 32],
      ],
    }),
    ats: [AT - 1, AT, AT + 999, AT + 1000],
  },
  { name: 'the middle third of a layer', packed: split('layer', { layer: MIDDLE }) },
  { name: 'a fifth held out', packed: split('holdout', { holdout: FIFTH }) },
  {
    name: 'a holdout, a layer, an audience that visitors miss by a missing attribute, and traffic',
    packed: split('order', {
      holdout: FIFTH,
      layer: MIDDLE,
      audience: [{ attribute: 'returning', operator: 'is', values: [true] }],
      trafficEnd: 2 ** 31,
    }),
  },
  {
    name: 'a holdout, a layer, an audience that a visitor satisfies, a ramp, and forced visitors',
    packed: split('all', {
      holdout: FIFTH,
      layer: MIDDLE,
      audience: [{ attribute: 'returning', operator: 'is', values: [true] }],
      trafficEnd: 0,
      ramp: [[AT, 2 ** 31]],
      forced: { 'visitor-1': 1, 'visitor-2': 0, 東京: 1 },
    }),
    attributes: { returning: true },
    ats: [AT - 1, AT],
  },
  {
    name: 'a concluded experiment',
    packed: {
      kind: 'fixed',
      id: 'vectors',
      revision: 9,
      sequence: 2,
      epoch: 3,
      control: 0,
      variants: variants('a', 'b'),
      serve: 1,
    },
  },
];

/** The vectors from the reference hash and a reading of ADR 2 that shares no code with the assignment itself. */
export function referenceVectors(): AssignmentVectors {
  return {
    specVersion: 1,
    hashes: IDS.flatMap((text) =>
      [0, 1, 0x9747b28c, 0xffffffff].map((seed) => ({ text, seed, hash: referenceMurmur3(text, seed) })),
    ),
    experiments: EXPERIMENTS.map(({ name, packed, attributes = {}, ats = [AT] }) => ({
      name,
      packed,
      decisions: IDS.flatMap((visitor) => ats.map((at) => decided(packed, visitor, attributes, at, name))),
    })),
  };
}

function decided(
  packed: PackedExperiment,
  visitor: string,
  attributes: Attributes,
  at: number,
  name: string,
): Decision {
  const id = (index: number) => packed.variants[index]?.id ?? '';
  const point = packed.kind === 'split' ? referenceMurmur3(visitor, packed.seed) : 0;
  const answer = (variant: number, reason: string): Decision => ({
    visitor,
    attributes,
    at,
    point,
    variant: id(variant),
    reason,
  });
  if (packed.kind === 'fixed') return answer(packed.serve, 'not-running');
  const forced = new Map(Object.entries(packed.forced)).get(visitor);
  if (forced !== undefined) return answer(forced, 'forced');
  if (at < (packed.from ?? -Infinity) || at >= (packed.until ?? Infinity)) return answer(packed.control, 'not-running');
  const { holdout, layer } = packed;
  const drawn = (seed: number) => referenceMurmur3(visitor, seed);
  if (holdout && drawn(holdout.seed) < holdout.end) return answer(packed.control, 'held-out');
  if (layer && !(layer.from <= drawn(layer.seed) && drawn(layer.seed) < layer.end))
    return answer(packed.control, 'excluded');
  if (/ miss(es)? /.test(name)) return answer(packed.control, 'not-targeted');
  const shares = [[-Infinity, packed.trafficEnd] as const, ...(packed.ramp ?? [])].filter(([from]) => from <= at);
  if (drawn(packed.trafficSeed) >= (shares.at(-1)?.[1] ?? 0)) return answer(packed.control, 'outside-traffic');
  return answer(packed.ends.filter((end) => point >= end).length, 'split');
}

// `npx tsx test/support/assignment-vectors.ts` writes the file anew; the change then needs an ADR.
if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(FILE, `${JSON.stringify(referenceVectors(), null, 2)}\n`);
