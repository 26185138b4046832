import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { isParameter, leadsTo, type Route } from '../contracts/route.ts';
import { Problem } from '../problem/problem.ts';
import { storeBusy } from '../problem/store-busy.ts';
import { type Gate, openGate } from './access.ts';
import { preflight } from './cors.ts';
import { problemReply, type Reply } from './reply.ts';
import { jsonBody } from './request-body.ts';

/** A request as an endpoint wants it: matched, decoded, bounded. */
export type Request = {
  readonly method: string;
  readonly path: Readonly<Record<string, string>>;
  readonly rawQuery: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly cookies: readonly string[];
  readonly body: unknown;
  /** The gateway's name for the request, for logs. */
  readonly requestId: string | undefined;
  /** Who is asking, for the history: an IAM identity, someone who signed in, a key, or whoever sits at this machine. */
  readonly caller: string;
  /** Whether the caller may use experiments of a project. */
  readonly mayUse: (project: string) => boolean;
  /** Whether a page asks, whose word counts for its own visitor only. */
  readonly isPage: boolean;
  /** Whether the caller may look and change nothing: what opens or signs something is not shown to them. */
  readonly readsOnly: boolean;
};
/** How a refusal looks on the wire, for routes whose form somebody else has laid down. */
export type Refuse = (problem: Problem, path: Request['path']) => Reply;
export type Endpoint = {
  readonly route: Route;
  readonly handle: (request: Request) => Promise<Reply>;
  readonly refuse?: Refuse;
};
export type HttpHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** What a bug is reported to: never a visitor, never with personal data. */
export type ReportBug = (error: unknown, at: BugPlace) => void;
export type BugPlace = {
  readonly method: string;
  readonly path: string;
  /** The gateway's name for the request: its access log has the same, and so has an answer of 500. */
  readonly requestId?: string | undefined;
};

export const endpoint = (
  route: Route,
  handle: Endpoint['handle'],
  refuse: Refuse = (problem) => problemReply(problem),
): Endpoint => ({ route, handle, refuse });

/**
 * One Lambda of several endpoints. The only place that knows middy, matching, decoding and how a refusal looks on the wire.
 * Nobody gets past the gate but to public routes.
 */
export function httpHandler(endpoints: readonly Endpoint[], reportBug: ReportBug, gate: Gate = openGate): HttpHandler {
  const table = endpoints.map((each) => ({ ...each, parts: each.route.path.split('/') }));

  async function dispatch(event: APIGatewayProxyEventV2): Promise<Reply> {
    const { method, path } = event.requestContext.http;
    const parts = path.split('/');
    const here = table.filter((each) => leadsTo(each.parts, parts));
    const methods = here.map(({ route }) => route.method);
    if (method === 'OPTIONS' && here.some(({ route }) => route.access === 'site'))
      return { statusCode: 204, headers: preflight(event.headers.origin, methods) };
    const found = here.find(({ route }) => route.method === method || (route.method === 'GET' && method === 'HEAD'));
    if (found === undefined) {
      const reply = problemReply(notFound(method, path, methods));
      return methods.length === 0 ? reply : withHeaders(reply, { allow: methods.join(', ') });
    }
    return answer(event, found, parameters(found.parts, parts));
  }

  /** The answer or the refusal, both with what lets the caller's page read it. */
  async function answer(
    event: APIGatewayProxyEventV2,
    { route, handle, refuse = problemReply }: Endpoint,
    path: Request['path'],
  ): Promise<Reply> {
    let cors: Readonly<Record<string, string>> = {};
    try {
      const body = once(() => (route.bodyBytes === undefined ? undefined : jsonBody(event, route.bodyBytes)));
      const admission = await (route.access === 'public' ? openGate : gate)({ route, event, body });
      cors = admission.cors;
      if ('refusal' in admission) throw admission.refusal;
      const reply = await handle({
        method: event.requestContext.http.method,
        path,
        rawQuery: event.rawQueryString,
        query: new URLSearchParams(event.rawQueryString),
        headers: event.headers,
        cookies: event.cookies ?? [],
        body: body(),
        requestId: event.requestContext.requestId,
        caller: admission.caller,
        mayUse: admission.mayUse,
        isPage: admission.isPage ?? false,
        readsOnly: admission.readsOnly ?? false,
      });
      return withHeaders(reply, cors);
    } catch (error) {
      return withHeaders(refuse(problemOf(error, event, route.path), path), cors);
    }
  }

  /** `path` is the route's pattern: the path itself may name a visitor, and bugs go into logs. */
  function problemOf(error: unknown, event: APIGatewayProxyEventV2, path: string): Problem {
    const { requestId, http } = event.requestContext;
    const ours = error instanceof Problem ? error.status >= 500 && error.cause : error;
    if (ours) reportBug(ours, { method: http.method, path, requestId });
    return asProblem(error, requestId);
  }

  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>({ timeoutEarlyInMillis: 0 })
    .use({
      onError: (request) => {
        request.response = problemReply(problemOf(request.error, request.event, 'before any route'));
      },
    })
    .handler(dispatch) as HttpHandler;
}

const withHeaders = (reply: Reply, headers: Readonly<Record<string, string>>): Reply => ({
  ...reply,
  headers: { ...reply.headers, ...headers },
});

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function parameters(pattern: readonly string[], parts: readonly string[]): Record<string, string> {
  const named: Record<string, string> = {};
  pattern.forEach((part, i) => {
    if (isParameter(part)) named[part.slice(1, -1)] = decoded(parts[i] ?? '');
  });
  return named;
}

/** A path that is not valid percent-encoding names nothing we have; it is looked up as it stands and not found. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function notFound(method: string, path: string, allowed: readonly string[]): Problem {
  return allowed.length === 0
    ? new Problem('route.not-found', `there is nothing at ${path}`)
    : new Problem('route.method-not-allowed', `${path} answers ${allowed.join(' and ')}, not ${method}`);
}

function asProblem(error: unknown, requestId: string | undefined): Problem {
  if (error instanceof Problem) return error;
  const reported = requestId ? `it has been reported as ${requestId}` : 'it has been reported';
  return storeBusy(error) ?? new Problem('internal', `something went wrong on our side; ${reported}`);
}
