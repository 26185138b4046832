/**
 * The fields of the real-time log that the count of exposures needs, in the order in which CloudFront writes them whatever order
 * they are asked for in. No address, no cookie, no referrer: what is not needed is not logged. Read by infra/ too.
 */
export const LOG_FIELDS = [
  'timestamp',
  'sc-status',
  'cs-method',
  'cs-uri-stem',
  'cs-user-agent',
  'cs-uri-query',
  'x-edge-result-type',
  'sc-content-type',
] as const;
