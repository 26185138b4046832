import { Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  OriginRequestPolicy,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledged.ts';
import { acknowledgeDistribution, ownName } from './own-name.ts';
import type { Settings } from './settings.ts';

type Props = { readonly api: HttpApi; readonly settings: Settings; readonly firewallArn: string | undefined };

/**
 * CloudFront in front of the API: near the visitor, and where a firewall can stand. Administrators call the API itself, because
 * their signature is made for its host.
 */
export class ApiFront extends Construct {
  readonly address: string;

  constructor(scope: Construct, { api, settings, firewallArn }: Props) {
    super(scope, 'api-front');
    const { region, urlSuffix } = Stack.of(this);
    const name = ownName(this, 'api', settings);
    const distribution = new Distribution(this, 'distribution', {
      ...name?.props,
      comment: `Stepladder ${settings.stage}: API`,
      ...(firewallArn && { webAclId: firewallArn }),
      defaultBehavior: {
        origin: new HttpOrigin(`${api.apiId}.execute-api.${region}.${urlSuffix}`),
        viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
        allowedMethods: AllowedMethods.ALLOW_ALL,
        cachePolicy: CachePolicy.CACHING_DISABLED,
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        responseHeadersPolicy: ResponseHeadersPolicy.SECURITY_HEADERS,
      },
    });
    this.address = `https://${name?.name ?? distribution.distributionDomainName}`;
    name?.pointTo(distribution);
    acknowledgeDistribution(distribution, settings);
    if (firewallArn === undefined)
      acknowledge(distribution, {
        CFR2: 'A web ACL costs more at rest than everything else together, so a stage asks for it: `-c firewall=true`. The stage’s request limit stands either way.',
      });
  }
}
