import { Duration } from 'aws-cdk-lib';
import { AlarmStatusWidget, Dashboard, GraphWidget, type IMetric, Row, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import type { BundledFunction } from './bundled-function.ts';
import type { Settings } from './settings.ts';
import type { SiteApi } from './site-api.ts';
import type { Tables } from './tables.ts';

type Shown = {
  readonly settings: Settings;
  readonly tables: Tables;
  readonly redirect: BundledFunction;
  readonly tally: BundledFunction;
  readonly siteApi: SiteApi;
  readonly alarms: Alarms;
};

/** One page for the person who was woken: what is red, what visitors feel, whether the counts are whole. */
export function dashboardBoard(
  scope: Construct,
  { settings, tables, redirect, tally, siteApi, alarms }: Shown,
): Dashboard {
  const period = Duration.minutes(1);
  const sum = { statistic: Stats.SUM, period };
  const graph = (title: string, left: IMetric[], right: IMetric[] = []) =>
    new GraphWidget({ title, left, right, width: 8, height: 6 });
  const latency = (each: BundledFunction) =>
    ['p50', 'p99'].map((statistic) =>
      each.metricDuration({ statistic, period, label: `${each.name} ${statistic}, ms` }),
    );
  const board = new Dashboard(scope, 'board', {
    dashboardName: `stepladder-${settings.stage}`,
    defaultInterval: Duration.hours(6),
  });
  board.addWidgets(
    new AlarmStatusWidget({ title: 'Alarms', alarms: alarms.all, width: 24, height: 5 }),
    new Row(
      graph(
        'Redirects',
        [redirect.metricInvocations({ ...sum, label: 'visits' })],
        [redirect.metricErrors({ ...sum, label: 'errors' }), redirect.metricThrottles({ ...sum, label: 'throttled' })],
      ),
      graph('Time to redirect', latency(redirect)),
      graph(
        'API',
        [siteApi.api.metricCount({ ...sum, label: 'requests' })],
        [
          siteApi.api.metricClientError({ ...sum, label: 'refused' }),
          siteApi.api.metricServerError({ ...sum, label: 'failed' }),
        ],
      ),
    ),
    new Row(
      graph('Journeys written', [tables.journeys.metricConsumedWriteCapacityUnits({ ...sum, label: 'write units' })]),
      graph(
        'Live tallies behind by',
        [tally.metric('IteratorAge', { statistic: Stats.MAXIMUM, period, label: 'ms' })],
        latency(tally),
      ),
      graph('What reports found, at worst', [alarms.drift, alarms.sampleRatio], [alarms.deliveries]),
    ),
  );
  return board;
}
