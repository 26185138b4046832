import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { Journey } from '../../journey/journey.ts';
import type { HandOver } from '../../usecases/ports.ts';
import { conditions } from './conditions.ts';
import { frozenFacts, type Item, times } from './journey-item.ts';
import { addSets, type JourneyWriter, ROOM } from './journey-writer.ts';
import { keys } from './keys.ts';
import { itemKey } from './partition.ts';
import { Update } from './update.ts';

/** What a transaction says of a write that stood in its way; anything else is no answer but a failure. */
const OVERTAKEN = new Set(['ConditionalCheckFailed', 'TransactionConflict']);

/**
 * Both journeys in one transaction: at every instant exactly one of the two ids counts. It says who is counted where, with as
 * much of the contents as one update holds; whoever hands over records the whole of them afterwards, as often as need be.
 */
export async function handOverJourney(
  client: DynamoDBClient,
  table: string,
  writer: JourneyWriter,
  { experiment, from, own, known, news }: HandOver,
): Promise<boolean> {
  const facts = frozenFacts(news, await writer.expiresAt(own ?? known ?? news));
  const begun = { ...facts, ...Object.fromEntries(Object.entries(times(news)).slice(0, ROOM)) };

  const old = new Update().set('mergedInto', { S: news.visitor }).onlyIf(conditions.notMerged).onlyIf(there(own));
  if (own === undefined) for (const [name, value] of Object.entries(facts)) old.setOnce(name, value);
  const target = addSets(new Update(), news).onlyIf(conditions.notMerged).onlyIf(there(known));
  for (const [name, value] of Object.entries(begun)) target.setOnce(name, value);

  const of = (visitor: string, update: Update) => ({
    Update: { TableName: table, Key: itemKey(keys.journey(experiment, visitor)), ...update.input() },
  });
  try {
    await client.send(new TransactWriteItemsCommand({ TransactItems: [of(from, old), of(news.visitor, target)] }));
    return true;
  } catch (error) {
    const reasons = (error instanceof TransactionCanceledException && error.CancellationReasons) || [];
    if (reasons.some(({ Code }) => OVERTAKEN.has(Code ?? ''))) return false;
    throw error;
  }
}

const there = (journey: Journey | undefined) => (journey ? conditions.alreadyThere : conditions.notThereYet);

/** Leaves of a merged journey what leads to the other one. Its end stays as far away as it was. */
export async function emptyJourney(
  client: DynamoDBClient,
  table: string,
  writer: JourneyWriter,
  merged: Journey,
): Promise<void> {
  const { mergedInto = '' } = merged;
  const Item: Item = {
    ...itemKey(keys.journey(merged.experiment, merged.visitor)),
    ...frozenFacts(merged, await writer.expiresAt(merged)),
    mergedInto: { S: mergedInto },
  };
  try {
    await client.send(
      new PutItemCommand({
        TableName: table,
        Item,
        ConditionExpression: conditions.mergedThere,
        ExpressionAttributeValues: { ':to': { S: mergedInto } },
      }),
    );
  } catch (error) {
    // Erased meanwhile: nothing is left to be emptied.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
