import * as z from 'zod/mini';
import { Definition } from '../experiment/definition.ts';
import * as answers from './answers.ts';
import { AssignRequest } from './assign.ts';
import { EventRequest } from './events.ts';
import { IdentifyRequest } from './identify.ts';
import { KeyRequest, RotateKeyRequest } from './keys.ts';
import { LinkRequest, RecipientsRequest } from './links.ts';
import { EvaluationRequest } from './ofrep.ts';
import type { Route } from './route.ts';
import { type RouteName, routes } from './routes.ts';
import { RotateSecretRequest } from './secrets.ts';
import { SettingsRequest } from './settings.ts';
import { ConcludeRequest, ShipRequest } from './ship.ts';

/** Everything that has a name in the document. Requests as they are sent, answers as they come. */
export const SCHEMAS = {
  AssignRequest,
  EventRequest,
  IdentifyRequest,
  EvaluationRequest,
  Definition,
  ConcludeRequest,
  ShipRequest,
  LinkRequest,
  RecipientsRequest,
  KeyRequest,
  RotateKeyRequest,
  RotateSecretRequest,
  SettingsRequest,
  EmptyRequest: z.strictObject({}),
  Problem: answers.ProblemAnswer,
  AssignAnswer: answers.AssignAnswer,
  EventsAnswer: answers.EventsAnswer,
  IdentifyAnswer: answers.IdentifyAnswer,
  PackedExperiment: answers.PackedAnswer,
  Flag: answers.FlagAnswer,
  Flags: answers.FlagsAnswer,
  FlagFailure: answers.FlagFailure,
  Key: answers.KeyAnswer,
  IssuedKey: answers.IssuedKeyAnswer,
  Keys: answers.KeysAnswer,
  Settings: answers.SettingsAnswer,
  ChangedSettings: answers.ChangedSettingsAnswer,
  Experiment: answers.ExperimentAnswer,
  Experiments: answers.ExperimentsAnswer,
  Revisions: answers.RevisionsAnswer,
  Report: answers.ReportAnswer,
  Reports: answers.ReportsAnswer,
  Frictions: answers.FrictionsAnswer,
  Publication: answers.PublicationAnswer,
  Tally: answers.TallyAnswer,
  Link: answers.LinkAnswer,
  Recipients: answers.RecipientsAnswer,
  Erased: answers.ErasedAnswer,
  Repaired: answers.RepairedAnswer,
  RotatedSecret: answers.RotatedSecretAnswer,
  Anything: z.looseObject({}),
} as const;
/** The schema of every name: what the tests hold real answers against. */
export const schemas: Readonly<Record<string, z.ZodMiniType>> = SCHEMAS;
export type Name = keyof typeof SCHEMAS | 'EventsRequest';

export type Operation = {
  readonly request?: Name;
  /** What is answered when all is well: the schema, or a type of content that is not JSON. */
  readonly answer: Name | { readonly contentType: string };
  readonly status?: number;
  readonly conflict?: true;
  readonly description?: string;
};

const CSV = { contentType: 'text/csv' };
const HTML = { contentType: 'text/html' };
const JSON_LINES = { contentType: 'application/x-ndjson' };

