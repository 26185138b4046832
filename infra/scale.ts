import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { USES } from './cost.ts';

/** What AWS allows an account before anyone asks for more, and how fast it grows by itself. From its public documents. */
export const QUOTAS = {
  asOf: '2026-11',
  /** Of one distribution. */
  cloudFrontRequests: 250_000,
  /** Of a region, all HTTP APIs together. */
  httpApiRequests: 10_000,
  /** Of a region, all functions together. */
  lambdaConcurrent: 1_000,
  /** Lambda takes so many requests a second for each concurrent execution of the quota, used or not. */
  lambdaRequestsPerConcurrent: 10,
  /** More of one function, every ten seconds. */
  lambdaRampPerTenSeconds: 1_000,
  /** Of one table. */
  tableWrites: 40_000,
  /** Of one table that was just made, until it has seen more. */
  coldTableWrites: 4_000,
  /** Of one key range, for ever. */
  partitionWrites: 1_000,
} as const;

/** The house's own limits; `shared/store/dynamo` says why they are what they are. A test holds them together. */
export const OURS = { buckets: 256, lanes: 16, batchWindowSeconds: 5, batchRecords: 1_000 } as const;

/** A second of traffic. Events are clicks and steps together. */
export type Load = {
  readonly events: number;
  /** The share that comes by redirect. */
  readonly redirects: number;
  /** Events in one request of a page or a server. */
  readonly batch: number;
  /** The share that falls to the largest experiment. */
  readonly largest: number;
};

/** One thing that has an end: how much of it a load takes, and what to do where it takes too much. */
export type Limit = {
  readonly what: string;
  readonly used: number;
  readonly allowed: number;
  readonly kind: 'quota' | 'growth' | 'design';
  readonly remedy: string;
};

/**
 * What a load takes of everything that has an end, the scarcest first: above 1 it breaks. Arithmetic over quotas and over what the
 * functions were counted to do; not a load test.
 */
export function limitsUnder({ events, redirects, batch, largest }: Load): Limit[] {
  const clicks = events * redirects;
  const requests = (events - clicks) / batch;
  const writes = clicks * USES.redirect.writes + requests * USES.events.writes;
  const seconds = (ms: number) => ms / 1_000;
  const concurrent =
    clicks * seconds(USES.redirect.ms) +
    requests * seconds(USES.events.ms) +
    shardsFor(writes) * seconds(USES.commit.ms);
  const limits: Limit[] = [
    {
      what: 'CloudFront: requests of one distribution',
      used: Math.max(clicks, requests),
      allowed: QUOTAS.cloudFrontRequests,
      kind: 'quota',
      remedy: 'ask for more, or several distributions under one name by weighted records',
    },
    {
      what: 'HTTP API: requests of the region',
      used: requests,
      allowed: QUOTAS.httpApiRequests,
      kind: 'quota',
      remedy: 'send the events of a page together, ask for more; from servers, write to a stream instead (below)',
    },
    {
      what: 'Lambda: requests, ten for each concurrent execution',
      used: clicks + requests,
      allowed: QUOTAS.lambdaConcurrent * QUOTAS.lambdaRequestsPerConcurrent,
      kind: 'quota',
      remedy: 'ask for concurrency that is not used, a tenth of the requests; edge mode takes the redirects off',
    },
    {
      what: 'Lambda: concurrent executions',
      used: concurrent,
      allowed: QUOTAS.lambdaConcurrent,
      kind: 'quota',
      remedy: 'ask for more',
    },
    {
      what: 'DynamoDB: writes of a table that was just made',
      used: writes,
      allowed: QUOTAS.coldTableWrites,
      kind: 'growth',
      remedy: 'set warm throughput before the campaign; a table doubles by itself within half an hour',
    },
    {
      what: 'DynamoDB: writes of a table',
      used: writes,
      allowed: QUOTAS.tableWrites,
      kind: 'quota',
      remedy: 'ask for more',
    },
    {
      what: 'Journeys: writes of the largest experiment, over its key ranges',
      used: writes * largest,
      allowed: OURS.buckets * QUOTAS.partitionWrites,
      kind: 'design',
      remedy: 'more buckets for new experiments (a new shape), or the batch path',
    },
    {
      what: 'Live tallies: commits of one lane, which wait for each other',
      used: (shardsFor(writes) / OURS.lanes) * commitsOfShard(writes / shardsFor(writes)),
      allowed: 1 / seconds(USES.commit.ms),
      kind: 'design',
      remedy: 'more lanes, or live counts that are behind; reports do not use them',
    },
  ];
  return limits.sort((a, b) => b.used / b.allowed - a.used / a.allowed);
}

/** A shard commits once a window while records come seldom, and once a thousand when they come fast. */
const commitsOfShard = (records: number): number => Math.max(1 / OURS.batchWindowSeconds, records / OURS.batchRecords);

/** A stream has a shard for each key range of its table, and a table as many as its writes need. */
const shardsFor = (writes: number): number => Math.max(4, Math.ceil(writes / QUOTAS.partitionWrites));

/** Seconds until Lambda runs as many as a load needs, from none. */
export const rampSeconds = (load: Load): number => {
  const concurrent = limitsUnder(load).find(({ what }) => what === 'Lambda: concurrent executions')?.used ?? 0;
  return (Math.max(0, concurrent - QUOTAS.lambdaRampPerTenSeconds) / QUOTAS.lambdaRampPerTenSeconds) * 10;
};

export function scaleTable(load: Load): string {
  const number = (value: number) => Math.ceil(value).toLocaleString('en');
  const rows = limitsUnder(load).map(
    ({ what, used, allowed, remedy }) =>
      `${what.padEnd(64)}${number(used).padStart(11)}${number(allowed).padStart(11)}${`${Math.ceil((100 * used) / allowed)} %`.padStart(9)}${used > allowed ? `  ${remedy}` : ''}`,
  );
  return [
    `${number(load.events)} events a second, ${Math.round(load.redirects * 100)} % of them redirects, ${load.batch} in a request, quotas of ${QUOTAS.asOf}`,
    `${'a second'.padEnd(64)}${'used'.padStart(11)}${'allowed'.padStart(11)}`,
    ...rows,
  ].join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values } = parseArgs({
    options: {
      events: { type: 'string', default: '1000' },
      redirects: { type: 'string', default: '0.25' },
      batch: { type: 'string', default: '1' },
      largest: { type: 'string', default: '1' },
    },
  });
  const load = { events: 0, redirects: 0, batch: 1, largest: 1 };
  for (const name of ['events', 'redirects', 'batch', 'largest'] as const) {
    const value = Number(values[name]);
    if (!(value >= 0)) throw new Error(`--${name} must be a number, not ${values[name]}`);
    load[name] = value;
  }
  console.log(scaleTable(load));
}
