import { Agent, request } from 'node:http';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import type { Journey } from '#shared/journey/journey.ts';
import { dynamoClient } from '#shared/store/dynamo/client.ts';
import { dynamoJourneys } from '#shared/store/dynamo/journeys.ts';
import { createTables, startEngine } from '../local/stand-ins/engine.ts';
import { median } from './support/quantile.ts';

// npx tsx bench/store-client.ts     what is measured, and what came of it: bench/load.md

const ROUNDS = 10;
/** Few, because the embedded engine in memory is half as fast after 10,000 writes. */
const WRITES_A_ROUND = 300;
const AT_ONCE = 25;
const TABLES = { catalog: 'catalog', journeys: 'journeys' };

const engine = await startEngine();
await createTables(engine.client, TABLES);
const settings: DynamoDBClientConfig = {
  endpoint: engine.endpoint,
  region: 'local',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  maxAttempts: 3,
};
const agent = new Agent({ keepAlive: true, maxSockets: 50 });

type Line = { readonly name: string; readonly write: (journey: Journey) => Promise<unknown>; readonly cpu: number[] };
const through = (client: DynamoDBClient) => {
  const journeys = dynamoJourneys(client, TABLES.journeys, async () => 395);
  return (journey: Journey) => journeys.record(journey);
};
const lines: Line[] = [
  { name: 'bare HTTP, the same item, unsigned', write: bare, cpu: [] },
  { name: 'the AWS client as it comes', write: through(new DynamoDBClient(settings)), cpu: [] },
  {
    name: 'with its middleware looked up once',
    write: through(new DynamoDBClient({ ...settings, cacheMiddleware: true })),
    cpu: [],
  },
  { name: 'and without its log: ours', write: through(dynamoClient(settings)), cpu: [] },
];

let visitors = 0;
for (let round = 0; round < ROUNDS; round++)
  for (let turn = 0; turn < lines.length; turn++) {
    const line = lines[(turn + round) % lines.length] as Line;
    const before = process.cpuUsage();
    for (let i = 0; i < WRITES_A_ROUND; i += AT_ONCE)
      await Promise.all(Array.from({ length: AT_ONCE }, () => line.write(journeyOf(visitors++))));
    const { user, system } = process.cpuUsage(before);
    if (round >= 2) line.cpu.push((user + system) / WRITES_A_ROUND);
  }
console.log(
  `CPU of this process for one UpdateItem, µs; ${lines[0]?.cpu.length} rounds of ${WRITES_A_ROUND}, in turn\n`,
);
const best = (cpu: readonly number[]) => Math.min(...cpu);
const scale = median(lines[1]?.cpu ?? []);
console.log(`${''.padEnd(38)}${'least'.padStart(8)}${'median'.padStart(8)}${'share'.padStart(8)}`);
for (const { name, cpu } of lines)
  console.log(
    `${name.padEnd(38)}${best(cpu).toFixed(0).padStart(8)}${median(cpu).toFixed(0).padStart(8)}${`${((100 * median(cpu)) / scale).toFixed(0)} %`.padStart(8)}`,
  );
agent.destroy();
await engine.stop();
process.exit(0);

function journeyOf(number: number): Journey {
  return {
    experiment: 'bench',
    visitor: `visitor-${number}`,
    variant: 'ladder',
    sequence: 1,
    epoch: 1,
    revision: 1,
    source: 'redirect',
    segments: {},
    signals: [],
    steps: { buy: { at: 1_768_478_400_000 } },
    assignedAt: 1_768_478_400_000,
  };
}

/** What any client has to do at least: put the request into JSON, send it, and read the answer. */
function bare({ experiment, visitor, variant, assignedAt }: Journey): Promise<unknown> {
  const values = [
    { S: variant },
    { N: '1' },
    { N: '1' },
    { N: '1' },
    { S: 'redirect' },
    { N: '1802605' },
    { N: String(assignedAt) },
    { N: String(assignedAt) },
  ];
  const names = ['variant', 'sequence', 'epoch', 'revision', 'source', 'expiresAt', 'assignedAt', 'step#buy'];
  const body = JSON.stringify({
    TableName: TABLES.journeys,
    Key: { pk: { S: `${experiment}#00` }, sk: { S: visitor } },
    UpdateExpression: `SET ${names.map((_, i) => `#${i} = if_not_exists(#${i}, :${i})`).join(', ')}`,
    ExpressionAttributeNames: Object.fromEntries(names.map((name, i) => [`#${i}`, name])),
    ExpressionAttributeValues: Object.fromEntries(values.map((value, i) => [`:${i}`, value])),
    ReturnValues: 'ALL_OLD',
  });
  return new Promise((resolve, reject) => {
    const asked = request(engine.endpoint, {
      agent,
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'DynamoDB_20120810.UpdateItem',
        authorization:
          'AWS4-HMAC-SHA256 Credential=local/20260101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=local',
        'x-amz-date': '20260101T000000Z',
        'content-length': Buffer.byteLength(body),
      },
    });
    asked.once('error', reject);
    asked.once('response', (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      answer.once('end', () => {
        if (answer.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`HTTP ${answer.statusCode}: ${text}`));
      });
    });
    asked.end(body);
  });
}
