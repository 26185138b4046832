import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

/** The shape of the two tables, for engines that are created by a program; `infra/` states the same for AWS. */
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
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  }) satisfies CreateTableCommandInput;

export const tableShapes = (names: TableNames): CreateTableCommandInput[] => [
  keyed(names.catalog),
  { ...keyed(names.journeys), StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } },
];
