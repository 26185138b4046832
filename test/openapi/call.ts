import fc, { type Arbitrary } from 'fast-check';
import { openApi } from '#shared/contracts/openapi.ts';
import type { Route } from '#shared/contracts/route.ts';
import { type RouteName, routes } from '#shared/contracts/routes.ts';
import { definitionInput } from '../support/an-experiment.ts';
import { arbitraryOf, HOSTILE, HOSTILE_NAME, type Schema, spoilt } from './arbitrary-of.ts';

export type Response = {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, { schema?: { $ref?: string } }>>;
};
export type Operation = {
  readonly operationId: RouteName;
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, Response>>;
};
type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, Response>>;
  };
};
export const document = openApi() as unknown as Document;
export const operations = Object.values(document.paths).flatMap((item) => Object.values(item));

export type Body = { readonly body: string | undefined; readonly isBase64Encoded: boolean };
/** A request to one route, as API Gateway hands it on. */
export type Call = Body & {
  readonly operation: Operation;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
};
type Strings = Readonly<Record<string, readonly string[]>>;

const latin = (maxLength: number) => fc.string({ maxLength }).map((each) => each.replace(/[^\x20-\x7e]/g, '?'));
const pathPart = (name: string, names: Strings): Arbitrary<string> => {
  const known = name === 'key' ? [...(names.key ?? []), ...(names.keyId ?? [])] : (names[name] ?? ['x']);
  return fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...known).map(encodeURIComponent) },
    fc.constantFrom(
      '%',
      '%ff',
      '%00',
      '..',
      '%2e%2e%2f',
      '__proto__',
      'constructor',
      'a'.repeat(3_000),
      '%F0%9F%92%A9',
      '.sequence',
      '#',
    ),
    fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' }).map((text) => encodeURIComponent(text)),
  );
};

const FIELDS = [
  'name',
  'hypothesis',
  'traffic',
  'audience',
  'segments',
  'forced',
  'enrolment',
  'windowDays',
  'project',
];

const HEADERS = [
  'if-none-match',
  'if-match',
  'origin',
  'host',
  'user-agent',
  'sec-purpose',
  'sec-gpc',
  'sec-fetch-site',
  'x-api-key',
  'x-forwarded-for',
  'content-type',
];
/** Whatever bytes a header may carry, and what some have carried to break a reader of it. */
const headerValue = fc.oneof(
  latin(60),
  fc.constantFrom(
    '',
    '*',
    '"',
    'W/',
    'null',
    'prefetch',
    '\u00ff'.repeat(40),
    'a'.repeat(8_000),
    '"1", "2"',
    '__proto__',
    '1e400',
  ),
);
const cookie = fc
  .tuple(fc.constantFrom('stepladder', 'stepladder', '__proto__', '', 'other'), headerValue)
  .map(([name, value]) => `${name}=${value}`);
const query = fc.oneof(
  fc.constant(''),
  latin(80),
  fc.constantFrom(
    '__proto__=1&a=b',
    'constructor.prototype.polluted=1&__proto__[polluted]=1',
    'stepladder_token=x.y',
    'stepladder_variant=ladder',
    'stepladder_variant=__proto__',
    '%=%ff&&=',
    'a'.repeat(8_000),
    'a=1&'.repeat(2_000),
    '%00=%00&a=%ud800&a=%ed%a0%80',
  ),
);

/** A body as the document asks for it; nothing where it asks for none. */
export function validBody(operation: Operation, names: Strings): Arbitrary<unknown> {
  const schema = operation.requestBody?.content['application/json']?.schema;
  const drawn = schema === undefined ? fc.constant(undefined) : arbitraryOf(schema, document.components.schemas, names);
  // A definition drawn at random never hangs together; one that does, with a few of its fields drawn, often will.
  return /createExperiment|editExperiment/.test(operation.operationId)
    ? fc
        .tuple(
          drawn,
          fc.subarray(FIELDS),
          fc.constantFrom(...((operation.operationId === 'editExperiment' ? names.experiment : names.id) ?? [])),
        )
        .map(([value, fields, id]) => ({
          ...definitionInput({ id }),
          ...Object.fromEntries(Object.entries(value as object).filter(([field]) => fields.includes(field))),
        }))
    : drawn;
}

/** The same, one with something wrong, or something else altogether. */
function anyBody(operation: Operation, names: Strings): Arbitrary<Body> {
  const valid = validBody(operation, names);
  const plain = (body: string | undefined) => ({ body, isBase64Encoded: false });
  const nearly = fc
    .tuple(valid, fc.nat(10_000), HOSTILE, HOSTILE_NAME)
    .map(([value, pick, hostile, name]) => spoilt(value ?? {}, pick, hostile, name));
  return fc.oneof(
    { weight: 6, arbitrary: valid.map((value) => plain(value === undefined ? undefined : JSON.stringify(value))) },
    { weight: 6, arbitrary: nearly.map((value) => plain(JSON.stringify(value))) },
    { weight: 2, arbitrary: HOSTILE.map((value) => plain(JSON.stringify(value))) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom(
          '',
          ' ',
          'not json',
          '{',
          '\ufeff{}',
          '{"a":1}{"b":2}',
          '['.repeat(50_000),
          `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
          `"${'x'.repeat(300_000)}"`,
          'NaN',
          '"\\ud800"',
        )
        .map(plain),
    },
    {
      weight: 1,
      arbitrary: fc
        .uint8Array({ maxLength: 200 })
        .map((bytes) => ({ body: Buffer.from(bytes).toString('base64'), isBase64Encoded: true })),
    },
  );
}

/** A call of a route: of valid parts most of the time, so that what is spoilt is met behind the first door. */
export const callOf = (
  operation: Operation,
  names: Strings,
  body: Arbitrary<Body> = anyBody(operation, names),
): Arbitrary<Call> => {
  const { path, access } = routes[operation.operationId] as Route;
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const credential =
    access === 'site' || access === 'server'
      ? fc.oneof(
          { weight: 12, arbitrary: fc.constantFrom(...(names.bearer ?? [])) },
          headerValue,
          fc.constant(undefined),
        )
      : fc.constant(undefined);
  return fc
    .record({
      parts: fc.tuple(...parameters.map((name) => pathPart(name, names))),
      query,
      bearer: credential,
      extra: fc.dictionary(fc.constantFrom(...HEADERS), headerValue, { maxKeys: 3 }),
      cookies: fc.array(cookie, { maxLength: 3 }),
      body,
    })
    .map(({ parts, query: sent, bearer, extra, cookies, body: given }) => ({
      operation,
      path: parameters.reduce((filled, name, i) => filled.replace(`{${name}}`, () => parts[i] ?? ''), path),
      query: sent,
      headers: { ...extra, ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }) },
      cookies,
      ...given,
    }));
};

/** Recounts read 256 partitions each: once in a while is enough. What strangers can reach, and what makes things, is tried most. */
const weightOf = ({ operationId }: Operation): number => {
  if (/report|ladders|journeys|erase|repair/i.test(operationId)) return 1;
  return /^create/.test(operationId) || routes[operationId].access !== 'admin' ? 300 : 100;
};

/** Any call of any route. */
export const anyCall = (names: Strings, body?: (operation: Operation) => Arbitrary<Body>): Arbitrary<Call> =>
  fc.oneof(
    ...operations.map((operation) => ({
      weight: weightOf(operation),
      arbitrary: callOf(operation, names, body?.(operation)),
    })),
  );
