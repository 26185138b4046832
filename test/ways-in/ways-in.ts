import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { HttpHandler } from '#shared/http/endpoint.ts';
import { type Call as AnyCall, callAt } from '../../local/installation/call.ts';
import type { Installation } from '../../local/installation/installation.ts';

export type Call = AnyCall & {
  /** The instant of the call, ms. */
  readonly time?: number;
};

/** Calls a function as API Gateway does: now, or at an instant of the caller's choice. */
export const call = (handler: HttpHandler, { time = Date.now(), ...asked }: Call) => callAt(time, handler, asked);

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
