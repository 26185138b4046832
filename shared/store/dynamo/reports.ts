import { gunzipSync, gzipSync } from 'node:zlib';
import { type DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { ReportHeadline } from '../../report/headline.ts';
import type { Report } from '../../report/report.ts';
import type { KeptReport, Reports } from '../../usecases/ports.ts';
import type { Item } from './journey-item.ts';
import { keys } from './keys.ts';
import { itemKey } from './partition.ts';

/** Its words are loaded with the first report that is kept: most calls of the functions that have this store keep none. */
const headlineOf = async (report: Report): Promise<ReportHeadline> =>
  (await import('../../report/headline.ts')).headlineOf(report);

/** Reports in the catalog, one item for each that was written: as JSON, as the page people read, compressed, and as a headline. */
export function dynamoReports(client: DynamoDBClient, table: string): Reports {
  return {
    async put(report, html) {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: {
            ...itemKey(keys.report(report.experiment.id, report.writtenAt)),
            document: { S: JSON.stringify(report) },
            headline: { S: JSON.stringify(await headlineOf(report)) },
            html: { B: gzipSync(html) },
          },
        }),
      );
    },
    async latest(experiment) {
      const [newest] = await newestFirst(experiment, 'document', 1);
      return newest?.document?.S === undefined ? undefined : (JSON.parse(newest.document.S) as Report);
    },
    async headlines(experiment, limit, before) {
      const items = await newestFirst(experiment, 'sk, headline', limit, before);
      return Promise.all(items.map((item) => headlineIn(experiment, item)));
    },
    find,
  };

  async function find(experiment: string, writtenAt: number): Promise<KeptReport | undefined> {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: itemKey(keys.report(experiment, writtenAt)) }),
    );
    if (!Item?.document?.S) return undefined;
    const page = Item.html?.B;
    return {
      report: JSON.parse(Item.document.S) as Report,
      html: page === undefined ? '' : gunzipSync(page).toString('utf8'),
    };
  }

  /** A report that was kept before there were headlines is read whole. */
  async function headlineIn(experiment: string, { sk, headline }: Item): Promise<ReportHeadline> {
    if (headline?.S) return JSON.parse(headline.S) as ReportHeadline;
    const kept = await find(experiment, Date.parse(sk?.S ?? ''));
    if (kept === undefined) throw new Error(`a report of ${experiment} has no document: ${sk?.S}`);
    return headlineOf(kept.report);
  }

  async function newestFirst(experiment: string, attributes: string, limit: number, before?: number): Promise<Item[]> {
    const { pk, sk } = keys.report(experiment, before ?? 0);
    const items: Item[] = [];
    let rest: Item | undefined;
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: before === undefined ? 'pk = :pk' : 'pk = :pk AND sk < :before',
          ExpressionAttributeValues: { ':pk': { S: pk }, ...(before !== undefined && { ':before': { S: sk } }) },
          ProjectionExpression: attributes,
          ScanIndexForward: false,
          Limit: limit - items.length,
          ...(rest && { ExclusiveStartKey: rest }),
        }),
      );
      items.push(...(page.Items ?? []));
      rest = page.LastEvaluatedKey;
    } while (rest && items.length < limit);
    return items;
  }
}
