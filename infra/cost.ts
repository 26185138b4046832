import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { PRICES } from './prices.ts';

/** A month of traffic. Every click is a new visitor, the dearest kind. */
export type Traffic = {
  readonly clicks: number;
  /** Steps that a visitor takes, on average; each is an event. */
  readonly steps: number;
  /** Events that a page sends at once. Those of one visitor are one write. */
  readonly batch: number;
  /** Days over which the clicks are spread. */
  readonly days: number;
  /** Experiments that the schedule reports on. */
  readonly experiments: number;
};

/** What one request uses. Writes are counted by a test; milliseconds and bytes were measured or read off the formats. */
export const USES = {
  redirect: { writes: 1, ms: 12, memoryGb: 0.5, bytesOut: 570 },
  events: { writes: 1, ms: 12, memoryGb: 0.5, bytesOut: 700, bytesIn: 500, logBytes: 300 },
  /** A commit is a transaction, and a write in one costs two units: the checkpoint, and each cell. */
  commit: { unitsPerWrite: 2, ms: 30, memoryGb: 0.5 },
  /** Written to the table compressed, to the archive as two files, and sent as one letter at most. The sizes are the free-trial sample's. */
  report: { tableBytes: 25_000, archiveBytes: 61_000, archivePuts: 2, letters: 1 },
  journeyBytes: 400,
} as const;

/** A table on demand starts with four partitions, and its stream has a shard for each. */
const SHARDS = 4;
const WINDOW_SECONDS = 5;
const BATCH_RECORDS = 1_000;
/** Cells of the live tally that records fall into: two variants, and the cohorts of two days. A record falls into one. */
const CELLS = 4;
/** Metrics that the alarms of a stage read; a test counts them. */
export const ALARM_METRICS = 40;
const SECONDS_A_DAY = 86_400;
/** What the reports say of themselves, by stage; a test counts them. */
export const REPORT_METRICS = 3;
const REPORTS_A_MONTH = 30;

export type Line = { readonly what: string; readonly dollars: number };

export function costOf({ clicks, steps, batch, days, experiments }: Traffic): Line[] {
  const { cloudFront, httpApi, lambda, dynamo, cloudWatch, s3, ses } = PRICES;
  const { redirect, events, commit, report, journeyBytes } = USES;
  const reports = experiments * REPORTS_A_MONTH;
  const requests = (clicks * steps) / batch;
  const records = clicks + requests;
  const commits = commitsOf(records, days * SECONDS_A_DAY);
  // How many different cells so many records touch, on average.
  const cells = CELLS * (1 - (1 - 1 / CELLS) ** (records / commits));
  const gb = (bytes: number) => bytes / 1e9;
  const calls = (count: number, { ms, memoryGb }: { ms: number; memoryGb: number }) =>
    count * (lambda.request + (ms / 1_000) * memoryGb * lambda.gbSecond);
  const stored = gb(clicks * journeyBytes);
  return [
    {
      what: 'CloudFront',
      dollars:
        (clicks + requests) * cloudFront.request +
        gb(clicks * redirect.bytesOut + requests * events.bytesOut) * cloudFront.outGb +
        gb(requests * events.bytesIn) * cloudFront.toOriginGb,
    },
    { what: 'HTTP API', dollars: requests * httpApi.request },
    { what: 'Lambda', dollars: calls(clicks, redirect) + calls(requests, events) + calls(commits, commit) },
    { what: 'DynamoDB: journeys', dollars: (clicks * redirect.writes + requests * events.writes) * dynamo.writeUnit },
    { what: 'DynamoDB: live tallies', dollars: commits * (1 + cells) * commit.unitsPerWrite * dynamo.writeUnit },
    // A consistent read of 4 KB is one unit; half of the month's journeys are there on the average day.
    { what: 'DynamoDB: daily recount', dollars: ((stored * 1e9) / 4_096) * (REPORTS_A_MONTH / 2) * dynamo.readUnit },
    { what: 'DynamoDB: storage', dollars: stored * (dynamo.storedGbMonth + dynamo.restorableGbMonth) },
    { what: 'CloudWatch: logs', dollars: gb(requests * events.logBytes) * cloudWatch.logGb },
    {
      what: 'CloudWatch: alarms, metrics',
      dollars:
        above(ALARM_METRICS, cloudWatch.freeAlarmMetrics) * cloudWatch.alarmMetricMonth +
        above(REPORT_METRICS, cloudWatch.freeMetrics) * cloudWatch.metricMonth,
    },
    {
      what: 'Reports: kept, archived, sent',
      dollars:
        reports *
        (Math.ceil(report.tableBytes / 1_024) * dynamo.writeUnit +
          report.archivePuts * s3.put +
          report.letters * ses.letter +
          // A month's worth; the first ninety days of a file are its dearest.
          gb(report.archiveBytes) * s3.storedGbMonth),
    },
  ];
}

/** Batches that are not empty: a shard commits once a window while records come seldom, and once a thousand when they come fast. */
function commitsOf(records: number, seconds: number): number {
  const windows = (SHARDS * seconds) / WINDOW_SECONDS;
  return Math.max(windows * (1 - Math.exp(-records / windows)), records / BATCH_RECORDS);
}

const above = (count: number, free: number): number => Math.max(0, count - free);

export function costTable(traffic: Traffic): string {
  const lines = costOf(traffic);
  const total = lines.reduce((sum, { dollars }) => sum + dollars, 0);
  const perMillion = (dollars: number) => (traffic.clicks === 0 ? 0 : (dollars / traffic.clicks) * 1e6);
  const row = (what: string, dollars: number) =>
    `${what.padEnd(30)}${dollars.toFixed(2).padStart(12)}${perMillion(dollars).toFixed(2).padStart(20)}`;
  const number = (value: number) => value.toLocaleString('en');
  return [
    `${number(traffic.clicks)} clicks and ${number(traffic.clicks * traffic.steps)} events in ${traffic.days} days, ${traffic.batch} events a request, ${traffic.experiments} experiments, prices of ${PRICES.asOf}`,
    `${'US dollars'.padEnd(30)}${'a month'.padStart(12)}${'a million clicks'.padStart(20)}`,
    ...lines.map(({ what, dollars }) => row(what, dollars)),
    row('total', total),
  ].join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values } = parseArgs({
    options: {
      clicks: { type: 'string', default: '1000000' },
      steps: { type: 'string', default: '3' },
      batch: { type: 'string', default: '1' },
      days: { type: 'string', default: '30' },
      experiments: { type: 'string', default: '5' },
    },
  });
  const positive = (name: keyof typeof values): number => {
    const value = Number(values[name]);
    if (!(value > 0)) throw new Error(`--${name} must be a number above zero, not ${values[name]}`);
    return value;
  };
  console.log(
    costTable({
      clicks: positive('clicks'),
      steps: positive('steps'),
      batch: positive('batch'),
      days: positive('days'),
      experiments: positive('experiments'),
    }),
  );
}
