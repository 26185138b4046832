import fc, { type Arbitrary } from 'fast-check';
import { HOSTILE, HOSTILE_NAME, spoilt } from '../openapi/arbitrary-of.ts';

/** The JSON of a value with one place of it made into something JSON can say and no object can: by its text. */
type TextMutation = (text: string, pick: number) => string;

/** The place of the nth match, taken round. */
function replaceOne(text: string, pattern: RegExp, pick: number, by: (found: string) => string): string {
  const places = [...text.matchAll(pattern)];
  const place = places[pick % Math.max(1, places.length)];
  if (place === undefined) return text;
  return text.slice(0, place.index) + by(place[0]) + text.slice(place.index + place[0].length);
}

const STRING = /"(?:[^"\\]|\\.)*"(?!\s*:)/g;
const NUMBER = /(?<=[:[,])-?\d[\d.eE+-]*/g;
const FIELD = /"(?:[^"\\]|\\.)*":/g;

const nested = (depth: number, inner: string) => '{"a":'.repeat(depth) + inner + '}'.repeat(depth);

export const TEXT_MUTATIONS: Readonly<Record<string, TextMutation>> = {
  'a field twice': (text, pick) => replaceOne(text, FIELD, pick, (field) => `${field}null,${field}`),
  'a field that every object has': (text, pick) =>
    replaceOne(
      text,
      /\{/g,
      pick,
      () => '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},',
    ),
  'fields as text of a path': (text, pick) =>
    replaceOne(text, /\{/g, pick, () => '{"__proto__.polluted":true,"constructor.prototype.polluted":true,'),
  'half a character': (text, pick) => replaceOne(text, STRING, pick, () => '"\\ud800\\udc00\\udfff"'),
  'a zero byte': (text, pick) => replaceOne(text, STRING, pick, (found) => `"\\u0000${found.slice(1)}`),
  'a text that never ends': (text, pick) => replaceOne(text, STRING, pick, () => `"${'x'.repeat(12_000)}"`),
  'an id that looks like an address for ever': (text, pick) =>
    replaceOne(text, STRING, pick, () => `"a@${'.'.repeat(12_000)}@"`),
  'a number beyond doubles': (text, pick) => replaceOne(text, NUMBER, pick, () => '1e400'),
  'a number of many digits': (text, pick) => replaceOne(text, NUMBER, pick, () => '9'.repeat(5_000)),
  'a number below zero': (text, pick) => replaceOne(text, NUMBER, pick, (found) => `-${found.replace('-', '')}`),
  'a number as text': (text, pick) => replaceOne(text, NUMBER, pick, (found) => `"${found}"`),
  'a text as an object': (text, pick) => replaceOne(text, STRING, pick, (found) => `{"toString":${found},"length":1}`),
  'a text as a list': (text, pick) => replaceOne(text, STRING, pick, (found) => `[${found}]`),
  'a nest as deep as the body allows': (text, pick) => replaceOne(text, STRING, pick, (found) => nested(1_000, found)),
  'a comment': (text, pick) => replaceOne(text, /[{,]/g, pick, (found) => `${found}/* */`),
  'a trailing comma': (text) => text.replace(/\}$/, ',}'),
  'its end missing': (text, pick) => text.slice(0, pick % Math.max(1, text.length)),
  'more behind it': (text) => `${text}{}`,
};

/** A valid value with one thing wrong, as the text that is sent. */
export const mutantOf = (valid: Arbitrary<unknown>): Arbitrary<string> =>
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc
        .tuple(valid, fc.constantFrom(...Object.values(TEXT_MUTATIONS)), fc.nat(1_000))
        .map(([value, mutate, pick]) => mutate(JSON.stringify(value ?? {}), pick)),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(valid, fc.nat(10_000), HOSTILE, HOSTILE_NAME)
        .map(([value, pick, hostile, name]) => JSON.stringify(spoilt(value ?? {}, pick, hostile, name))),
    },
  );
