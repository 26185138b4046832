import {
  type AttributeValue,
  type DynamoDBClient,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { murmur3 } from '../../assignment/murmur3.ts';
import { type Counters, type Tally, TallySum } from '../../tally/tally.ts';
import { COUNTERS_PER_CELL } from '../../usecases/fold-stream.ts';
import type { LedgerDelta, Tallies } from '../../usecases/ports.ts';
import { conditions } from './conditions.ts';
import { cellOfSort, keys, sequenceNumber, tallyPartition } from './keys.ts';
import { itemKey, itemsOf } from './partition.ts';
import { Update } from './update.ts';

/** Copies of every cell, by shard, so that consumers of different shards seldom wait for each other. */
export const LANES = 16;
const CORRECTION_LANE = LANES;

/** Live tallies in the catalog: one item per cell and lane, and one checkpoint per stream shard. */
export function dynamoTallies(client: DynamoDBClient, table: string): Tallies {
  return {
    async read(experiment, ledger) {
      const sum = new TallySum();
      for await (const item of itemsOf(client, table, tallyPartition(ledger, experiment)))
        sum.add(new Map([[cellOfSort(item.sk?.S ?? ''), countersOf(item)]]));
      return sum.total();
    },

    /**
     * The numbers and the checkpoint in one transaction. The condition lets it through only when no record from `first` on
     * was counted before, so whatever is retried, split, delivered twice or run by a forgotten process counts once.
     */
    async commit({ shard, first, last, deltas }) {
      const lane = murmur3(shard, 0) % LANES;
      const checkpoint = new Update().set('sequence', { S: sequenceNumber(last) });
      const { ExpressionAttributeNames, ExpressionAttributeValues, ...set } = checkpoint.input();
      const advance: TransactWriteItem = {
        Update: {
          TableName: table,
          Key: itemKey(keys.checkpoint(shard)),
          ...set,
          ConditionExpression: conditions.checkpointBefore,
          ExpressionAttributeNames: { ...ExpressionAttributeNames, '#sequence': 'sequence' },
          ExpressionAttributeValues: { ...ExpressionAttributeValues, ':first': { S: sequenceNumber(first) } },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      };
      const additions = deltas.flatMap((delta) => cells(delta, lane));
      try {
        await client.send(
          new TransactWriteItemsCommand({ TransactItems: [advance, ...additions.map((Update) => ({ Update }))] }),
        );
        return { kind: 'committed' };
      } catch (error) {
        const reason = error instanceof TransactionCanceledException ? error.CancellationReasons?.[0] : undefined;
        if (reason?.Code !== 'ConditionalCheckFailed') throw error;
        return { kind: 'overtaken', checkpoint: reason.Item?.sequence?.S ?? '' };
      }
    },

    async correct(experiment, correction) {
      for (const tally of portions(correction))
        for (const update of cells({ experiment, ledger: 'live', tally }, CORRECTION_LANE))
          await client.send(new UpdateItemCommand(update));
    },
  };

  function cells({ experiment, ledger, tally }: LedgerDelta, lane: number) {
    return [...tally].map(([cell, counters]) => {
      const update = new Update();
      for (const [name, count] of Object.entries(counters)) update.add(name, { N: String(count) });
      const { UpdateExpression, ...rest } = update.input();
      return { TableName: table, Key: itemKey(keys.tally(ledger, experiment, cell, lane)), UpdateExpression, ...rest };
    });
  }
}

/** A tally in parts of which each cell fits one update expression. */
function* portions(tally: Tally): Iterable<Tally> {
  for (const [cell, counters] of tally) {
    const names = Object.entries(counters);
    for (let i = 0; i < names.length; i += COUNTERS_PER_CELL)
      yield new Map([[cell, Object.fromEntries(names.slice(i, i + COUNTERS_PER_CELL))]]);
  }
}

function countersOf(item: Record<string, AttributeValue>): Counters {
  const counters: Record<string, number> = {};
  for (const [name, value] of Object.entries(item)) if (value.N !== undefined) counters[name] = Number(value.N);
  return counters;
}
