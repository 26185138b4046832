import { adminRoutes } from './admin-routes.ts';
import type { Route } from './route.ts';

/**
 * Every route there is. The functions, the infrastructure, the local server and the OpenAPI document all read this one table,
 * and a test holds that each route has a handler and each handler a route.
 */
export const routes = {
  redirect: {
    method: 'GET',
    path: '/go/{experiment}',
    access: 'public',
    servedBy: 'redirect',
    summary: 'Send a visitor to the first step of their variant',
  },
  openLink: {
    method: 'GET',
    path: '/l/{link}/{recipient}',
    access: 'public',
    servedBy: 'redirect',
    summary: 'Send the recipient of an e-mail on to a step of their variant',
  },
  assign: {
    method: 'POST',
    path: '/v1/assign',
    access: 'site',
    servedBy: 'site',
    summary: 'Assign a visitor to a variant and count them in',
    bodyBytes: 16 * 1024,
  },
  events: {
    method: 'POST',
    path: '/v1/events',
    access: 'site',
    servedBy: 'site',
    summary: 'Record up to 100 events, each answered for itself',
    bodyBytes: 256 * 1024,
  },
  identify: {
    method: 'POST',
    path: '/v1/identify',
    access: 'server',
    servedBy: 'site',
    summary: 'Say that a visitor is somebody known by another id: from now on the two are one',
    bodyBytes: 1024,
  },
  packed: {
    method: 'GET',
    path: '/v1/packed/{experiment}',
    access: 'site',
    servedBy: 'site',
    summary: 'Hand out what a browser needs to assign by itself',
  },
  evaluateFlag: {
    method: 'POST',
    path: '/ofrep/v1/evaluate/flags/{key}',
    access: 'site',
    servedBy: 'site',
    summary: 'Evaluate one experiment as a flag (OpenFeature)',
    bodyBytes: 64 * 1024,
  },
  evaluateFlags: {
    method: 'POST',
    path: '/ofrep/v1/evaluate/flags',
    access: 'site',
    servedBy: 'site',
    summary: 'Evaluate all experiments as flags (OpenFeature)',
    bodyBytes: 64 * 1024,
  },
  openApi: {
    method: 'GET',
    path: '/v1/openapi.json',
    access: 'public',
    servedBy: 'admin',
    summary: 'Describe this API',
  },
  ...adminRoutes,
} as const satisfies Record<string, Route>;
export type RouteName = keyof typeof routes;
