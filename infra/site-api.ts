import {
  type HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  type IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import type { Route } from '../shared/contracts/route.ts';
import { routes } from '../shared/contracts/routes.ts';
import { acknowledge } from './acknowledged.ts';
import { BundledFunction, type House } from './bundled-function.ts';
import { stagedApi } from './staged-api.ts';

/**
 * The routes of `shared/contracts/routes.ts` that come over HTTP from browsers and servers: those of sites, open to any browser, and
 * those of administrators for people who have signed in. Administrators who sign their requests have an API of their own.
 */
export class SiteApi extends Construct {
  readonly api: HttpApi;
  readonly site: BundledFunction;
  readonly admin: BundledFunction;
  readonly #toAdmin: HttpLambdaIntegration;

  constructor(scope: Construct, house: House) {
    super(scope, 'site-api');
    this.site = new BundledFunction(this, 'site', house, { memoryMb: 512, timeoutSeconds: 10, quiet: true });
    // A report recounts every journey of an experiment while someone waits; the gateway waits 30 seconds at most.
    this.admin = new BundledFunction(this, 'admin', house, { memoryMb: 1_769, timeoutSeconds: 29 });
    this.api = stagedApi(this, 'site', house.settings);

    this.#toAdmin = integrationOf(this.admin);
    const integrations = { site: integrationOf(this.site), admin: this.#toAdmin };
    const add = (id: string, method: HttpMethod, { path, servedBy }: Route) => {
      if (servedBy === 'redirect') return;
      const routeKey = HttpRouteKey.with(path, method);
      const route = new HttpRoute(this, id, { httpApi: this.api, routeKey, integration: integrations[servedBy] });
      acknowledge(route, {
        APIG4:
          'Sites call this from a visitor’s browser, which has no AWS identity. The function itself asks for a key and holds it to its origins.',
      });
    };
    const preflights = new Set<string>();
    for (const [name, route] of Object.entries<Route>(routes)) {
      if (route.access === 'admin') continue;
      add(name, HttpMethod[route.method], route);
      if (route.access !== 'site' || preflights.has(route.path)) continue;
      preflights.add(route.path);
      add(`${name}Preflight`, HttpMethod.OPTIONS, route);
    }
  }

  /** The routes of administrators, for people whom an authorizer knows. Made later than the others: who signs in needs to know where. */
  addPeople(authorizer: IHttpRouteAuthorizer): void {
    addAdminRoutes(this, this.api, this.#toAdmin, authorizer);
  }
}

/** One permission per function rather than per route: a function's policy has room for about fifty. */
export const integrationOf = (each: BundledFunction): HttpLambdaIntegration =>
  new HttpLambdaIntegration(each.name, each, { scopePermissionToRoute: false });

/** Every route of administrators on an API, behind one way of showing who one is. */
export function addAdminRoutes(
  scope: Construct,
  httpApi: HttpApi,
  integration: HttpLambdaIntegration,
  authorizer: IHttpRouteAuthorizer,
): void {
  for (const [name, { method, path, access }] of Object.entries<Route>(routes)) {
    const routeKey = HttpRouteKey.with(path, HttpMethod[method]);
    if (access === 'admin') new HttpRoute(scope, name, { httpApi, routeKey, integration, authorizer });
  }
}
