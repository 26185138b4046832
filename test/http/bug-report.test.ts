import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { routes } from '#shared/contracts/routes.ts';
import { openGate } from '#shared/http/access.ts';
import { type BugPlace, endpoint, httpHandler } from '#shared/http/endpoint.ts';

const ask = (path: string, requestId?: string) =>
  ({
    rawQueryString: 'utm_source=ada',
    headers: {},
    requestContext: { requestId, http: { method: 'DELETE', path } },
  }) as unknown as APIGatewayProxyEventV2;

/** A function with a bug in it, and what it says of that. */
async function failing(event: APIGatewayProxyEventV2) {
  const told: BugPlace[] = [];
  const handler = httpHandler(
    [endpoint(routes.eraseVisitor, async () => Promise.reject(new Error('a bug')))],
    (_, place) => told.push(place),
    openGate,
  );
  const { statusCode, body = '' } = await handler(event, {} as Context);
  return { told, statusCode, detail: String(JSON.parse(body).detail) };
}

describe('a bug', () => {
  it('is told with the request’s name, which the gateway’s log and the answer have too', async () => {
    const { told, statusCode, detail } = await failing(ask('/v1/visitors/ada-lovelace', 'JKJaXmPLvHcESHA='));
    expect(statusCode).toBe(500);
    expect(told).toEqual([{ method: 'DELETE', path: '/v1/visitors/{visitor}', requestId: 'JKJaXmPLvHcESHA=' }]);
    expect(detail).toBe('something went wrong on our side; it has been reported as JKJaXmPLvHcESHA=');
  });

  it('is told by the route, and never by the path or the query, which name people', async () => {
    const { told } = await failing(ask('/v1/visitors/ada-lovelace', 'r'));
    expect(JSON.stringify(told)).not.toMatch(/ada/);
  });

  it('is told without a name where the gateway gave none', async () => {
    const { detail } = await failing(ask('/v1/visitors/ada'));
    expect(detail).toBe('something went wrong on our side; it has been reported');
  });
});
