import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { leadsTo, type Route, type ServedBy } from '#shared/contracts/route.ts';
import { routes } from '#shared/contracts/routes.ts';
import { isLocalOrigin } from '#shared/http/cors.ts';
import type { HttpHandler } from '#shared/http/endpoint.ts';
import { problemReply } from '#shared/http/reply.ts';
import { Problem } from '#shared/problem/problem.ts';

/** What API Gateway allows; a function refuses earlier, by its route. */
const BODY_LIMIT = 10 * 1024 * 1024;

export type Handlers = Readonly<Record<ServedBy, HttpHandler>>;
/** Answers a request that is no function's, such as a page; false when it is not his either. */
export type Pages = (request: IncomingMessage, response: ServerResponse) => boolean;

/** The Lambda functions on one port: an HTTP request becomes the event API Gateway would send, and the result an answer. */
export function httpServer(handlers: Handlers, pages: Pages = () => false): Server {
  return createServer((request, response) => {
    void serve(request, response).catch((error: unknown) => {
      // Whoever hangs up in the middle of a request is no failure of ours.
      if (request.destroyed && !request.complete) return;
      console.error(error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const ambiguous = ambiguityOf(request);
    if (ambiguous) return refuse(response, new Problem('request.invalid', ambiguous));
    // Pages tell what is on this machine: a name that was pointed here by somebody else gets none.
    if (isLocalOrigin(`http://${request.headers.host}`) && pages(request, response)) return;
    const body = await bodyOf(request);
    if (body === undefined)
      return refuse(response, new Problem('request.too-large', `no body may have more than ${BODY_LIMIT} bytes`));
    const event = toEvent(request, body);
    const handler = handlers[functionFor(event.rawPath)];
    send(response, await handler(event, {} as Context), request.method === 'HEAD');
  }
}

/** A refusal after which the connection ends: what follows on it might be a part of the request that was refused. */
function refuse(response: ServerResponse, problem: Problem): void {
  send(response, problemReply(problem, { connection: 'close' }), false);
}

/** Headers that say who asks and for whom, and of which a second one would be read differently by whatever stands before us. */
const SINGULAR = ['host', 'authorization', 'x-api-key', 'origin', 'sec-fetch-site'];

/** Why two readers of one request could take it for two different ones; Node refuses the other ways there are. RFC 9112, 3.2 and 6.1. */
function ambiguityOf({ headersDistinct, httpVersion }: IncomingMessage): string | undefined {
  const repeated = SINGULAR.find((name) => (headersDistinct[name]?.length ?? 0) > 1);
  if (repeated) return `the header ${repeated} came more than once`;
  return httpVersion === '1.0' && headersDistinct['transfer-encoding']
    ? 'HTTP/1.0 knows no Transfer-Encoding'
    : undefined;
}

/** The function whose routes a path may belong to; the admin function answers for paths that are nobody's. */
function functionFor(path: string): ServedBy {
  const all: readonly Route[] = Object.values(routes);
  const found = all.find((route) => leadsTo(route.path.split('/'), path.split('/')));
  return found?.servedBy ?? 'admin';
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Payload format 2.0: cookies apart, repeated headers joined by commas, anything but text in base64. */
function toEvent(request: IncomingMessage, body: Buffer): APIGatewayProxyEventV2 {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const rawPath = mark < 0 ? url : url.slice(0, mark);
  const rawQueryString = mark < 0 ? '' : url.slice(mark + 1);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers))
    if (name !== 'cookie' && value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  const isText = /^(text\/|application\/(json|.*\+json|x-www-form-urlencoded))/i.test(
    headers['content-type'] ?? 'text/plain',
  );
  const method = request.method ?? 'GET';
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers,
    ...(request.headers.cookie && { cookies: request.headers.cookie.split(/; */) }),
    requestContext: {
      accountId: 'local',
      apiId: 'local',
      domainName: headers.host ?? 'localhost',
      domainPrefix: 'local',
      http: {
        method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: request.socket.remoteAddress ?? 'unknown',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: 'local',
      routeKey: '$default',
      stage: '$default',
      time: '',
      timeEpoch: 0,
    },
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

function send(response: ServerResponse, result: APIGatewayProxyStructuredResultV2, headersOnly: boolean): void {
  for (const [name, value] of Object.entries(result.headers ?? {})) response.setHeader(name, String(value));
  if (result.cookies && result.cookies.length > 0) response.setHeader('set-cookie', result.cookies);
  response.writeHead(result.statusCode ?? 200);
  response.end(
    headersOnly ? undefined : result.isBase64Encoded ? Buffer.from(result.body ?? '', 'base64') : result.body,
  );
}
