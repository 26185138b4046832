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
  createKey: {
    method: 'POST',
    path: '/v1/keys',
    access: 'admin',
    servedBy: 'admin',
    summary: 'Create a key; the answer is the only place its secret is ever shown',
    bodyBytes: 16 * 1024,
  },
  listKeys: {
    method: 'GET',
    path: '/v1/keys',
    access: 'admin',
    servedBy: 'admin',
    summary: 'List all keys, without their secrets',
  },
  rotateKey: {
    method: 'POST',
    path: '/v1/keys/{key}/rotate',
    access: 'admin',
    servedBy: 'admin',
    summary: 'Give a key a new secret; the one before is good for a while',
    bodyBytes: 1024,
  },
  revokeKey: {
    method: 'DELETE',
    path: '/v1/keys/{key}',
    access: 'admin',
    servedBy: 'admin',
    summary: 'End a key',
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
  shipVariant: {
    method: 'POST',
    path: '/v1/experiments/{experiment}/ship',
    access: 'admin',
    servedBy: 'admin',
    summary: 'Give everyone another variant of a concluded experiment',
    bodyBytes: 1024,
  },
  publishExperiment: {
    method: 'POST',
    path: '/v1/experiments/{experiment}/publish',
    access: 'admin',
    servedBy: 'admin',
    summary: 'Make the edge know an experiment as it is now; safe to repeat',
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
  reportHtml: {
    method: 'GET',
    path: '/v1/experiments/{experiment}/report.html',
    access: 'admin',
    servedBy: 'admin',
    summary: 'The same as a page for people, in one file',
  },
  reportCsv: {
    method: 'GET',
    path: '/v1/experiments/{experiment}/report.csv',
    access: 'admin',
    servedBy: 'admin',
    summary: 'The same as a table, a row for every rung of every variant',
  },
  laddersCsv: {
    method: 'GET',
    path: '/v1/experiments/{experiment}/ladders.csv',
    access: 'admin',
    servedBy: 'admin',
    summary: 'The recounted ladders by cohort day, class and segment',
  },
  journeysJsonl: {
    method: 'GET',
    path: '/v1/experiments/{experiment}/journeys.jsonl',
    access: 'admin',
    servedBy: 'admin',
    summary: 'Hand out the journeys themselves as JSON lines, page by page',
  },
  listReports: {
    method: 'GET',
    path: '/v1/experiments/{experiment}/reports',
    access: 'admin',
    servedBy: 'admin',
    summary: 'List the reports the schedule wrote, newest first',
  },
  findReport: {
    method: 'GET',
    path: '/v1/experiments/{experiment}/reports/{report}',
    access: 'admin',
    servedBy: 'admin',
    summary: 'Show a report as it was written, by the instant it was written at',
  },
  findReportHtml: {
    method: 'GET',
    path: '/v1/experiments/{experiment}/reports/{report}/report.html',
    access: 'admin',
    servedBy: 'admin',
    summary: 'The same as the page that was kept with it',
  },
  listDeliveries: {
    method: 'GET',
    path: '/v1/experiments/{experiment}/deliveries',
    access: 'admin',
    servedBy: 'admin',
    summary: 'Show what became of the reports that were sent',
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
  rotateTokenSecret: {
    method: 'POST',
    path: '/v1/token-secret/rotate',
    access: 'admin',
    servedBy: 'admin',
    summary: 'Draw a new secret for the tokens that redirects hand on; tokens that are about stay good',
    bodyBytes: 1024,
  },
  repairTallies: {
    method: 'POST',
    path: '/v1/experiments/{experiment}/repair',
    access: 'admin',
    servedBy: 'admin',
    summary: 'Bring the live counts to the recount, while they are quiet',
    bodyBytes: 1024,
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
