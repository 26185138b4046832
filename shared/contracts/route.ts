/** Who may call a route: anyone, a site from its pages and its servers, a site from its servers alone, or an administrator. */
export type Access = 'public' | 'site' | 'server' | 'admin';

/** The Lambda function that serves a route. */
export type ServedBy = 'redirect' | 'site' | 'admin';

export type Route = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Parameters in braces, as OpenAPI and API Gateway write them. */
  readonly path: string;
  readonly access: Access;
  readonly servedBy: ServedBy;
  readonly summary: string;
  /** Bytes a body may have; none where absent. */
  readonly bodyBytes?: number;
};

/** Whether a part of a route's path stands for whatever is there. */
export const isParameter = (part: string): boolean => part.startsWith('{');

/** Whether a path leads to a route, both in their parts between slashes. What a parameter stands for is never empty. */
export const leadsTo = (route: readonly string[], path: readonly string[]): boolean =>
  route.length === path.length && route.every((part, i) => (isParameter(part) ? path[i] !== '' : part === path[i]));
