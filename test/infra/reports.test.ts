import { describe, expect, it } from 'vitest';
import { archived } from '#shared/deliver/report-archive.ts';
import { ARCHIVED } from '../../infra/report-archive.ts';
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

const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:elsewhere';
const live = resourcesWith();
const sending = resourcesWith({ reportFrom: 'reports@example.com' });
const known = resourcesWith({ reportFrom: 'reports@example.com', reportIdentity: 'example.com', reportTopics: TOPIC });

/** What the report function may do with one service. */
const mayDo = (resources: Resources, service: string): Json[] => {
  const [, { PolicyDocument }] = theOne(resources, 'AWS::IAM::Policy', 'reportschedulereportrole');
  return [...(PolicyDocument?.Statement ?? [])].filter(({ Action }) =>
    [Action].flat().every((action) => String(action).startsWith(`${service}:`)),
  );
};
const environment = (resources: Resources): Partial<Json> =>
  functionsIn(resources).find(([name]) => name === 'report')?.[2].Environment?.Variables ?? {};

describe('reports by e-mail', () => {
  it('are not sent, and could not be, while nobody is named as their sender', () => {
    expect(environment(live)).not.toHaveProperty('REPORT_FROM');
    expect(mayDo(live, 'ses')).toEqual([]);
    expect(ofType(live, 'AWS::SES::EmailIdentity')).toEqual([]);
  });

  it('come from one address, whose identity is made, and from no other', () => {
    expect(theOne(sending, 'AWS::SES::EmailIdentity')[1].EmailIdentity).toBe('reports@example.com');
    expect(environment(sending)).toHaveProperty('REPORT_FROM', 'reports@example.com');
    const [statement, ...others] = mayDo(sending, 'ses');
    expect(others).toEqual([]);
    expect(statement?.Action).toEqual(['ses:SendEmail', 'ses:SendRawEmail']);
    // In SES's sandbox a recipient's identity is asked for as well as the sender's.
    expect(JSON.stringify(statement?.Resource)).toContain(':identity/*"');
    expect(statement?.Condition).toEqual({ StringEquals: { 'ses:FromAddress': 'reports@example.com' } });
  });

  it('come under an identity that SES knows already, where the settings say so', () => {
    expect(ofType(known, 'AWS::SES::EmailIdentity')).toEqual([]);
    expect(mayDo(known, 'ses')).toEqual(mayDo(sending, 'ses'));
  });
});

describe('reports to topics', () => {
  it('go to the stack’s own and to those in the settings, whatever a definition names', () => {
    const [own] = theOne(live, 'AWS::SNS::Topic', 'reportchannels');
    expect(mayDo(live, 'sns')).toMatchObject([{ Action: 'sns:Publish', Resource: { Ref: own } }]);
    const [ours] = theOne(known, 'AWS::SNS::Topic', 'reportchannels');
    expect(new Set(mayDo(known, 'sns')[0]?.Resource)).toEqual(new Set([TOPIC, { Ref: ours }]));
  });
});

describe('the archive of reports', () => {
  const [bucket, properties] = theOne(live, 'AWS::S3::Bucket', 'reportarchive');

  it('keeps every version, encrypted, and shows it to nobody in public', () => {
    expect(properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
    expect(properties.BucketEncryption?.ServerSideEncryptionConfiguration).toEqual([
      { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
    ]);
    expect(Object.values(properties.PublicAccessBlockConfiguration ?? {})).toEqual([true, true, true, true]);
    const [, { PolicyDocument }] = theOne(live, 'AWS::S3::BucketPolicy', 'reportarchive');
    expect(JSON.stringify(PolicyDocument)).toContain(
      '"Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny"',
    );
  });

  it('makes what is old cheaper and what was overwritten go', () => {
    expect(properties.LifecycleConfiguration?.Rules).toMatchObject([
      {
        NoncurrentVersionExpiration: { NoncurrentDays: 90 },
        Transitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 90 }],
      },
    ]);
  });

  it('takes reports from their function, which may neither read nor remove one', () => {
    expect(mayDo(live, 's3')).toMatchObject([{ Action: 's3:PutObject' }]);
    expect(referred(mayDo(live, 's3')[0]?.Resource)).toEqual([bucket]);
    expect(referred(environment(live).REPORT_ARCHIVE)).toEqual([bucket]);
    expect(archived('checkout', 0)).toMatch(new RegExp(`^${ARCHIVED.replace('*', '.*')}$`));
  });

  it('outlives the live stage, and goes with a trial, whatever is in it', () => {
    expect(live[bucket]?.DeletionPolicy).toBe('Retain');
    const trial = resourcesWith({ stage: 'trial' });
    expect(trial[bucket]?.DeletionPolicy).toBe('Delete');
    expect(ofType(trial, 'Custom::S3AutoDeleteObjects').map(([, { BucketName }]) => referred(BucketName))).toEqual([
      [bucket],
    ]);
  });
});

describe('cdk-nag', () => {
  it.each([
    { stage: 'trial' },
    { reportFrom: 'reports@example.com', reportIdentity: 'example.com', reportTopics: TOPIC },
    { reportFrom: 'reports@example.com', firewall: 'true' },
  ])('passes a stage with %o', (context) => expect(() => appWith(context).app.synth()).not.toThrow());
});
