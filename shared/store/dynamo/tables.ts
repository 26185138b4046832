import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { PARTITION, SORT } from './keys.ts';

export type TableNames = { readonly catalog: string; readonly journeys: string };

/**
 * The shape of what is stored: keys and what attributes mean. Raised only by a change that older code would misread; attributes
 * that are added are no such change. Backups say it, and the fixtures of every shape stay readable.
 */
export const SHAPE = 1;

export const TTL_ATTRIBUTE = 'expiresAt';

const keyed = (name: string) =>
  ({
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: PARTITION, AttributeType: 'S' },
      { AttributeName: SORT, AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: PARTITION, KeyType: 'HASH' },
      { AttributeName: SORT, KeyType: 'RANGE' },
    ],
  }) satisfies CreateTableCommandInput;

/** The shape of the two tables, for engines that are created by a program; `infra/` states the same for AWS. */
export const tableShapes = (names: TableNames): CreateTableCommandInput[] => [
  keyed(names.catalog),
  { ...keyed(names.journeys), StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } },
];
