import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import { settingsFrom } from '../../infra/settings.ts';
import { appWith, ofType, resourcesWith, theOne } from './synthesized.ts';

const from = (context: Readonly<Record<string, unknown>>) => settingsFrom((key) => context[key]);
const CERTIFICATE = 'arn:aws:acm:us-east-1:111122223333:certificate/0a1b';

describe('settingsFrom', () => {
  it('keeps data and needs no domain unless told otherwise', () => {
    expect(from({})).toMatchObject({ stage: 'live', keepsData: true, firewall: false });
    expect(from({})).not.toHaveProperty('domain');
  });

  it('takes what the command line says over what the stage says', () => {
    expect(from({ stage: 'trial', firewall: 'true', driftTolerance: '3' })).toMatchObject({
      keepsData: false,
      firewall: true,
      driftTolerance: 3,
    });
  });

  it.each([
    { context: { stage: 'prod' }, says: 'the stage must be one of live, trial, not prod' },
    { context: { domain: 'example.com' }, says: 'the domain example.com needs certificateArn' },
    {
      context: { domain: 'example.com', certificateArn: CERTIFICATE.replace('us-east-1', 'eu-west-1') },
      says: 'a certificate in us-east-1',
    },
    { context: { firewall: 'yes' }, says: 'firewall must be true or false, not yes' },
    { context: { reportFrom: 'Ada <ada@example.com>' }, says: 'reportFrom must be a bare e-mail address' },
    { context: { reportIdentity: 'example.com' }, says: 'reportFrom must be a bare e-mail address' },
    {
      context: { reportFrom: 'reports@example.com', reportIdentity: 'elsewhere.com' },
      says: 'reportIdentity must be reports@example.com or its domain, not elsewhere.com',
    },
    { context: { reportTopics: 'arn:aws:sqs:eu-central-1:111122223333:x' }, says: 'must be ARNs of SNS topics' },
    { context: { driftTolerance: '-1' }, says: 'driftTolerance must be a whole number, not -1' },
  ])('refuses $context', ({ context, says }) => expect(() => from(context)).toThrow(says));
});

describe('a stage', () => {
  it('without a domain is reached by the names of CloudFront', () => {
    for (const [, { DistributionConfig }] of ofType(resourcesWith(), 'AWS::CloudFront::Distribution'))
      expect(DistributionConfig).not.toHaveProperty('Aliases');
  });

  it('with a domain is reached at go. and api. of it, over TLS 1.2 at least', () => {
    const resources = resourcesWith({ domain: 'example.com', certificateArn: CERTIFICATE, hostedZoneId: 'Z0' });
    const distributions = ofType(resources, 'AWS::CloudFront::Distribution').map(
      ([, { DistributionConfig }]) => DistributionConfig,
    );
    expect(distributions.map((config) => config?.Aliases)).toEqual([['go.example.com'], ['api.example.com']]);
    for (const config of distributions) expect(config?.ViewerCertificate?.MinimumProtocolVersion).toBe('TLSv1.2_2021');
    expect(
      ofType(resources, 'AWS::Route53::RecordSet')
        .map(([, record]) => `${record.Type} ${record.Name}`)
        .sort(),
    ).toEqual(['A api.example.com.', 'A go.example.com.', 'AAAA api.example.com.', 'AAAA go.example.com.']);
  });

  it('with a firewall has a web ACL in us-east-1 before its API and none before its redirect', () => {
    const { app, stack } = appWith({ firewall: 'true' });
    const resources = Template.fromStack(stack).toJSON().Resources;
    expect(theOne(resources, 'AWS::CloudFront::Distribution', 'apifront')[1].DistributionConfig).toHaveProperty(
      'WebACLId',
    );
    expect(
      theOne(resources, 'AWS::CloudFront::Distribution', 'redirectfront')[1].DistributionConfig,
    ).not.toHaveProperty('WebACLId');
    expect(app.synth().getStackByName('Stepladder-live-firewall').environment.region).toBe('us-east-1');
  });

  it('with a firewall says that it must know where it is deployed', () => {
    expect(() => appWith({ firewall: 'true' }, {})).toThrow('sign in to AWS');
  });

  it('is tagged on everything that takes tags', () => {
    const tags = [
      { Key: 'project', Value: 'stepladder' },
      { Key: 'stage', Value: 'live' },
    ];
    for (const [, properties] of ofType(resourcesWith(), 'AWS::Lambda::Function'))
      expect(properties.Tags).toEqual(tags);
  });
});

describe('cdk-nag', () => {
  it('passes what is there and stops what nobody acknowledged', () => {
    const { app, stack } = appWith();
    new Bucket(stack, 'unexplained');
    expect(() => app.synth()).toThrow('Acknowledge with');
    expect(() => appWith().app.synth()).not.toThrow();
  });
});
