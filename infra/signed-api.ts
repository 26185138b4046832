import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { Construct } from 'constructs';
import type { BundledFunction } from './bundled-function.ts';
import type { Settings } from './settings.ts';
import { addAdminRoutes, integrationOf } from './site-api.ts';
import { stagedApi } from './staged-api.ts';

/**
 * The routes of administrators for the command line and for programs, which sign with AWS credentials. An API of its own, because a
 * route takes one authorizer, and because a signature is made for one host: nothing may stand in front of it.
 */
export class SignedApi extends Construct {
  readonly api: HttpApi;

  constructor(scope: Construct, settings: Settings, admin: BundledFunction) {
    super(scope, 'signed-api');
    this.api = stagedApi(this, 'signed', settings);
    addAdminRoutes(this, this.api, integrationOf(admin), new HttpIamAuthorizer());
  }
}
