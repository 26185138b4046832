import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENT, OPTIONAL_ENVIRONMENT } from '#shared/contracts/environment.ts';
import { RUNBOOK } from '../../infra/alarms.ts';
import { ROOT } from '../../infra/bundle.ts';
import { FUNCTIONS } from '../../infra/function-names.ts';
import { functionsIn, ofType, referred, resourcesWith, theOne } from './synthesized.ts';

const live = resourcesWith({ alarmEmail: 'on-call@example.com', edge: 'true', reportFrom: 'reports@example.com' });
const alarms = ofType(live, 'AWS::CloudWatch::Alarm').map(([, alarm]) => alarm);
/** What those have who change experiments, and the one that writes reports. */
const OPTIONAL: Readonly<Record<string, readonly (typeof OPTIONAL_ENVIRONMENT)[number][]>> = {
  admin: ['EDGE_STORE_ARN'],
  report: [...OPTIONAL_ENVIRONMENT],
};
const named = (name: string) => alarms.find((alarm) => String(alarm.AlarmName) === `stepladder-live-${name}`);

describe('functions', () => {
  it('are the entries of functions/lambda', () => {
    expect(
      functionsIn(live)
        .map(([name]) => name)
        .sort(),
    ).toEqual([...FUNCTIONS].sort());
    for (const name of FUNCTIONS) expect(existsSync(join(ROOT, `functions/lambda/${name}.ts`))).toBe(true);
  });

  it.each(functionsIn(live))(
    '%s has every environment variable that a handler may ask for',
    (name, _id, properties) => {
      const expected = [...ENVIRONMENT, ...(OPTIONAL[name] ?? [])];
      expect(Object.keys(properties.Environment?.Variables ?? {}).sort()).toEqual(expected.sort());
    },
  );

  it.each(functionsIn(live))(
    '%s runs on Node 24 and Graviton, and stops before whoever waits for it does',
    (name, _id, properties) => {
      expect(properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler' });
      // API Gateway waits 30 seconds.
      if (name === 'admin' || name === 'site') expect(Number(properties.Timeout)).toBeLessThan(30);
    },
  );

  it.each(functionsIn(live))(
    '%s writes JSON to a log group of its own that forgets after 30 days',
    (_name, _id, properties) => {
      const [group = ''] = referred(properties.LoggingConfig?.LogGroup);
      expect(properties.LoggingConfig?.LogFormat).toBe('JSON');
      expect(live[group]?.Properties.RetentionInDays).toBe(30);
    },
  );
});

describe('the daily report', () => {
  it('is tried again when it fails, and ends in its dead letters', () => {
    const [queue] = theOne(live, 'AWS::SQS::Queue', 'reportschedule');
    const [, { Target }] = theOne(live, 'AWS::Scheduler::Schedule');
    expect(referred(Target?.DeadLetterConfig)).toEqual([queue]);
    expect(referred(theOne(live, 'AWS::Lambda::EventInvokeConfig')[1].DestinationConfig)).toEqual([queue]);
  });
});

describe('alarms', () => {
  it.each(
    FUNCTIONS.flatMap((name) =>
      ['errors', name === 'exposures' ? 'edge-exposures' : 'logged-errors', 'throttles', 'duration'].map(
        (page) => `${page}-${name}`,
      ),
    ),
  )('there is one for %s', (name) => expect(named(name)).toBeDefined());

  it('tell of records older than a minute, of any dead letter, and of any drift', () => {
    expect(named('iterator-age-tally')).toMatchObject({
      MetricName: 'IteratorAge',
      Threshold: 60_000,
      Statistic: 'Maximum',
    });
    expect(named('dead-letters-tally')).toMatchObject({ Threshold: 0 });
    expect(named('dead-letters-report')).toMatchObject({ Threshold: 0 });
    expect(named('drift-tallies')).toMatchObject({
      Namespace: 'Stepladder',
      MetricName: 'Drift',
      Dimensions: [{ Name: 'stage', Value: 'live' }],
      Threshold: 0,
      Statistic: 'Maximum',
    });
  });

  it('tell of any sample ratio that is off and of any report that did not arrive, each stage for itself', () => {
    for (const [name, MetricName] of [
      ['sample-ratio-experiments', 'SampleRatioMismatch'],
      ['deliveries-reports', 'FailedDeliveries'],
    ] as const)
      expect(named(name)).toMatchObject({
        Namespace: 'Stepladder',
        MetricName,
        Dimensions: [{ Name: 'stage', Value: 'live' }],
        Threshold: 0,
      });
  });

  it('tell of a redirect that answered by the control because it failed, which no other metric shows', () => {
    const [, filter] = theOne(live, 'AWS::Logs::MetricFilter', 'redirectfront');
    expect(filter.FilterPattern).toBe('{ $.level = "ERROR" }');
    expect(named('logged-errors-redirect')?.MetricName).toBe(filter.MetricTransformations?.[0]?.MetricName);
  });

  it('are well while nothing happens, and go above a value to be ill', () => {
    for (const alarm of alarms)
      expect(alarm, String(alarm.AlarmName)).toMatchObject({
        TreatMissingData: 'notBreaching',
        ComparisonOperator: 'GreaterThanThreshold',
      });
  });

  it('all reach the address in the settings', () => {
    const [topic] = theOne(live, 'AWS::SNS::Topic', 'alarms');
    for (const alarm of alarms) expect(referred(alarm.AlarmActions)).toEqual([topic]);
    expect(theOne(live, 'AWS::SNS::Subscription')[1]).toMatchObject({
      Protocol: 'email',
      Endpoint: 'on-call@example.com',
    });
  });

  it('may write to their topic, whose own policy has taken the place of the one that lets them', () => {
    const [topic] = theOne(live, 'AWS::SNS::Topic', 'alarms');
    const [, { PolicyDocument }] = theOne(live, 'AWS::SNS::TopicPolicy', 'alarms');
    expect([...(PolicyDocument?.Statement ?? [])]).toContainEqual({
      Sid: expect.any(String),
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: 'sns:Publish',
      Resource: { Ref: topic },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    });
  });

  it('each name a page of the runbook, and each page has an alarm', () => {
    const pages = new Set(
      alarms.map((alarm) => /docs\/runbook\/([\w-]+)\.md$/.exec(String(alarm.AlarmDescription))?.[1]),
    );
    expect([...pages].sort()).toEqual([...RUNBOOK].sort());
    const written = readdirSync(join(ROOT, 'docs/runbook')).filter((file) => file !== 'README.md');
    expect(written.sort()).toEqual(RUNBOOK.map((page) => `${page}.md`).sort());
  });

  it.each(RUNBOOK)('the page on %s says what it means, how to check and what to do', (page) => {
    const text = readFileSync(join(ROOT, `docs/runbook/${page}.md`), 'utf8');
    for (const heading of ['## What it means', '## How to check', '## What to do']) expect(text).toContain(heading);
  });

  it('stand on one dashboard', () => {
    const [, board] = theOne(live, 'AWS::CloudWatch::Dashboard');
    const shown = new Set(referred(board.DashboardBody));
    for (const [id] of ofType(live, 'AWS::CloudWatch::Alarm')) expect(shown.has(id), id).toBe(true);
  });
});
