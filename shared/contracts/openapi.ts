import * as z from 'zod/mini';
import { Definition } from '../experiment/definition.ts';
import * as answers from './answers.ts';
import { AssignRequest } from './assign.ts';
import { EVENT_LIMITS, EventRequest } from './events.ts';
import { KeyRequest, RotateKeyRequest } from './keys.ts';
import { LinkRequest, RecipientsRequest } from './links.ts';
import { ConcludeRequest, ShipRequest } from './move.ts';
import { EvaluationRequest } from './ofrep.ts';
import { HEADERS, NEXT, QUERIES } from './parameters.ts';
import { type Route, type RouteName, routes } from './routes.ts';
import { SECURITY, SECURITY_SCHEMES } from './security-schemes.ts';

type Json = Record<string, unknown>;

/** Everything that has a name in the document. Requests as they are sent, answers as they come. */
const SCHEMAS = {
  AssignRequest,
  EventRequest,
  EvaluationRequest,
  Definition,
  ConcludeRequest,
  ShipRequest,
  LinkRequest,
  RecipientsRequest,
  KeyRequest,
  RotateKeyRequest,
  EmptyRequest: z.strictObject({}),
  Problem: answers.ProblemAnswer,
  AssignAnswer: answers.AssignAnswer,
  EventsAnswer: answers.EventsAnswer,
  PackedExperiment: answers.PackedAnswer,
  Flag: answers.FlagAnswer,
  Flags: answers.FlagsAnswer,
  FlagFailure: answers.FlagFailure,
  Key: answers.KeyAnswer,
  IssuedKey: answers.IssuedKeyAnswer,
  Keys: answers.KeysAnswer,
  Experiment: answers.ExperimentAnswer,
  Experiments: answers.ExperimentsAnswer,
  Revisions: answers.RevisionsAnswer,
  Report: answers.ReportAnswer,
  Reports: answers.ReportsAnswer,
  Publication: answers.PublicationAnswer,
  Tally: answers.TallyAnswer,
  Link: answers.LinkAnswer,
  Recipients: answers.RecipientsAnswer,
  Erased: answers.ErasedAnswer,
  Anything: z.looseObject({}),
} as const;
/** The schema of every name: what the tests hold real answers against. */
export const schemas: Readonly<Record<string, z.ZodMiniType>> = SCHEMAS;
type Name = keyof typeof SCHEMAS | 'EventsRequest';

export type Operation = {
  readonly request?: Name;
  /** What is answered when all is well: the schema, or a type of content that is not JSON. */
  readonly answer: Name | { readonly contentType: string };
  readonly status?: number;
  readonly conflict?: true;
  readonly description?: string;
};

const CSV = { contentType: 'text/csv' };
const HTML = { contentType: 'text/html' };
const JSON_LINES = { contentType: 'application/x-ndjson' };

