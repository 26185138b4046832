import type { Route } from './route.ts';

/** How callers of each kind of route prove who they are, as OpenAPI writes it. */
export const SECURITY: Readonly<Record<Route['access'], Record<string, string[]>[]>> = {
  public: [],
  site: [{ siteKey: [] }, { siteKeyHeader: [] }],
  server: [{ secretKey: [] }, { secretKeyHeader: [] }],
  admin: [{ awsSignature: [] }, { localKey: [] }],
};

export const SECURITY_SCHEMES = {
  siteKey: {
    type: 'http',
    scheme: 'bearer',
    description: 'A publishable key in pages of its origins (`sl_pub_…`), or a secret key on servers (`sl_sec_…`).',
  },
  siteKeyHeader: {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
    description: 'The same key in a header of its own.',
  },
  secretKey: {
    type: 'http',
    scheme: 'bearer',
    description: 'A secret key (`sl_sec_…`). One that stands in pages is refused.',
  },
  secretKeyHeader: {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
    description: 'The secret key in a header of its own.',
  },
  awsSignature: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: 'AWS Signature Version 4, for `execute-api`.',
    'x-amazon-apigateway-authtype': 'awsSigv4',
  },
  localKey: { type: 'http', scheme: 'bearer', description: 'On one machine: the key that `npm start` prints.' },
};
