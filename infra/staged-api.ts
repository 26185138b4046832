import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Settings } from './settings.ts';

/**
 * One line per request; the functions' lines of a failure carry the same `requestId`. Who asked (address, browser, query) is left out:
 * a visitor's request is personal data.
 */
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

/** An HTTP API with its one stage, its limit and its log. `name` tells those of a stage of ours apart. */
export function stagedApi(scope: Construct, name: string, { stage, apiRequestsPerSecond }: Settings): HttpApi {
  const api = new HttpApi(scope, 'api', { apiName: `stepladder-${stage}-${name}`, createDefaultStage: false });
  const logs = new LogGroup(scope, 'access-logs', {
    // Under this prefix, deliveries do not use up the account's small policy for log groups.
    logGroupName: `/aws/vendedlogs/stepladder/${stage}/${name}`,
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  new HttpStage(scope, 'stage', {
    httpApi: api,
    stageName: '$default',
    autoDeploy: true,
    throttle: { rateLimit: apiRequestsPerSecond, burstLimit: 2 * apiRequestsPerSecond },
    accessLogSettings: { destination: new LogGroupLogDestination(logs), format: AccessLogFormat.custom(ACCESS_LOG) },
  });
  return api;
}
