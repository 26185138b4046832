import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Deliveries, Delivery } from '../../usecases/delivery.ts';
import { keys } from './keys.ts';
import { itemKey, itemsOf } from './partition.ts';

/** Deliveries in the catalog, one item for every destination of an experiment. */
export function dynamoDeliveries(client: DynamoDBClient, table: string): Deliveries {
  return {
    async list(experiment) {
      const deliveries: Delivery[] = [];
      for await (const { document } of itemsOf(client, table, keys.delivery(experiment, '', '').pk))
        deliveries.push(JSON.parse(document?.S ?? '{}') as Delivery);
      return deliveries;
    },
    async put(delivery) {
      const key = itemKey(keys.delivery(delivery.experiment, delivery.channel, delivery.to));
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: { ...key, document: { S: JSON.stringify(delivery) } },
        }),
      );
    },
  };
}
