import fc, { type Arbitrary } from 'fast-check';

/** The part of JSON Schema that our document uses. */
export type Schema = {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
};
export type Names = Readonly<Record<string, readonly unknown[]>>;

/**
 * Values a schema admits. Of fields that name something, such as `experiment`, most are names that are really there, so that
 * the fuzzing gets behind the first door.
 */
export function arbitraryOf(
  schema: Schema,
  schemas: Readonly<Record<string, Schema>>,
  names: Names,
  field = '',
): Arbitrary<unknown> {
  const of = (each: Schema, name = '') => arbitraryOf(each, schemas, names, name);
  const known = names[field];
  if (known && schema.type === 'string')
    return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: text(schema) });
  if (schema.$ref) return of(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map((each) => of(each, field)));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'string':
      return text(schema);
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return number(schema);
    case 'array':
      return fc.array(of(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 5, Math.max(5, schema.minItems ?? 0)),
      });
    case 'object': {
      const { properties = {}, required = [], additionalProperties } = schema;
      const own = fc.record(
        Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, of(each, name)])),
        {
          requiredKeys: [...required],
        },
      );
      if (typeof additionalProperties !== 'object' || Object.keys(properties).length > 0) return own;
      return fc.dictionary(fc.oneof(fc.string({ maxLength: 12 }), HOSTILE_NAME), of(additionalProperties), {
        maxKeys: 4,
      });
    }
    default:
      return fc.jsonValue();
  }
}

function text({ pattern, format, minLength = 0, maxLength = 40 }: Schema): Arbitrary<string> {
  if (format === 'date-time' || pattern?.startsWith('^(?:(?:\\d\\d[2468]'))
    return fc
      .date({ noInvalidDate: true, min: new Date('1971-01-01'), max: new Date('2100-01-01') })
      .map((date) => date.toISOString());
  if (pattern)
    try {
      return fc
        .stringMatching(new RegExp(pattern), { maxLength: Math.min(maxLength, 60) })
        .filter((each) => each.length >= minLength);
    } catch {
      // A pattern with something fast-check cannot generate: then text that may or may not fit it.
    }
  return fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, 40)), unit: 'grapheme' });
}

function number({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): Arbitrary<number> {
  const min = Math.max(minimum ?? exclusiveMinimum ?? -1e9, -1e12);
  const max = Math.min(maximum ?? exclusiveMaximum ?? 1e9, 1e12);
  return type === 'integer'
    ? fc.integer({ min: Math.ceil(Math.max(min, -(2 ** 31))), max: Math.floor(Math.min(max, 2 ** 31 - 1)) })
    : fc.double({ min, max, noNaN: true });
}

export const HOSTILE_NAME = fc.constantFrom(
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'toJSON',
  'length',
  '',
  '$where',
  '#0',
  ':0',
  'then',
);

/** What nobody sends who means well. */
export const HOSTILE: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    -0,
    1e308,
    -1,
    2 ** 53,
    0.1,
    '',
    '\u0000',
    '\ud800',
    '﷽'.repeat(300),
    'a'.repeat(5_000),
    [],
    {},
    [[]],
    'NaN',
    '1; DROP TABLE',
    '../../etc/passwd',
    '%00',
    '\u202e',
    'ada@example.com',
  ),
  HOSTILE_NAME,
  fc.jsonValue({ maxDepth: 4 }),
  fc.dictionary(HOSTILE_NAME, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }),
  fc.integer({ min: 50, max: 400 }).map((depth) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown),
);

/** The same value with one place of it spoilt: replaced, removed, or with something beside it. */
export function spoilt(value: unknown, pick: number, hostile: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return hostile;
  const names = Object.keys(value);
  if (names.length === 0 || pick % 7 === 0) return withField(value, name, hostile);
  const chosen = names[pick % names.length] ?? '';
  if (pick % 5 === 0) {
    const copy = structuredClone(value) as Record<string, unknown>;
    delete copy[chosen];
    return copy;
  }
  const inner = (value as Record<string, unknown>)[chosen];
  return withField(value, chosen, pick % 3 === 0 ? hostile : spoilt(inner, Math.floor(pick / 8), hostile, name));
}

/** An own field whatever its name is: that is what JSON makes of `__proto__`. */
function withField(value: object, name: string, field: unknown): unknown {
  const copy: object = Array.isArray(value) ? [...value] : Object.fromEntries(Object.entries(value));
  Object.defineProperty(copy, name === 'length' && Array.isArray(copy) ? '0' : name, {
    value: field,
    enumerable: true,
    configurable: true,
    writable: true,
  });
  return copy;
}
