// The store has one endpoint for all regions, and asks for signatures that hold in all of them.
import '@aws-sdk/signature-v4a';
import { CloudFrontKeyValueStore } from '@aws-sdk/client-cloudfront-keyvaluestore';
import type { EdgeStore } from '../../usecases/ports.ts';
import { cloudFrontEdgeStore } from './edge-store.ts';

/**
 * The edge store on AWS. Import it only where an experiment is published, and there by `await import(...)`: it is a third of a
 * megabyte that no visitor's request should load.
 */
export const edgeStoreOf = (keyValueStoreArn: string): EdgeStore =>
  cloudFrontEdgeStore(new CloudFrontKeyValueStore({ region: 'us-east-1', maxAttempts: 3 }), keyValueStoreArn);
