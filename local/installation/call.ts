import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { HttpHandler } from '#shared/http/endpoint.ts';
import { at } from './replay-clock.ts';

export const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

export type Call = {
  readonly method?: string;
  readonly path: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly body?: unknown;
};

/** Calls a function as API Gateway does, at an instant (ms) of the caller's choice. */
export function callAt(ms: number, handler: HttpHandler, asked: Call): Promise<APIGatewayProxyStructuredResultV2> {
  const { method = 'GET', path, query = '', headers = {}, cookies = [], body } = asked;
  const event = {
    version: '2.0',
    rawPath: path,
    rawQueryString: query,
    headers: { 'user-agent': BROWSER, ...headers },
    cookies,
    requestContext: { http: { method, path } },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    isBase64Encoded: false,
  } as unknown as APIGatewayProxyEventV2;
  return at(ms, () => handler(event, {} as Context));
}

/** Posts JSON and gives back the answer's; throws where the function refuses. */
export async function postAt(
  ms: number,
  handler: HttpHandler,
  path: string,
  body: unknown,
): Promise<Record<string, unknown>> {
  const reply = await callAt(ms, handler, {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json' },
    body,
  });
  if ((reply.statusCode ?? 500) >= 300) throw new Error(`${path} answered ${reply.statusCode}: ${reply.body}`);
  return JSON.parse(reply.body ?? '{}') as Record<string, unknown>;
}
