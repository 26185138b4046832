import { Duration } from 'aws-cdk-lib';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  OriginRequestCookieBehavior,
  OriginRequestHeaderBehavior,
  OriginRequestPolicy,
  OriginRequestQueryStringBehavior,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { FunctionUrlOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { routes } from '../shared/contracts/routes.ts';
import { acknowledge } from './acknowledged.ts';
import { BundledFunction, type House } from './bundled-function.ts';
import type { EdgeAnswer } from './edge-answer.ts';
import { acknowledgeDistribution, ownName } from './own-name.ts';

/** What the redirect reads of a request beside its query. `Host` must stay away: CloudFront signs for the function's own host. */
export const REDIRECT_HEADERS = ['User-Agent', 'Sec-Purpose', 'Purpose', 'X-Moz', 'Sec-GPC'];
export const REDIRECT_COOKIES = ['stepladder'];

/** The paths that the edge may answer: `/go/*`. */
const GO = routes.redirect.path.replace(/\{\w+\}/, '*');

/** Longer than the function may take, see below. */
const ORIGIN_TIMEOUT_SECONDS = 10;

/** The way in for visitors: CloudFront, and behind it a function that only CloudFront may call. */
export class RedirectFront extends Construct {
  readonly function: BundledFunction;
  readonly distribution: Distribution;
  readonly address: string;

  constructor(scope: Construct, house: House, edge: EdgeAnswer | undefined) {
    super(scope, 'redirect-front');
    this.function = new BundledFunction(this, 'redirect', house, {
      memoryMb: 512,
      timeoutSeconds: 5,
      quiet: true,
      atOnce: house.settings.redirectsAtOnce,
    });
    const url = this.function.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });
    const name = ownName(this, 'go', house.settings);
    const passOn: BehaviorOptions = {
      origin: FunctionUrlOrigin.withOriginAccessControl(url, {
        // CloudFront repeats a GET whose answer does not come in time. A repeated first visit would be a second visitor, one
        // that nobody is behind; so the function gives up long before CloudFront does.
        readTimeout: Duration.seconds(ORIGIN_TIMEOUT_SECONDS),
        keepaliveTimeout: Duration.seconds(60),
      }),
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
      // Every visit is an assignment to be recorded.
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: new OriginRequestPolicy(this, 'forwards', {
        comment: 'What the redirect reads: the whole query, its own cookie, and who is asking',
        queryStringBehavior: OriginRequestQueryStringBehavior.all(),
        cookieBehavior: OriginRequestCookieBehavior.allowList(...REDIRECT_COOKIES),
        headerBehavior: OriginRequestHeaderBehavior.allowList(...REDIRECT_HEADERS),
      }),
    };
    this.distribution = new Distribution(this, 'distribution', {
      ...name?.props,
      comment: `Stepladder ${house.settings.stage}: redirects`,
      defaultBehavior: passOn,
      // The edge answers ads alone. The links of e-mails have their recipient in the path: that stays out of every log.
      ...(edge && { additionalBehaviors: { [GO]: { ...passOn, ...edge.behaviour } } }),
    });
    this.address = `https://${name?.name ?? this.distribution.distributionDomainName}`;
    name?.pointTo(this.distribution);
    acknowledgeDistribution(this.distribution, house.settings);
    acknowledge(this.distribution, {
      CFR2: 'Advertising clicks arrive in bursts from shared addresses; a rule that stops one in error loses a paid visitor. The function does nothing that a request could abuse.',
    });
  }
}
