import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Route } from '../contracts/routes.ts';
import { Problem } from '../problem/problem.ts';
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
  /** Who is asking, for the history: an IAM identity, or whoever sits at this machine. */
  readonly caller: string;
};
export type Endpoint = { readonly route: Route; readonly handle: (request: Request) => Promise<Reply> };
export type HttpHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** What a bug is reported to: never a visitor, never with personal data. */
export type ReportBug = (error: unknown, at: { readonly method: string; readonly path: string }) => void;

export const endpoint = (route: Route, handle: Endpoint['handle']): Endpoint => ({ route, handle });

/** One Lambda of several endpoints. The only place that knows middy, matching, decoding and how a refusal looks on the wire. */
export function httpHandler(endpoints: readonly Endpoint[], reportBug: ReportBug): HttpHandler {
  const table = endpoints.map((each) => ({ ...each, parts: each.route.path.split('/') }));

  async function dispatch(event: APIGatewayProxyEventV2): Promise<Reply> {
    const { method, path } = event.requestContext.http;
    const parts = path.split('/');
    const here = table.filter((each) => matches(each.parts, parts));
    const site = here.some(({ route }) => route.access === 'site');
    if (method === 'OPTIONS' && site)
      return { statusCode: 204, headers: { ...CORS, 'access-control-max-age': '86400' } };
    const found = here.find(({ route }) => route.method === method || (route.method === 'GET' && method === 'HEAD'));
    if (found === undefined)
      throw notFound(
        method,
        path,
        here.map(({ route }) => route.method),
      );
    const reply = await found.handle({
      method,
      path: parameters(found.parts, parts),
      rawQuery: event.rawQueryString,
      query: new URLSearchParams(event.rawQueryString),
      headers: event.headers,
      cookies: event.cookies ?? [],
      body: found.route.bodyBytes === undefined ? undefined : jsonBody(event, found.route.bodyBytes),
      caller: callerOf(event),
    });
    return site ? { ...reply, headers: { ...reply.headers, ...CORS } } : reply;
  }

  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>({ timeoutEarlyInMillis: 0 })
    .use({
      onError: (request) => {
        const { method, path } = request.event.requestContext.http;
        const { error } = request;
        if (!(error instanceof Problem)) reportBug(error, { method, path });
        request.response = problemReply(asProblem(error), path.startsWith('/v1/') ? CORS : {});
      },
    })
    .handler(dispatch) as HttpHandler;
}

/** Any site may call the routes meant for sites; they carry no cookie and no secret, so there is nothing to steal. */
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'POST',
  'access-control-allow-headers': 'content-type, authorization, x-api-key',
};

const isParameter = (part: string): boolean => part.startsWith('{');

const matches = (pattern: readonly string[], parts: readonly string[]): boolean =>
  pattern.length === parts.length &&
  pattern.every((part, i) => (isParameter(part) ? parts[i] !== '' : part === parts[i]));

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

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const name = error instanceof Error ? error.name : '';
  return /Throttl|ProvisionedThroughput|RequestLimit|TransactionConflict|Timeout/.test(name)
    ? new Problem('store.busy', 'the store is busy; try again in a second')
    : new Problem('internal', 'something went wrong on our side; it has been reported');
}

function callerOf(event: APIGatewayProxyEventV2): string {
  const { authorizer } = event.requestContext as { authorizer?: { iam?: { userArn?: string } } };
  return authorizer?.iam?.userArn ?? 'local';
}
