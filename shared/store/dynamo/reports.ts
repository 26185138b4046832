import { gzipSync } from 'node:zlib';
import { type DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Report } from '../../report/report.ts';
import type { Reports } from '../../usecases/ports.ts';
import { keys } from './keys.ts';

/** Reports in the catalog, one item for each that was written: as JSON, and as the page people read, compressed. */
export function dynamoReports(client: DynamoDBClient, table: string): Reports {
  return {
    async put(report, html) {
      const { pk, sk } = keys.report(report.experiment.id, report.writtenAt);
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: { pk: { S: pk }, sk: { S: sk }, document: { S: JSON.stringify(report) }, html: { B: gzipSync(html) } },
        }),
      );
    },
    async latest(experiment) {
      const { Items } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: keys.report(experiment, 0).pk } },
          ScanIndexForward: false,
          Limit: 1,
        }),
      );
      const stored = Items?.[0]?.document?.S;
      return stored === undefined ? undefined : (JSON.parse(stored) as Report);
    },
  };
}
