import { Duration, Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  HeadersReferrerPolicy,
  OriginRequestPolicy,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Route } from '../shared/contracts/route.ts';
import { routes } from '../shared/contracts/routes.ts';
import { dashboardCsp } from '../shared/contracts/sign-in.ts';
import { acknowledge } from './acknowledged.ts';
import { acknowledgeDistribution, ownName } from './own-name.ts';
import type { Settings } from './settings.ts';

type Props = {
  readonly api: HttpApi;
  readonly dashboard: IBucket;
  /** Where people sign in: the dashboard talks to it. */
  readonly signInOrigin: string;
  readonly settings: Settings;
  readonly firewallArn: string | undefined;
};

/** The first folders of the paths that functions answer, as CloudFront writes them: `/v1/*`. */
export const API_PATHS: readonly string[] = [
  ...new Set(
    Object.values<Route>(routes).flatMap(({ path, servedBy }) =>
      servedBy === 'redirect' ? [] : [`/${path.split('/')[1]}/*`],
    ),
  ),
];

/**
 * CloudFront in front of the API and of the dashboard's files, on one origin, so that the page needs no leave to ask the API: near
 * the visitor, and where a firewall can stand. Programs that sign their requests call an API of their own.
 */
export class ApiFront extends Construct {
  readonly address: string;

  constructor(scope: Construct, { api, dashboard, signInOrigin, settings, firewallArn }: Props) {
    super(scope, 'api-front');
    const { region, urlSuffix } = Stack.of(this);
    const name = ownName(this, 'api', settings);
    const passOn: BehaviorOptions = {
      origin: new HttpOrigin(`${api.apiId}.execute-api.${region}.${urlSuffix}`),
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      responseHeadersPolicy: ResponseHeadersPolicy.SECURITY_HEADERS,
    };
    const distribution = new Distribution(this, 'distribution', {
      ...name?.props,
      comment: `Stepladder ${settings.stage}: API and dashboard`,
      ...(firewallArn && { webAclId: firewallArn }),
      defaultRootObject: 'index.html',
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(dashboard),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        compress: true,
        // As long as each file says itself.
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        responseHeadersPolicy: this.#headers(signInOrigin),
      },
      additionalBehaviors: Object.fromEntries(API_PATHS.map((path) => [path, passOn])),
    });
    this.address = `https://${name?.name ?? distribution.distributionDomainName}`;
    name?.pointTo(distribution);
    acknowledgeDistribution(distribution, settings);
    if (firewallArn === undefined)
      acknowledge(distribution, {
        CFR2: 'A web ACL costs more at rest than everything else together, so a stage asks for it: `-c firewall=true`. The stage’s request limit stands either way.',
      });
  }

  /** What the local server sends with the dashboard, and that it is to be asked for by TLS alone. */
  #headers(domain: string): ResponseHeadersPolicy {
    const override = true;
    return new ResponseHeadersPolicy(this, 'dashboard-headers', {
      comment: 'The dashboard: its own scripts, its own API, and the pages where people sign in',
      securityHeadersBehavior: {
        contentSecurityPolicy: {
          contentSecurityPolicy: dashboardCsp({ kind: 'cognito', domain, clientId: '' }),
          override,
        },
        contentTypeOptions: { override },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.SAME_ORIGIN, override },
        strictTransportSecurity: { accessControlMaxAge: Duration.days(365), includeSubdomains: false, override },
      },
    });
  }
}
