import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type Route, routes } from '../shared/contracts/routes.ts';
import { acknowledge } from './acknowledged.ts';
import { BundledFunction, type House } from './bundled-function.ts';

/** One line per request. Who asked (address, browser, query) is left out: a visitor's request is personal data. */
const ACCESS_LOG = JSON.stringify({
  requestId: '$context.requestId',
  at: '$context.requestTimeEpoch',
  route: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  bytes: '$context.responseLength',
  error: '$context.error.messageString',
  integrationError: '$context.integrationErrorMessage',
});

/** The routes of `shared/contracts/routes.ts` that come over HTTP: sites' own, open to any browser, and administrators', signed. */
export class SiteApi extends Construct {
  readonly api: HttpApi;
  readonly site: BundledFunction;
  readonly admin: BundledFunction;

  constructor(scope: Construct, house: House) {
    super(scope, 'site-api');
    const { stage, apiRequestsPerSecond } = house.settings;
    this.site = new BundledFunction(this, 'site', house, { memoryMb: 512, timeoutSeconds: 10, quiet: true });
    // A report recounts every journey of an experiment while someone waits; the gateway waits 30 seconds at most.
    this.admin = new BundledFunction(this, 'admin', house, { memoryMb: 1_769, timeoutSeconds: 29 });
    this.api = new HttpApi(this, 'api', { apiName: `stepladder-${stage}`, createDefaultStage: false });

    // One permission per function rather than per route: a function's policy has room for about fifty.
    const integrations = {
      site: new HttpLambdaIntegration('site', this.site, { scopePermissionToRoute: false }),
      admin: new HttpLambdaIntegration('admin', this.admin, { scopePermissionToRoute: false }),
    };
    const signed = new HttpIamAuthorizer();
    const add = (id: string, method: HttpMethod, { path, servedBy, access }: Route) => {
      if (servedBy === 'redirect') return;
      const route = new HttpRoute(this, id, {
        httpApi: this.api,
        routeKey: HttpRouteKey.with(path, method),
        integration: integrations[servedBy],
        ...(access === 'admin' && { authorizer: signed }),
      });
      if (access !== 'admin')
        acknowledge(route, {
          APIG4:
            'Sites call this from a visitor’s browser, which has no AWS identity. The function itself asks for a key and holds it to its origins.',
        });
    };
    const preflights = new Set<string>();
    for (const [name, route] of Object.entries<Route>(routes)) {
      add(name, HttpMethod[route.method], route);
      if (route.access !== 'site' || preflights.has(route.path)) continue;
      preflights.add(route.path);
      add(`${name}Preflight`, HttpMethod.OPTIONS, route);
    }

    const logs = new LogGroup(this, 'access-logs', {
      // Under this prefix, deliveries do not use up the account's small policy for log groups.
      logGroupName: `/aws/vendedlogs/stepladder/${stage}/api`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new HttpStage(this, 'stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: apiRequestsPerSecond, burstLimit: 2 * apiRequestsPerSecond },
      accessLogSettings: { destination: new LogGroupLogDestination(logs), format: AccessLogFormat.custom(ACCESS_LOG) },
    });
  }
}