/** What travels on each route. A route without an entry answers with some JSON, or with what its name ends in. */
const OPERATIONS: Partial<Record<RouteName, Operation>> = {
  redirect: { answer: HTML, status: 302, description: 'Everything in the query but `stepladder_…` is handed on.' },
  openLink: {
    answer: HTML,
    status: 302,
    description: 'Opening it any number of times, by anyone, changes nobody’s variant.',
  },
  assign: { request: 'AssignRequest', answer: 'AssignAnswer' },
  events: {
    request: 'EventsRequest',
    answer: 'EventsAnswer',
    description:
      'One event, or up to 100 in `events`, answered in the same order. What is wrong with one never touches another, and a repeated one is answered `duplicate` and counted once. Only one answered `failed` is worth sending again; when all failed, the request is answered 503 instead. `key` beside `events` stands in for a header, which `sendBeacon` cannot set.',
  },
  identify: {
    request: 'IdentifyRequest',
    answer: 'IdentifyAnswer',
    description:
      'In every running or paused experiment of the key’s projects in which one of the two has a journey. Safe to repeat: say it whenever it is learnt. What the visitor does under either id is counted once, under the known one.',
  },
  packed: { answer: 'PackedExperiment' },
  evaluateFlag: {
    request: 'EvaluationRequest',
    answer: 'Flag',
    description:
      'OpenFeature Remote Evaluation Protocol 0.3.0. The flag is the experiment; with `.sequence` behind it, the value is the ladder of the variant. Counts nobody in unless the context has `$expose: true`.',
  },
  evaluateFlags: {
    request: 'EvaluationRequest',
    answer: 'Flags',
    description:
      'OpenFeature Remote Evaluation Protocol 0.3.0. Counts nobody in. Send the tag back as `If-None-Match`.',
  },
  openApi: { answer: 'Anything' },
  createKey: { request: 'KeyRequest', answer: 'IssuedKey', status: 201 },
  listKeys: { answer: 'Keys' },
  rotateKey: { request: 'RotateKeyRequest', answer: 'IssuedKey', conflict: true },
  revokeKey: { answer: 'Key', conflict: true },
  readSettings: { answer: 'Settings' },
  changeSettings: {
    request: 'SettingsRequest',
    answer: 'ChangedSettings',
    conflict: true,
    description:
      'Whoever joined an experiment stays in it. Send the revision you looked at as `If-Match`, and a change of stale settings is refused.',
  },
  listExperiments: { answer: 'Experiments' },
  createExperiment: { request: 'Definition', answer: 'Experiment', status: 201, conflict: true },
  findExperiment: { answer: 'Experiment' },
  editExperiment: {
    request: 'Definition',
    answer: 'Experiment',
    conflict: true,
    description: 'Send the revision you looked at as `If-Match`, and an edit of a stale page is refused.',
  },
  startExperiment: { request: 'EmptyRequest', answer: 'Experiment', conflict: true },
  pauseExperiment: { request: 'EmptyRequest', answer: 'Experiment', conflict: true },
  concludeExperiment: { request: 'ConcludeRequest', answer: 'Experiment', conflict: true },
  publishExperiment: { request: 'EmptyRequest', answer: 'Publication', conflict: true },
  shipVariant: { request: 'ShipRequest', answer: 'Experiment', conflict: true },
  listRevisions: { answer: 'Revisions' },
  report: { answer: 'Report' },
  listReports: {
    answer: 'Reports',
    description: 'Thirty-one on a page. The `Link` header with `rel="next"` leads to the older ones.',
  },
  findReport: { answer: 'Report' },
  listFrictions: {
    answer: 'Frictions',
    description:
      'From the latest report that was written of each experiment. Descriptive: steps with one friction differ in more than that.',
  },
  journeysJsonl: {
    answer: JSON_LINES,
    description:
      'One journey a line, as it is kept: times in ms since 1970, values in the smallest unit of the currency, visitors by their opaque ids. A page has at most 2.5 MB; the `Link` header with `rel="next"` leads to the next, and the last has none. The order never changes, so every journey that is there all the while is on exactly one page.',
  },
  createLink: { request: 'LinkRequest', answer: 'Link', status: 201 },
  enrolRecipients: { request: 'RecipientsRequest', answer: 'Recipients' },
  eraseVisitor: { answer: 'Erased' },
  repairTallies: {
    request: 'EmptyRequest',
    answer: 'Repaired',
    conflict: true,
    description:
      'Reports do not need it: they recount. Refused while the counts move, because what is under way would be counted twice.',
  },
  rotateTokenSecret: {
    request: 'RotateSecretRequest',
    answer: 'RotatedSecret',
    conflict: true,
    description:
      'All functions accept the new secret before the first of them signs with it, so that no visitor is lost. Experiments in edge mode are to be published again after `signsFrom`.',
  },
  liveTally: { answer: 'Tally' },
};

export function operationOf(name: RouteName): Operation {
  const { path, bodyBytes }: Route = routes[name];
  const guessed = path.endsWith('.csv') ? CSV : path.endsWith('.html') ? HTML : ('Anything' as const);
  return OPERATIONS[name] ?? { answer: guessed, ...(bodyBytes && { request: 'Anything', conflict: true }) };
}
