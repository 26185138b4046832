import { DeleteItemCommand, type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Journey } from '../../journey/journey.ts';
import { followMerges } from '../../usecases/follow-merges.ts';
import type { JourneyPage, Journeys } from '../../usecases/ports.ts';
import { conditions } from './conditions.ts';
import { emptyJourney, handOverJourney } from './hand-over.ts';
import { type Item, journeyOf } from './journey-item.ts';
import { JourneyWriter, type RetentionDays } from './journey-writer.ts';
import { BUCKETS, bucketOf, journeyPartition, keys } from './keys.ts';
import { itemKey, itemsOf, pageOf } from './partition.ts';
import { Update } from './update.ts';

const PARALLEL_QUERIES = 8;
/** Buckets with fewer journeys than this are read several at a time: eight of them stay below two megabytes whatever they hold. */
const SMALL_BUCKET = 100;

/** Journeys in DynamoDB: one item each, one write unit for what is new of an ordinary one. */
export function dynamoJourneys(client: DynamoDBClient, table: string, retentionDays: RetentionDays): Journeys {
  const noted = new Set<string>();
  const writer = new JourneyWriter(client, table, retentionDays, read);
  return {
    async record(news) {
      const recorded = await writer.write(news);
      if (recorded === undefined) throw new Error('an unconditional write was refused');
      return recorded;
    },
    recordKnown: (news) => writer.write(news, conditions.alreadyThere),
    find: async (experiment, visitor) => (await followMerges((id) => own(experiment, id), visitor)).journey,
    own,
    anyMerged,
    noteMerges,
    handOver: (handOver) => handOverJourney(client, table, writer, handOver),
    emptied: (merged) => emptyJourney(client, table, writer, merged),
    all,
    page,
    async erase(experiment, visitor) {
      const { Attributes } = await client.send(
        new DeleteItemCommand({ TableName: table, Key: key(experiment, visitor), ReturnValues: 'ALL_OLD' }),
      );
      return Attributes !== undefined;
    },
  };

  async function read(experiment: string, visitor: string): Promise<Item | undefined> {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: key(experiment, visitor), ConsistentRead: true }),
    );
    return Item;
  }

  async function own(experiment: string, visitor: string): Promise<Journey | undefined> {
    const item = await read(experiment, visitor);
    return item && journeyOf(item);
  }

  async function anyMerged(experiment: string): Promise<boolean> {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: itemKey(keys.merges(experiment)), ConsistentRead: true }),
    );
    return Item !== undefined;
  }

  /** Written once by each process: everybody who logs in would write the same item otherwise. */
  async function noteMerges(experiment: string): Promise<void> {
    if (noted.has(experiment)) return;
    const note = new Update().setOnce('noted', { BOOL: true });
    await client.send(
      new UpdateItemCommand({ TableName: table, Key: itemKey(keys.merges(experiment)), ...note.input() }),
    );
    noted.add(experiment);
  }

  async function* all(experiment: string): AsyncIterable<Journey> {
    for (let bucket = 0; bucket < BUCKETS; bucket += PARALLEL_QUERIES) {
      const partitions = Array.from({ length: Math.min(PARALLEL_QUERIES, BUCKETS - bucket) }, (_, i) =>
        journeyPartition(experiment, bucket + i),
      );
      for (const journeys of await Promise.all(partitions.map(inPartition))) yield* journeys;
    }
  }

  /**
   * The order is by bucket and, inside one, by visitor; the bucket follows from the visitor, so a visitor says where to go on.
   * Visitors are hashed over the buckets, so the buckets are alike: one that is small says that the next ones are.
   */
  async function page(experiment: string, after?: string): Promise<JourneyPage> {
    const read = (bucket: number, behind?: Item) => pageOf(client, table, journeyPartition(experiment, bucket), behind);
    const journeys: Journey[] = [];
    let bucket = after === undefined ? 0 : bucketOf(after);
    let behind = after === undefined ? undefined : key(experiment, after);
    let atOnce = 1;
    while (bucket < BUCKETS) {
      const buckets = Array.from({ length: Math.min(atOnce, BUCKETS - bucket) }, (_, i) => bucket + i);
      const pages = await Promise.all(buckets.map((each) => read(each, behind)));
      behind = undefined;
      for (const { items, rest } of pages) {
        journeys.push(...items.map(journeyOf));
        // What was read of later buckets is read again: the pages must not leave a gap.
        if (rest) return { journeys, last: false };
        bucket += 1;
      }
      if (journeys.length >= SMALL_BUCKET) return { journeys, last: bucket === BUCKETS };
      atOnce = PARALLEL_QUERIES;
    }
    return { journeys, last: true };
  }

  async function inPartition(partition: string): Promise<Journey[]> {
    const journeys: Journey[] = [];
    for await (const item of itemsOf(client, table, partition)) journeys.push(journeyOf(item));
    return journeys;
  }
}

const key = (experiment: string, visitor: string): Item => itemKey(keys.journey(experiment, visitor));
