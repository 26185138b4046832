import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { HttpHandler } from '#shared/http/endpoint.ts';
import type { Installation } from '../../local/installation.ts';
import { at } from '../../local/replay-clock.ts';

export const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

export type Call = {
  readonly method?: string;
  readonly path: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly body?: unknown;
  /** The instant of the call, ms. */
  readonly time?: number;
};

/** Calls a function as API Gateway does, at an instant of the caller's choice. */
export async function call(handler: HttpHandler, asked: Call): Promise<APIGatewayProxyStructuredResultV2> {
  const { method = 'GET', path, query = '', headers = {}, cookies = [], body, time = Date.now() } = asked;
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
  return at(time, () => handler(event, {} as Context));
}

export const json = (reply: APIGatewayProxyStructuredResultV2) => JSON.parse(reply.body ?? '{}');

/** Creates and starts an experiment through the admin API. */
export async function start(
  { handlers }: Installation,
  definition: { readonly id: string } & Record<string, unknown>,
  time?: number,
) {
  const when = time === undefined ? {} : { time };
  const created = await call(handlers.admin, { method: 'POST', path: '/v1/experiments', body: definition, ...when });
  if (created.statusCode !== 201) throw new Error(created.body);
  await call(handlers.admin, { method: 'POST', path: `/v1/experiments/${definition.id}/start`, body: {}, ...when });
}

export const locationOf = (reply: APIGatewayProxyStructuredResultV2): URL => new URL(String(reply.headers?.location));
export const tokenOf = (reply: APIGatewayProxyStructuredResultV2): string =>
  locationOf(reply).searchParams.get('stepladder_token') ?? '';
