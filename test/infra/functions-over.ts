import type { APIGatewayProxyEventV2, Context, DynamoDBStreamEvent } from 'aws-lambda';
import { type RouteName, routes } from '#shared/contracts/routes.ts';
import type { HttpHandler, ReportBug } from '#shared/http/endpoint.ts';
import { dynamoDeps } from '#shared/store/dynamo/deps.ts';
import type { Deps } from '#shared/usecases/deps.ts';
import type { EdgeStore } from '#shared/usecases/ports.ts';
import type { RecordingDynamo } from './recording-dynamo.ts';

/** What the functions get on AWS, over tables that note what they are asked. The clock goes on a minute with every look at it. */
export function depsOver(dynamo: RecordingDynamo, experimentMaxAgeMs: number, edge?: EdgeStore): Deps {
  let looks = 0;
  return dynamoDeps({
    client: dynamo.client,
    tables: { catalog: 'catalog', journeys: 'journeys' },
    clock: () => Date.UTC(2026, 0, 1) + 60_000 * looks++,
    newId: () => `id-${looks}-0000`,
    experimentMaxAgeMs,
    elapsed: () => looks++,
    edge,
  });
}

/** A failure is the test's, not something to carry on after. */
export const rethrow: ReportBug = (error) => {
  throw error;
};

/** Calls a route; `named` is the experiment of its path, or all its parameters. Gives back the JSON of the answer. `key` is a site's. */
export async function call(
  handler: HttpHandler,
  name: RouteName,
  named: string | Readonly<Record<string, string>> = '',
  body?: unknown,
  key?: unknown,
): Promise<Record<string, unknown>> {
  const { method, path } = routes[name];
  const parameters = typeof named === 'string' ? { experiment: named } : named;
  const filled = path.replace(/\{(\w+)\}/g, (_, parameter: string) => parameters[parameter as 'experiment'] ?? '');
  const event = {
    rawQueryString: '',
    headers: {
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0',
      ...(key !== undefined && { 'x-api-key': String(key) }),
    },
    requestContext: { http: { method, path: filled } },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  };
  const reply = await handler(event as unknown as APIGatewayProxyEventV2, {} as Context);
  const { statusCode, headers, body: answer } = reply;
  if (statusCode === undefined || statusCode >= 400)
    throw new Error(`${name} ${filled} was answered ${statusCode}: ${answer}`);
  return headers?.['content-type'] === 'application/json' && answer
    ? (JSON.parse(answer) as Record<string, unknown>)
    : {};
}

/** Two ladders of two rungs. With a campaign, only its visitors take part. */
export const definition = (id: string, campaign?: string) => ({
  id,
  name: id,
  goal: 'buy',
  control: 'direct',
  variants: ['direct', 'question'].map((variant) => ({
    id: variant,
    name: variant,
    steps: [
      { id: `${variant}-first`, name: 'First', url: 'https://example.com/' },
      { id: 'buy', name: 'Buy' },
    ],
  })),
  audience: campaign === undefined ? [] : [{ attribute: 'campaign', operator: 'is', value: campaign }],
});

/** Every journey as the stream would tell of it: that it came, or that it went. */
export function streamOf(
  dynamo: RecordingDynamo,
  ...images: ('NewImage' | 'OldImage')[]
): DynamoDBStreamEvent & { shardId: string } {
  const journeys = [...dynamo.items].filter(([key]) => key.startsWith('journeys ')).map(([, item]) => item);
  const records = images.flatMap((image) => journeys.map((item) => ({ [image]: item })));
  return {
    shardId: 'shard-1',
    Records: records.map((record, index) => ({ dynamodb: { SequenceNumber: `${index + 1}`, ...record } })),
  } as unknown as DynamoDBStreamEvent & { shardId: string };
}