/** What travels on each route. A route without an entry answers with some JSON, or with what its name ends in. */
const OPERATIONS: Partial<Record<RouteName, Operation>> = {
  redirect: { answer: HTML, status: 302, description: 'Everything in the query but `stepladder_…` is handed on.' },
  openLink: {
    answer: HTML,
    status: 302,
    description: 'Opening it any number of times, by anyone, changes nobody’s variant.',
  },
  assign: { request: 'AssignRequest', answer: 'AssignAnswer' },
  events: {
    request: 'EventsRequest',
    answer: 'EventsAnswer',
    description:
      'One event, or up to 100 in `events`, answered in the same order. What is wrong with one never touches another, and a repeated one is answered `duplicate` and counted once. `key` beside `events` stands in for a header, which `sendBeacon` cannot set.',
  },
  packed: { answer: 'PackedExperiment' },
  evaluateFlag: {
    request: 'EvaluationRequest',
    answer: 'Flag',
    description:
      'OpenFeature Remote Evaluation Protocol 0.3.0. The flag is the experiment; with `.sequence` behind it, the value is the ladder of the variant. Counts nobody in unless the context has `$expose: true`.',
  },
  evaluateFlags: {
    request: 'EvaluationRequest',
    answer: 'Flags',
    description:
      'OpenFeature Remote Evaluation Protocol 0.3.0. Counts nobody in. Send the tag back as `If-None-Match`.',
  },
  openApi: { answer: 'Anything' },
  createKey: { request: 'KeyRequest', answer: 'IssuedKey', status: 201 },
  listKeys: { answer: 'Keys' },
  rotateKey: { request: 'RotateKeyRequest', answer: 'IssuedKey', conflict: true },
  revokeKey: { answer: 'Key', conflict: true },
  listExperiments: { answer: 'Experiments' },
  createExperiment: { request: 'Definition', answer: 'Experiment', status: 201, conflict: true },
  findExperiment: { answer: 'Experiment' },
  editExperiment: {
    request: 'Definition',
    answer: 'Experiment',
    conflict: true,
    description: 'Send the revision you looked at as `If-Match`, and an edit of a stale page is refused.',
  },
  startExperiment: { request: 'EmptyRequest', answer: 'Experiment', conflict: true },
  pauseExperiment: { request: 'EmptyRequest', answer: 'Experiment', conflict: true },
  concludeExperiment: { request: 'ConcludeRequest', answer: 'Experiment', conflict: true },
  publishExperiment: { request: 'EmptyRequest', answer: 'Publication', conflict: true },
  shipVariant: { request: 'ShipRequest', answer: 'Experiment', conflict: true },
  listRevisions: { answer: 'Revisions' },
  report: { answer: 'Report' },
  listReports: {
    answer: 'Reports',
    description: 'Thirty-one on a page. The `Link` header with `rel="next"` leads to the older ones.',
  },
  findReport: { answer: 'Report' },
  journeysJsonl: {
    answer: JSON_LINES,
    description:
      'One journey a line, as it is kept: times in ms since 1970, values in the smallest unit of the currency, visitors by their opaque ids. A page has at most 2.5 MB; the `Link` header with `rel="next"` leads to the next, and the last has none. The order never changes, so every journey that is there all the while is on exactly one page.',
  },
  createLink: { request: 'LinkRequest', answer: 'Link', status: 201 },
  enrolRecipients: { request: 'RecipientsRequest', answer: 'Recipients' },
  eraseVisitor: { answer: 'Erased' },
  liveTally: { answer: 'Tally' },
};

export function operationOf(name: RouteName): Operation {
  const { path, bodyBytes }: Route = routes[name];
  const guessed = path.endsWith('.csv') ? CSV : path.endsWith('.html') ? HTML : ('Anything' as const);
  return OPERATIONS[name] ?? { answer: guessed, ...(bodyBytes && { request: 'Anything', conflict: true }) };
}

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
  site: 'What sites and servers call, with a key.',
  admin: 'What people who run experiments call, with a signature.',
  public: 'What anyone may open.',
} as const;

const ABOUT = `Refusals are \`application/problem+json\` (RFC 9457) with a \`code\` that never changes its meaning, and \`issues\` that name the field.
The flag routes answer in the form of their own protocol instead.

Limits: ${EVENT_LIMITS.batch} events and ${EVENT_LIMITS.bodyBytes / 1024} KiB in a batch, 128 characters in the id of a visitor, 64 in other ids, 20 attributes of 256
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
        required: request !== 'EmptyRequest' && request !== 'ConcludeRequest' && request !== 'RotateKeyRequest',
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
    ...(route.access === 'site' && { 429: ref('responses', flags ? 'FlagSlower' : 'Slower') }),
    500: Refused,
    ...(!flags && { 503: ref('responses', 'Slower') }),
  };
}

const TAGGED = new Set<RouteName>(['evaluateFlags', 'findExperiment', 'createExperiment', 'editExperiment']);

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
