import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Link } from '../../journey/link.ts';
import type { Links } from '../../usecases/ports.ts';
import { keys } from './keys.ts';
import { itemKey } from './partition.ts';

/** Links in the catalog. They never change, so what was read once is kept. */
export function dynamoLinks(client: DynamoDBClient, table: string): Links {
  const known = new Map<string, Link>();
  return {
    async put(link) {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: { ...itemKey(keys.link(link.id)), document: { S: JSON.stringify(link) } },
        }),
      );
    },
    async find(id) {
      if (id.length > 64) return undefined;
      const held = known.get(id);
      if (held) return held;
      const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: itemKey(keys.link(id)) }));
      const stored = Item?.document?.S;
      if (stored === undefined) return undefined;
      if (known.size > 5_000) known.clear();
      const link = JSON.parse(stored) as Link;
      known.set(id, link);
      return link;
    },
  };
}
