import { describe, expect, it } from 'vitest';
import { edgeBundle } from '#functions/edge/bundle.ts';
import { LOG_FIELDS } from '#functions/edge/log-fields.ts';
import { routes } from '#shared/contracts/routes.ts';
import {
  appWith,
  functionsIn,
  type Json,
  ofType,
  type Resources,
  referred,
  resourcesWith,
  theOne,
} from './synthesized.ts';

const without = resourcesWith();
const edge = resourcesWith({ edge: 'true' });
const FUNCTION = 'AWS::CloudFront::Function';
const STORE = 'AWS::CloudFront::KeyValueStore';
const LOG = 'AWS::CloudFront::RealtimeLogConfig';
const STREAM = 'AWS::Kinesis::Stream';

const listed = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
/** What the policies of a stack say about one of its resources: the owner, and the actions. */
const allowed = (resources: Resources, id: string): [owner: string, actions: unknown[]][] =>
  ofType(resources, 'AWS::IAM::Policy').flatMap(([policy, { PolicyDocument }]) =>
    listed(PolicyDocument?.Statement).flatMap((statement) => {
      const { Action, Resource } = statement as { Action: unknown; Resource: unknown };
      return referred(Resource).includes(id)
        ? [[policy.replace(/DefaultPolicy.*/, ''), listed(Action)] as [string, unknown[]]]
        : [];
    }),
  );
const functionCalled = (name: string): Json => {
  const found = functionsIn(edge).find(([each]) => each === name)?.[2];
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
};

describe('a stage without an edge', () => {
  it('has nothing of one', () => {
    for (const type of [FUNCTION, STORE, LOG, STREAM]) expect(ofType(without, type), type).toEqual([]);
    expect(functionsIn(without).map(([name]) => name)).not.toContain('exposures');
    expect(JSON.stringify(without)).not.toMatch(/kinesis|keyvaluestore|EDGE_STORE_ARN/i);
  });
});

