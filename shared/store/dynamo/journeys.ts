import { isDeepStrictEqual } from 'node:util';
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { enteredAt, type Journey, merge } from '../../journey/journey.ts';
import type { JourneyPage, Journeys, Recorded } from '../../usecases/ports.ts';
import { conditions } from './conditions.ts';
import { firstTimes, type Item, journeyOf, times } from './journey-item.ts';
import { BUCKETS, bucketOf, journeyPartition, keys } from './keys.ts';
import { itemKey, itemsOf, pageOf } from './partition.ts';
import { Update } from './update.ts';

const DAY_SECONDS = 86_400;
const PARALLEL_QUERIES = 8;
/** Buckets with fewer journeys than this are read several at a time: eight of them stay below two megabytes whatever they hold. */
const SMALL_BUCKET = 100;

/** Days an experiment keeps its journeys; the item's own TTL is written from it. */
export type RetentionDays = (experiment: string) => Promise<number>;

/** Journeys in DynamoDB: one item each, one write unit per news. */
export function dynamoJourneys(client: DynamoDBClient, table: string, retentionDays: RetentionDays): Journeys {
  return {
    record: async (news) => known(await write(news)),
    recordKnown: (news) => write(news, conditions.alreadyThere),
    find,
    all,
    page,
    erase: async (experiment, visitor) => {
      await client.send(new DeleteItemCommand({ TableName: table, Key: key(experiment, visitor) }));
    },
  };

  /**
   * One update that sets what is not there yet. What it could not do blindly, moving a time that is there to an earlier one,
   * shows in the item it returns, and is rare: a late event with an earlier clock.
   */
  async function write(news: Journey, condition?: string): Promise<Recorded | undefined> {
    const expiresAt = Math.floor(enteredAt(news) / 1000) + (await retentionDays(news.experiment)) * DAY_SECONDS;
    const update = new Update();
    for (const [attribute, value] of Object.entries(firstTimes(news, expiresAt))) update.setOnce(attribute, value);
    if (news.signals.length > 0) update.add('signals', { SS: [...news.signals] });
    if (news.scanReasons && news.scanReasons.length > 0) update.add('scanReasons', { SS: [...news.scanReasons] });
    if (condition) update.onlyIf(condition);
    const old = await send(news, update, 'ALL_OLD');
    if (old === 'refused') return undefined;
    const before = old && journeyOf(old);
    if (before === undefined) return { before, after: news };
    const after = merge(before, news);
    await pullEarlier(news, before, after);
    return { before, after };
  }

  /** Moves times to earlier ones, each write conditional on what it read, until the stored journey is the merged one. */
  async function pullEarlier(news: Journey, before: Journey, after: Journey): Promise<void> {
    let stored = times(before);
    let wanted = times(after);
    for (;;) {
      const earlier = Object.entries(wanted).filter(
        ([name, value]) => stored[name] && !isDeepStrictEqual(stored[name], value),
      );
      if (earlier.length === 0) return;
      const update = new Update();
      for (const [name, value] of earlier) update.onlyIfStill(name, stored[name]).set(name, value);
      if ((await send(news, update, 'NONE')) !== 'refused') return;
      const current = await find(news.experiment, news.visitor);
      if (current === undefined) return; // erased meanwhile: nothing to correct
      stored = times(current);
      wanted = times(merge(current, news));
    }
  }

  async function send(
    journey: Journey,
    update: Update,
    returns: 'ALL_OLD' | 'NONE',
  ): Promise<Item | undefined | 'refused'> {
    try {
      const { Attributes } = await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: key(journey.experiment, journey.visitor),
          ...update.input(),
          ReturnValues: returns,
        }),
      );
      // AWS returns nothing of an item that was not there; the embedded engine returns its key.
      return Attributes?.variant ? Attributes : undefined;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return 'refused';
      throw error;
    }
  }

  async function find(experiment: string, visitor: string): Promise<Journey | undefined> {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: key(experiment, visitor), ConsistentRead: true }),
    );
    return Item && journeyOf(Item);
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

function known(recorded: Recorded | undefined): Recorded {
  if (recorded === undefined) throw new Error('an unconditional write was refused');
  return recorded;
}
