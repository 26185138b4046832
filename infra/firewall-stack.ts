import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import type { Settings } from './settings.ts';

/** Requests of one address in five minutes; a page with a form sends a handful a minute, an office behind one address some hundreds. */
const REQUESTS_PER_ADDRESS = 5_000;

/** The web ACL of the API, in the only region where CloudFront takes one from. */
export class FirewallStack extends Stack {
  readonly arn: string;

  constructor(scope: Construct, id: string, { stage }: Settings, props: StackProps) {
    super(scope, id, props);
    const seen = (metricName: string) => ({
      cloudWatchMetricsEnabled: true,
      sampledRequestsEnabled: false,
      metricName,
    });
    const acl = new CfnWebACL(this, 'acl', {
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      visibilityConfig: seen(`stepladder-${stage}`),
      rules: [
        {
          name: 'too-many-from-one-address',
          priority: 0,
          action: { block: {} },
          statement: { rateBasedStatement: { limit: REQUESTS_PER_ADDRESS, aggregateKeyType: 'IP' } },
          visibilityConfig: seen('too-many-from-one-address'),
        },
        {
          name: 'known-bad-inputs',
          priority: 1,
          overrideAction: { none: {} },
          statement: { managedRuleGroupStatement: { vendorName: 'AWS', name: 'AWSManagedRulesKnownBadInputsRuleSet' } },
          visibilityConfig: seen('known-bad-inputs'),
        },
      ],
    });
    this.arn = acl.attrArn;
    new CfnOutput(this, 'FirewallArn', { value: this.arn });
  }
}