describe('a stage with an edge', () => {
  const [, { FunctionCode, FunctionConfig, AutoPublish }] = theOne(edge, FUNCTION);
  const [store] = theOne(edge, STORE);
  const [stream, { StreamModeDetails, StreamEncryption }] = theOne(edge, STREAM);
  const [, { DistributionConfig }] = theOne(edge, 'AWS::CloudFront::Distribution', 'redirectfront');
  const behaviours: Json[] = [...(DistributionConfig?.CacheBehaviors ?? [])];

  it('runs the bundle that the tests of the edge run, in less than 10 KB', () => {
    expect(FunctionCode).toBe(edgeBundle().code);
    expect(Buffer.byteLength(String(FunctionCode))).toBeLessThan(10_240);
    expect(FunctionConfig?.Runtime).toBe('cloudfront-js-2.0');
    expect(AutoPublish).toBe(true);
    expect(referred(FunctionConfig?.KeyValueStoreAssociations)).toEqual([store]);
  });

  it('has it answer ads before anything else does, and leaves every other path as it was', () => {
    expect(behaviours).toHaveLength(1);
    expect(behaviours[0]?.PathPattern).toBe(routes.redirect.path.replace('{experiment}', '*'));
    const associations = [...(behaviours[0]?.FunctionAssociations ?? [])];
    expect(associations.map(({ EventType }) => EventType)).toEqual(['viewer-request']);
    expect(referred(associations[0]?.FunctionARN)).toEqual([theOne(edge, FUNCTION)[0]]);
    expect(DistributionConfig?.DefaultCacheBehavior).toEqual(
      theOne(without, 'AWS::CloudFront::Distribution', 'redirectfront')[1].DistributionConfig?.DefaultCacheBehavior,
    );
  });

  it('passes on what it does not answer exactly as without an edge', () => {
    const own = ['FunctionAssociations', 'RealtimeLogConfigArn', 'PathPattern'];
    const passedOn = Object.entries(behaviours[0] ?? {}).filter(([name]) => !own.includes(name));
    expect(Object.fromEntries(passedOn)).toEqual(DistributionConfig?.DefaultCacheBehavior);
  });

  it('logs every ad, and never a path that has a recipient in it', () => {
    const [config, { Fields, SamplingRate, EndPoints }] = theOne(edge, LOG);
    expect(Fields).toEqual([...LOG_FIELDS]);
    expect(SamplingRate).toBe(100);
    expect(EndPoints?.[0]?.StreamType).toBe('Kinesis');
    expect(referred(EndPoints?.[0]?.KinesisStreamConfig?.StreamArn)).toEqual([stream]);
    expect(referred(behaviours[0]?.RealtimeLogConfigArn)).toEqual([config]);
    expect(DistributionConfig?.DefaultCacheBehavior).not.toHaveProperty('RealtimeLogConfigArn');
  });

  it('has CloudFront begin to write once it may', () => {
    const [config] = theOne(edge, LOG);
    const [policy] = theOne(edge, 'AWS::IAM::Policy', 'edgelogwriter');
    expect(edge[config]?.DependsOn).toContain(policy);
  });

  it('keeps the log encrypted, for a day, and takes as much of it as comes', () => {
    expect(StreamModeDetails).toEqual({ StreamMode: 'ON_DEMAND' });
    expect(StreamEncryption).toMatchObject({ EncryptionType: 'KMS' });
    expect(theOne(edge, STREAM)[1].RetentionPeriodHours).toBe(24);
  });

  it('counts from the first line, gives up only after splitting and twenty retries, and then into the dead letters', () => {
    const [, mapping] = theOne(edge, 'AWS::Lambda::EventSourceMapping', 'edgeexposures');
    const [queue] = theOne(edge, 'AWS::SQS::Queue', 'edgeexposures');
    expect(referred(mapping.EventSourceArn)).toEqual([stream]);
    expect(mapping).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 20,
      MaximumRecordAgeInSeconds: 12 * 3_600,
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [queue, 'Arn'] } } },
    });
  });

  it('lets CloudFront write the log, its consumer read it, and nobody else near it', () => {
    const actions = Object.fromEntries(allowed(edge, stream));
    expect(Object.keys(actions)).toHaveLength(2);
    const [, reads] = Object.entries(actions).find(([owner]) => owner.startsWith('edgeexposures')) ?? [];
    const [, writes] = Object.entries(actions).find(([owner]) => !owner.startsWith('edgeexposures')) ?? [];
    expect(reads?.filter((action) => !/^kinesis:(Describe|Get|List)/.test(String(action)))).toEqual([]);
    expect(writes?.filter((action) => !/^kinesis:(Describe|Put)/.test(String(action)))).toEqual([]);
  });

  it('lets those who change experiments write the store, and nobody else near it', () => {
    const writes = ['DeleteKey', 'DescribeKeyValueStore', 'PutKey'].map((verb) => `cloudfront-keyvaluestore:${verb}`);
    expect(allowed(edge, store).sort()).toEqual([
      [expect.stringMatching(/^reportschedule/), writes],
      [expect.stringMatching(/^siteapiadmin/), writes],
    ]);
    for (const name of ['admin', 'report'])
      expect(referred(functionCalled(name).Environment?.Variables?.EDGE_STORE_ARN)).toEqual([store]);
    for (const name of ['redirect', 'site', 'tally', 'exposures'])
      expect(functionCalled(name).Environment?.Variables, name).not.toHaveProperty('EDGE_STORE_ARN');
  });

  it('tells of visitors it could not count, of counts that are late, and of any dead letter', () => {
    const names = ofType(edge, 'AWS::CloudWatch::Alarm').map(([, { AlarmName }]) => String(AlarmName));
    for (const alarm of ['edge-exposures-exposures', 'iterator-age-exposures', 'dead-letters-exposures'])
      expect(names).toContain(`stepladder-live-${alarm}`);
    expect(theOne(edge, 'AWS::Logs::MetricFilter', 'edgeexposures')[1].FilterPattern).toBe('{ $.level = "ERROR" }');
  });

  it('is clean by the rules of cdk-nag', () => {
    expect(() => appWith({ edge: 'true' }).app.synth()).not.toThrow();
  });
});
