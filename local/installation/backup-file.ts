import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Item } from '#shared/store/dynamo/journey-item.ts';
import { isDerived } from '#shared/store/dynamo/keys.ts';
import { SHAPE, type TableNames } from '#shared/store/dynamo/tables.ts';
import { everyItem } from './every-item.ts';

type TableName = keyof TableNames;
type Stored = { readonly table: TableName; readonly item: Item };
export type Counted = Readonly<Record<TableName, number>>;

/** A batch write takes so many items. */
const BATCH = 25;
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 5_000;
const FORMAT = 'stepladder-backup';

/**
 * Writes both tables into one file: gzip, JSON lines, a line for each item as DynamoDB writes it, a first line that says what this
 * is and a last one that says how many there were. Nobody should write meanwhile: a journey erased between the two tables would be
 * in both.
 */
export async function writeBackup(
  client: DynamoDBClient,
  tables: TableNames,
  file: string,
  at: number,
): Promise<Counted> {
  const count = { catalog: 0, journeys: 0 };
  async function* lines(): AsyncIterable<string> {
    yield line({ format: FORMAT, shape: SHAPE, at: new Date(at).toISOString() });
    for (const table of ['catalog', 'journeys'] as const)
      for await (const item of everyItem(client, tables[table])) {
        count[table] += 1;
        yield line({ table, item });
      }
    yield line({ end: count });
  }
  await pipeline(Readable.from(lines()), createGzip(), createWriteStream(file, { mode: 0o600 }));
  return count;
}

/**
 * Puts a backup into empty tables. Live counts and their checkpoints are left out: the stream of the new table tells of every
 * journey that is put, and counts it.
 */
export async function readBackup(client: DynamoDBClient, tables: TableNames, file: string): Promise<Counted> {
  for (const table of ['catalog', 'journeys'] as const)
    for await (const _ of everyItem(client, tables[table]))
      throw new Error(
        `a backup is restored into empty tables, and ${tables[table]} is not; choose another STEPLADDER_DATA, or a new stack`,
      );
  const count = { catalog: 0, journeys: 0 };
  const batches = { catalog: [] as Item[], journeys: [] as Item[] };
  for await (const { table, item } of storedIn(file)) {
    count[table] += 1;
    if (table === 'catalog' && isDerived(item.pk?.S ?? '')) continue;
    batches[table].push(item);
    if (batches[table].length === BATCH) await put(client, tables[table], batches[table].splice(0));
  }
  for (const table of ['catalog', 'journeys'] as const) await put(client, tables[table], batches[table]);
  return count;
}

async function* storedIn(file: string): AsyncIterable<Stored> {
  const lines = createInterface({ input: createReadStream(file).pipe(createGunzip()), crlfDelay: Infinity });
  const seen = { catalog: 0, journeys: 0 };
  let begun = false;
  let ended = false;
  for await (const text of lines) {
    const read = JSON.parse(text, revived) as Partial<Stored> & { format?: string; shape?: number; end?: Counted };
    if (!begun) {
      if (read.format !== FORMAT) throw new Error(`${file} is no backup of Stepladder`);
      if ((read.shape ?? 0) > SHAPE)
        throw new Error(`${file} has tables of shape ${read.shape}, and this code knows ${SHAPE}; use newer code`);
      begun = true;
    } else if (read.end) ended = read.end.catalog === seen.catalog && read.end.journeys === seen.journeys;
    else if (read.table && read.item) {
      seen[read.table] += 1;
      yield { table: read.table, item: read.item };
    }
  }
  if (!ended) throw new Error(`${file} breaks off before its end`);
}

async function put(client: DynamoDBClient, table: string, items: readonly Item[]): Promise<void> {
  let requests = items.map((Item) => ({ PutRequest: { Item } }));
  for (let wait = FIRST_WAIT_MS; requests.length > 0; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
    requests = (UnprocessedItems?.[table] ?? []) as typeof requests;
    // A table that is new takes four thousand writes a second at first, and says so by leaving some.
    if (requests.length > 0) await setTimeout(wait);
  }
}

const line = (value: unknown): string => `${JSON.stringify(value, encoded)}\n`;

/** Bytes are base64 in JSON, as DynamoDB itself writes them. */
const encoded = (_: string, value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
const revived = (name: string, value: unknown): unknown =>
  name === 'B' && typeof value === 'string' ? Buffer.from(value, 'base64') : value;
