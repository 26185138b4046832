import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { type DistributionProps, type IDistribution, SecurityPolicyProtocol } from 'aws-cdk-lib/aws-cloudfront';
import { AaaaRecord, ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledged.ts';
import type { Settings } from './settings.ts';

type OwnName = {
  readonly name: string;
  readonly props: Pick<DistributionProps, 'domainNames' | 'certificate' | 'minimumProtocolVersion'>;
  pointTo(distribution: IDistribution): void;
};

/** A name of our own for a distribution, where the settings have a domain. */
export function ownName(scope: Construct, label: string, { domain }: Settings): OwnName | undefined {
  if (domain === undefined) return undefined;
  const name = `${label}.${domain.name}`;
  return {
    name,
    props: {
      domainNames: [name],
      certificate: Certificate.fromCertificateArn(scope, 'certificate', domain.certificateArn),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
    },
    pointTo(distribution) {
      if (domain.hostedZoneId === undefined) return;
      const { hostedZoneId, name: zoneName } = domain;
      const zone = HostedZone.fromHostedZoneAttributes(scope, 'zone', { hostedZoneId, zoneName });
      const props = { zone, recordName: name, target: RecordTarget.fromAlias(new CloudFrontTarget(distribution)) };
      new ARecord(scope, 'ipv4', props);
      new AaaaRecord(scope, 'ipv6', props);
    },
  };
}

/** What we accept of every distribution. */
export function acknowledgeDistribution(distribution: Construct, { domain }: Settings): void {
  acknowledge(distribution, {
    CFR1: 'Experiments have visitors everywhere; keeping countries out is the audience of an experiment, not of the platform.',
    CFR3: 'Access logs hold addresses and cookies of visitors. The platform keeps no personal data; its metrics and the functions’ logs are enough to operate it.',
    ...(domain === undefined && {
      CFR4: 'Without a domain the certificate is CloudFront’s own, and AWS fixes its lowest protocol. With one it is TLS 1.2.',
    }),
  });
}
