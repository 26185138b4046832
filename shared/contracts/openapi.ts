import * as z from 'zod/mini';
import { EVENT_LIMITS } from './events.ts';
import { type Name, type Operation, operationOf, SCHEMAS } from './openapi-operations.ts';
import { HEADERS, NEXT, QUERIES } from './parameters.ts';
import type { Route } from './route.ts';
import { type RouteName, routes } from './routes.ts';
import { SECURITY, SECURITY_SCHEMES } from './security-schemes.ts';

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document, from the route table and from the schemas that validate. */
export function openApi(): Json {
  const paths: Record<string, Json> = {};
  for (const [name, route] of Object.entries(routes) as [RouteName, Route][]) {
    paths[route.path] ??= {};
    const item = paths[route.path] as Json;
    item[route.method.toLowerCase()] = operation(name, route, operationOf(name));
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Stepladder',
      version: '1',
      summary: 'A/B experiments whose treatment is a sequence of asks',
      description: ABOUT,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'Where this document came from' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: {
        ...Object.fromEntries(Object.entries(SCHEMAS).map(([name, schema]) => [name, jsonSchema(name, schema)])),
        EventsRequest: EVENTS_REQUEST,
      },
      responses: RESPONSES,
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

const TAGS = {
  site: 'What pages and servers call, with a key.',
  server: 'What servers alone call, with a secret key.',
  admin: 'What people who run experiments call, with a signature.',
  public: 'What anyone may open.',
} as const;

const ABOUT = `Refusals are \`application/problem+json\` (RFC 9457) with a \`code\` that never changes its meaning, and \`issues\` that name the field.
The flag routes answer in the form of their own protocol instead.

Limits: ${EVENT_LIMITS.batch} events and ${routes.events.bodyBytes / 1024} KiB in a batch, 128 characters in the id of a visitor, 64 in other ids, 20 attributes of 256
characters, times within the last 48 hours. Rates are per key and function instance; \`Retry-After\` is in whole seconds.`;

const ref = (kind: 'schemas' | 'responses', name: string) => ({ $ref: `#/components/${kind}/${name}` });

function jsonSchema(name: string, schema: z.ZodMiniType): Json {
  const io = /Request$|^Definition$/.test(name) ? 'input' : 'output';
  const { $schema: _, ...plain } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return plain;
}

/** The route itself looks only at the batch, so that one bad event is that event’s affair; what it expects in there is this. */
const EVENTS_REQUEST: Json = {
  anyOf: [
    {
      type: 'object',
      properties: {
        key: { type: 'string', maxLength: 128 },
        events: { type: 'array', minItems: 1, maxItems: EVENT_LIMITS.batch, items: ref('schemas', 'EventRequest') },
      },
      required: ['events'],
      additionalProperties: false,
    },
    ref('schemas', 'EventRequest'),
  ],
};

function operation(name: RouteName, route: Route, about: Operation): Json {
  const { request, answer, status = 200, description } = about;
  const parameters = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => ({
    name: parameter,
    in: 'path',
    required: true,
    schema: { type: 'string', minLength: 1 },
  }));
  const others = [...(QUERIES[name] ?? []), ...(HEADERS[name] ?? [])];
  return {
    operationId: name,
    summary: route.summary,
    ...(description && { description }),
    tags: [route.access],
    security: SECURITY[route.access],
    ...(parameters.length + others.length > 0 && { parameters: [...parameters, ...others] }),
    ...(request && {
      requestBody: {
        description: `At most ${route.bodyBytes} bytes.`,
        required: !OPTIONAL_REQUESTS.has(request),
        content: { 'application/json': { schema: ref('schemas', request) } },
      },
    }),
    responses: {
      [status]: success(name, status, answer),
      ...(name === 'evaluateFlags' && { 304: { description: 'Nothing has changed since the tag' } }),
      ...refusals(name, route, about),
    },
  };
}

const OPTIONAL_REQUESTS: ReadonlySet<Name> = new Set([
  'EmptyRequest',
  'ConcludeRequest',
  'RotateKeyRequest',
  'RotateSecretRequest',
]);

function success(name: RouteName, status: number, answer: Operation['answer']): Json {
  if (status === 302)
    return {
      description: 'Sent on',
      headers: { Location: { description: 'The first step of the variant', schema: { type: 'string' } } },
    };
  return {
    description: status === 201 ? 'Created' : 'Done',
    ...(TAGGED.has(name) && { headers: { ETag: { schema: { type: 'string' } } } }),
    ...(QUERIES[name] && { headers: { Link: NEXT } }),
    content:
      typeof answer === 'string'
        ? { 'application/json': { schema: ref('schemas', answer) } }
        : { [answer.contentType]: { schema: { type: 'string' } } },
  };
}

function refusals(name: RouteName, route: Route, { request, conflict }: Operation): Json {
  if (route.access === 'public') {
    const page = { 404: ref('responses', 'Page'), 503: ref('responses', 'Page') };
    return route.path.startsWith('/v1/') ? { 404: ref('responses', 'Refused') } : page;
  }
  const flags = route.path.startsWith('/ofrep/');
  const Refused = ref('responses', flags ? 'FlagRefused' : 'Refused');
  return {
    ...((request || QUERIES[name] || name === 'eraseVisitor') && { 400: Refused }),
    401: Refused,
    403: Refused,
    ...((route.path.includes('{') || name === 'assign' || name === 'createLink' || name === 'enrolRecipients') && {
      404: Refused,
    }),
    ...(conflict && { 409: Refused }),
    ...(request && !flags && { 413: Refused }),
    ...(route.access !== 'admin' && { 429: ref('responses', flags ? 'FlagSlower' : 'Slower') }),
    500: Refused,
    ...(!flags && { 503: ref('responses', 'Slower') }),
  };
}

const TAGGED = new Set<RouteName>([
  'evaluateFlags',
  'findExperiment',
  'createExperiment',
  'editExperiment',
  'readSettings',
  'changeSettings',
]);

const retryHeader = {
  'Retry-After': { description: 'Whole seconds to wait', schema: { type: 'integer', minimum: 1 } },
};
const problem = { 'application/problem+json': { schema: ref('schemas', 'Problem') } };
const flagFailure = { 'application/json': { schema: ref('schemas', 'FlagFailure') } };
const RESPONSES = {
  Refused: { description: 'Refused, and why', content: problem },
  Slower: { description: 'Try again later', headers: retryHeader, content: problem },
  FlagRefused: { description: 'Refused, and why', content: flagFailure },
  FlagSlower: { description: 'Try again later', headers: retryHeader, content: flagFailure },
  Page: { description: 'A sentence for the person who came', content: { 'text/html': { schema: { type: 'string' } } } },
};
