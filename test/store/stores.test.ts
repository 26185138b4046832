import { dynamoDbLocal, embedded } from '../support/engines.ts';
import { describeStores } from './describe-stores.ts';

describeStores(embedded);
describeStores(dynamoDbLocal());
