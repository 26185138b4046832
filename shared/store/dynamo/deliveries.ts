import { type DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Deliveries, Delivery } from '../../deliver/ports.ts';
import { keys } from './keys.ts';

/** Deliveries in the catalog, one item for every destination of an experiment. */
export function dynamoDeliveries(client: DynamoDBClient, table: string): Deliveries {
  return {
    async list(experiment) {
      const { Items } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: keys.delivery(experiment, '', '').pk } },
          ConsistentRead: true,
        }),
      );
      return (Items ?? []).map(({ document }) => JSON.parse(document?.S ?? '{}') as Delivery);
    },
    async put(delivery) {
      const { pk, sk } = keys.delivery(delivery.experiment, delivery.channel, delivery.to);
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: { pk: { S: pk }, sk: { S: sk }, document: { S: JSON.stringify(delivery) } },
        }),
      );
    },
  };
}
