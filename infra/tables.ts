import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, StreamViewType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { PARTITION, SORT } from '../shared/store/dynamo/keys.ts';
import { TTL_ATTRIBUTE } from '../shared/store/dynamo/tables.ts';
import type { Settings } from './settings.ts';

export type TableName = 'catalog' | 'journeys';

/** The two tables, split by traffic. Their names are CloudFormation's, so that a stage may be made again beside tables that were kept. */
export class Tables extends Construct {
  readonly catalog: TableV2;
  readonly journeys: TableV2;

  constructor(scope: Construct, { keepsData }: Settings) {
    super(scope, 'tables');
    const shape = {
      partitionKey: { name: PARTITION, type: AttributeType.STRING },
      sortKey: { name: SORT, type: AttributeType.STRING },
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: keepsData,
      removalPolicy: keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    };
    this.catalog = new TableV2(this, 'catalog', shape);
    this.journeys = new TableV2(this, 'journeys', {
      ...shape,
      timeToLiveAttribute: TTL_ATTRIBUTE,
      // The tally is worth of the new image minus worth of the old one: it needs both.
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
    });
  }
}
