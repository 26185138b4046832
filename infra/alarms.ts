import { Duration, Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { FilterPattern } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { type Metrics, NAMESPACE } from '../shared/contracts/cloudwatch.ts';
import type { BundledFunction } from './bundled-function.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Settings } from './settings.ts';
import type { TableName, Tables } from './tables.ts';

/** The pages of `docs/runbook`. Every alarm names one. */
export const RUNBOOK = [
  'errors',
  'logged-errors',
  'throttles',
  'duration',
  'iterator-age',
  'dead-letters',
  'table-throttles',
  'table-errors',
  'server-errors',
  'drift',
  'sample-ratio',
  'deliveries',
  'edge-exposures',
] as const;
export type RunbookPage = (typeof RUNBOOK)[number];

/** Operations of the functions on each table; DynamoDB tells its errors apart by them. */
const OPERATIONS: Readonly<Record<TableName, readonly string[]>> = {
  catalog: ['GetItem', 'Query', 'PutItem', 'TransactWriteItems'],
  journeys: ['GetItem', 'Query', 'UpdateItem'],
};

const FIVE_MINUTES = Duration.minutes(5);

type Watched = {
  readonly settings: Settings;
  readonly tables: Tables;
  readonly functions: readonly BundledFunction[];
  readonly redirect: BundledFunction;
  readonly tally: BundledFunction;
  /** Where there is an edge. */
  readonly exposures: BundledFunction | undefined;
  /** By what it is for. */
  readonly apis: Readonly<Record<string, HttpApi>>;
  readonly deadLetters: Readonly<Record<string, DeadLetters>>;
};

type Condition = {
  readonly metric: IMetric;
  /** The last value that is well. */
  readonly above: number;
  /** Periods in a row; a single bad one of a busy metric is weather. */
  readonly periods?: number;
};

/** What wakes a person, and the page that says what to do. */
export class Alarms extends Construct {
  readonly all: Alarm[] = [];
  readonly drift: Metric;
  readonly sampleRatio: Metric;
  readonly deliveries: Metric;
  readonly #settings: Settings;
  readonly #action: SnsAction;

  constructor(
    scope: Construct,
    { settings, tables, functions, redirect, tally, exposures, apis, deadLetters }: Watched,
  ) {
    super(scope, 'alarms');
    this.#settings = settings;
    const topic = new Topic(this, 'topic', { displayName: `Stepladder ${settings.stage}`, enforceSSL: true });
    // A topic that says who may not publish has lost the default that lets the account's alarms, and nothing fails but the mail.
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (settings.alarmEmail) topic.addSubscription(new EmailSubscription(settings.alarmEmail));
    this.#action = new SnsAction(topic);

    for (const each of functions) this.#function(each);
    // Its lines tell of visitors that are in no count, which is not what the page of the others is about.
    if (exposures) this.#function(exposures, 'edge-exposures');
    // Missed polls leave no other trace: the records wait in the stream, and after 24 hours they are gone.
    for (const consumer of [tally, exposures])
      if (consumer) {
        const age = consumer.metric('IteratorAge', { statistic: Stats.MAXIMUM, period: Duration.minutes(1) });
        this.#alarm('iterator-age', consumer.name, { metric: age, above: 60_000, periods: 3 });
      }
    for (const [id, queue] of Object.entries(deadLetters)) {
      const metric = queue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, period: FIVE_MINUTES });
      this.#alarm('dead-letters', id, { metric, above: 0 });
    }
    this.#table('catalog', tables.catalog);
    this.#table('journeys', tables.journeys);
    // CloudFront's own metrics live in us-east-1 alone; what stands behind it tells of the same failures from where the stack is.
    const url5xx = redirect.metric('Url5xxCount', { statistic: Stats.SUM, period: FIVE_MINUTES });
    this.#alarm('server-errors', 'redirect', { metric: url5xx, above: 0 });
    for (const [what, api] of Object.entries(apis)) {
      const metric = api.metricServerError({ statistic: Stats.SUM, period: FIVE_MINUTES });
      this.#alarm('server-errors', what, { metric, above: 0 });
    }
    this.drift = this.#reported('Drift');
    this.#alarm('drift', 'tallies', { metric: this.drift, above: settings.driftTolerance });
    this.sampleRatio = this.#reported('SampleRatioMismatch');
    this.#alarm('sample-ratio', 'experiments', { metric: this.sampleRatio, above: 0 });
    this.deliveries = this.#reported('FailedDeliveries');
    this.#alarm('deliveries', 'reports', { metric: this.deliveries, above: 0 });
  }

  /** The worst that the reports of an hour say of any experiment. */
  #reported(metricName: keyof Metrics): Metric {
    return new Metric({
      namespace: NAMESPACE,
      metricName,
      dimensionsMap: { stage: this.#settings.stage },
      statistic: Stats.MAXIMUM,
      period: Duration.hours(1),
    });
  }

  #function(each: BundledFunction, logged: RunbookPage = 'logged-errors'): void {
    const sum = { statistic: Stats.SUM, period: FIVE_MINUTES };
    this.#alarm('errors', each.name, { metric: each.metricErrors(sum), above: 0 });
    this.#alarm('throttles', each.name, { metric: each.metricThrottles(sum), above: 0 });
    const p99 = each.metricDuration({ statistic: Stats.percentile(99), period: FIVE_MINUTES });
    this.#alarm('duration', each.name, { metric: p99, above: each.timeoutSeconds * 1_000 * 0.6, periods: 2 });
    // A redirect that fails still answers with the control, and a report that fails leaves the others alone: neither is an error
    // to Lambda. Their log lines say it. Without a value for quiet times the metric costs nothing until there is one.
    const filter = each.logs.addMetricFilter('errors', {
      filterPattern: FilterPattern.stringValue('$.level', '=', 'ERROR'),
      metricNamespace: NAMESPACE,
      metricName: `LoggedErrors-${this.#settings.stage}-${each.name}`,
      metricValue: '1',
    });
    this.#alarm(logged, each.name, { metric: filter.metric(sum), above: 0 });
  }

  #table(name: TableName, table: TableV2): void {
    const sum = { statistic: Stats.SUM, period: FIVE_MINUTES };
    const throttles = new MathExpression({
      expression: 'FILL(reads, 0) + FILL(writes, 0)',
      usingMetrics: {
        reads: table.metric('ReadThrottleEvents', sum),
        writes: table.metric('WriteThrottleEvents', sum),
      },
      period: FIVE_MINUTES,
      label: 'throttled',
    });
    // The SDK tries again by itself, and a table that grows throttles for a moment; it is news when it lasts.
    this.#alarm('table-throttles', name, { metric: throttles, above: 0, periods: 3 });
    const byOperation = OPERATIONS[name].map((operation) => ({
      id: `e${operation}`,
      metric: table.metric('SystemErrors', {
        ...sum,
        dimensionsMap: { TableName: table.tableName, Operation: operation },
      }),
    }));
    const errors = new MathExpression({
      expression: byOperation.map(({ id }) => `FILL(${id}, 0)`).join(' + '),
      usingMetrics: Object.fromEntries(byOperation.map(({ id, metric }) => [id, metric])),
      period: FIVE_MINUTES,
      label: 'system errors',
    });
    this.#alarm('table-errors', name, { metric: errors, above: 0, periods: 2 });
  }

  #alarm(page: RunbookPage, what: string, { metric, above, periods = 1 }: Condition): void {
    const alarm = new Alarm(this, `${page}-${what}`, {
      alarmName: `stepladder-${this.#settings.stage}-${page}-${what}`,
      alarmDescription: `What it means and what to do: docs/runbook/${page}.md`,
      metric,
      threshold: above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(this.#action);
    this.all.push(alarm);
  }
}
