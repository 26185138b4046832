/** Who may call a route: anyone, a site, or an administrator. */
export type Access = 'public' | 'site' | 'admin';

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
  listExperiments: {
    method: 'GET',
    path: '/v1/experiments',
    access: 'admin',
    servedBy: 'admin',
    summary: 'List all experiments',
  },
  createExperiment: {
    method: 'POST',
    path: '/v1/experiments',
    access: 'admin',
    servedBy: 'admin',
    summary: 'Create an experiment as a draft',
    bodyBytes: 128 * 1024,
  },
  findExperiment: {
    method: 'GET',
    path: '/v1/experiments/{experiment}',
    access: 'admin',
    servedBy: 'admin',
    summary: 'Show an experiment',
  },
  editExperiment: {
    method: 'PUT',
    path: '/v1/experiments/{experiment}',
    access: 'admin',
    servedBy: 'admin',
    summary: 'Give an experiment a new definition',
    bodyBytes: 128 * 1024,
  },
  startExperiment: {
    method: 'POST',
    path: '/v1/experiments/{experiment}/start',
    access: 'admin',
    servedBy: 'admin',
    summary: 'Start an experiment, or resume a paused one',
    bodyBytes: 1024,
  },
  pauseExperiment: {
    method: 'POST',
    path: '/v1/experiments/{experiment}/pause',
    access: 'admin',
    servedBy: 'admin',
    summary: 'Pause an experiment: everyone gets the control',
    bodyBytes: 1024,
  },
  concludeExperiment: {
    method: 'POST',
    path: '/v1/experiments/{experiment}/conclude',
    access: 'admin',
    servedBy: 'admin',
    summary: 'Conclude an experiment and say which variant everyone gets',
    bodyBytes: 1024,
  },
  listRevisions: {
    method: 'GET',
    path: '/v1/experiments/{experiment}/revisions',
    access: 'admin',
    servedBy: 'admin',
    summary: 'Show who changed what, and when',
  },
  report: {
    method: 'GET',
    path: '/v1/experiments/{experiment}/report',
    access: 'admin',
    servedBy: 'admin',
    summary: 'Recount an experiment and judge it now',
  },
  createLink: {
    method: 'POST',
    path: '/v1/links',
    access: 'admin',
    servedBy: 'admin',
    summary: 'Make a link for a step, to be put into an e-mail',
    bodyBytes: 4 * 1024,
  },
  enrolRecipients: {
    method: 'POST',
    path: '/v1/recipients',
    access: 'admin',
    servedBy: 'admin',
    summary: 'Sign the ids of up to 1,000 recipients, and assign them to an experiment',
    bodyBytes: 128 * 1024,
  },
  eraseVisitor: {
    method: 'DELETE',
    path: '/v1/visitors/{visitor}',
    access: 'admin',
    servedBy: 'admin',
    summary: 'Erase all journeys of a visitor; what was counted stays counted, without a name',
  },
  liveTally: {
    method: 'GET',
    path: '/v1/experiments/{experiment}/tally',
    access: 'admin',
    servedBy: 'admin',
    summary: 'Show the live counts',
  },
} as const satisfies Record<string, Route>;
export type RouteName = keyof typeof routes;
