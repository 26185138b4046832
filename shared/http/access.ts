import { createHash, timingSafeEqual } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Route } from '../contracts/route.ts';
import { EDITORS } from '../contracts/sign-in.ts';
import { Problem, type ProblemCode } from '../problem/problem.ts';
import { authenticate, type HeldKeys } from '../usecases/api-keys.ts';
import type { ApiKey, Clock } from '../usecases/ports.ts';
import { corsFor, isLocalOrigin, matchesOrigin } from './cors.ts';
import { rateLimit } from './rate-limit.ts';

/** Who asks, for which projects, and what their browser may read; or why they are sent away. */
export type Admission = {
  readonly cors: Readonly<Record<string, string>>;
} & (
  | {
      readonly caller: string;
      readonly mayUse: (project: string) => boolean;
      /** A page asks: with a key that everybody can read, from a machine that is its visitor's. */
      readonly isPage?: boolean;
      /** Who may look alone is shown no secret either. */
      readonly readsOnly?: boolean;
    }
  | { readonly refusal: Problem }
);

export type Ask = {
  readonly route: Route;
  readonly event: APIGatewayProxyEventV2;
  /** The decoded body, decoded at most once. Throws where it is no JSON. */
  readonly body: () => unknown;
};

/** Decides who may come in. Asked for every route but the public ones. */
export type Gate = (ask: Ask) => Promise<Admission>;

const everything = () => true;

/** Who has come this far was let in before: API Gateway checks the signatures of administrators. */
export const openGate: Gate = async ({ event }) => ({
  caller: signerOf(event) ?? personOf(event)?.name ?? 'local',
  mayUse: everything,
  cors: {},
});

/**
 * A second lock behind API Gateway's: a route that was deployed without its authorizer lets nobody in. Programs come with a signature,
 * and what they may do stands in their IAM policy; people come with the access token of the user pool, and may read until somebody
 * makes them editors.
 */
export const signedGate: Gate = async ({ event, route }) => {
  const signer = signerOf(event);
  if (signer !== undefined) return { caller: signer, mayUse: everything, cors: {} };
  const person = personOf(event);
  if (person === undefined)
    return refuse(
      'admin.unsigned',
      'this route needs a request signed with AWS credentials (Signature Version 4), or the access token of someone who has signed in',
    );
  const { name, isEditor } = person;
  if (!isEditor && route.method !== 'GET')
    return refuse('admin.read-only', `${name} may read; to change something, ask to be put into the group ${EDITORS}`);
  return { caller: name, mayUse: everything, readsOnly: !isEditor, cors: {} };
};

/**
 * One machine: whoever has the key that `npm start` prints. Reading needs no key from a browser on this machine, so that a
 * link can be opened; a page of another site cannot read along, nor a name that was pointed here.
 */
export function localAdminGate(localKey: string): Gate {
  return async ({ event, route }) => {
    if (!isFromHere(event))
      return refuse('admin.not-here', 'administrators of a local installation sit at its machine');
    const caller = { caller: 'local', mayUse: everything, cors: {} };
    const given = keyIn(event.headers);
    if (given !== undefined)
      return isSame(given, localKey)
        ? caller
        : refuse('key.unknown', 'this is not the local key; npm start prints it, and .data/local-keys.json has it');
    if (isInProcess(event) || (route.method === 'GET' && isOwnPage(event))) return caller;
    return refuse('key.missing', 'send the local key as Authorization: Bearer …; npm start prints it');
  };
}

type SiteGateOptions = {
  readonly heldKey: HeldKeys;
  readonly clock: Clock;
  /** For rates: a clock that only goes forward, ms. */
  readonly elapsed: Clock;
  /** `open` lets requests from this machine in without a key. For one machine only. */
  readonly access: 'keys' | 'open';
};

/** Sites and servers, by their keys. */
export function siteGate({ heldKey, clock, elapsed, access }: SiteGateOptions): Gate {
  const waitFor = rateLimit(elapsed);
  return async ({ event, body, route }) => {
    const text = keyIn(event.headers) ?? (route.path === '/v1/events' ? keyInBody(body) : undefined);
    if (text === undefined && access === 'open') return openly(event, route);
    if (text === undefined)
      return refuse('key.missing', 'send a key as Authorization: Bearer …, as X-API-Key, or beside events as key');
    const key = await authenticate(heldKey, text, clock());
    if (key === undefined) return refuse('key.unknown', 'this key is not, or no longer, good');
    if (key.kind === 'publishable' && route.access === 'server') return refuse('key.not-secret', FOR_SERVERS);
    const cors = key.kind === 'secret' ? {} : corsFor(event.headers.origin, key.origins);
    if (key.kind === 'publishable' && !isFromItsPages(event, key))
      return refuse(
        'key.origin-refused',
        `this key is for pages of ${key.origins.join(', ')}, not of ${event.headers.origin ?? 'a request without an origin; servers use a secret key'}`,
      );
    const waitSeconds = waitFor(key.id, key.requestsPerSecond);
    if (waitSeconds > 0)
      return {
        cors,
        refusal: new Problem('key.rate-exceeded', `this key may send ${key.requestsPerSecond} requests a second`, [], {
          retryAfterSeconds: waitSeconds,
        }),
      };
    return {
      caller: `key ${key.id}`,
      mayUse: (project) => key.projects.includes(project),
      isPage: key.kind === 'publishable',
      cors,
    };
  };
}

const FOR_SERVERS =
  'this is for servers alone, with a secret key; a publishable key is in the hands of whoever opens the page';

/** A request from this machine, and not on behalf of a page from elsewhere. */
function openly(event: APIGatewayProxyEventV2, route: Route): Admission {
  const { origin } = event.headers;
  if (origin !== undefined && route.access === 'server') return refuse('key.not-secret', FOR_SERVERS);
  // A page of a name that was pointed here reads its own origin, and so says none.
  const isOfElsewhere =
    !isLocalOrigin(`http://${event.headers.host}`) || (origin !== undefined && !isLocalOrigin(origin));
  if (!isInProcess(event) && (!isFromHere(event) || isOfElsewhere))
    return refuse('key.missing', 'without a key, only this machine and its own pages may ask');
  return {
    caller: 'local',
    mayUse: everything,
    isPage: origin !== undefined,
    cors: origin === undefined ? {} : corsFor(origin, ['*']),
  };
}

/** A page reads its own origin without saying which; browsers say that much. */
const isFromItsPages = ({ headers }: APIGatewayProxyEventV2, { origins }: ApiKey): boolean =>
  origins.some((allowed) =>
    headers.origin === undefined && headers['sec-fetch-site'] === 'same-origin'
      ? ['http', 'https'].some((scheme) => matchesOrigin(`${scheme}://${headers.host}`, allowed))
      : matchesOrigin(headers.origin, allowed),
  );

/** The key a request brings: as a bearer token or by its own header. */
export function keyIn(headers: Readonly<Record<string, string | undefined>>): string | undefined {
  return /^bearer\s+(\S+)\s*$/i.exec(headers.authorization ?? '')?.[1] ?? headers['x-api-key']?.trim();
}

/** `sendBeacon` cannot set a header, so a batch of events may carry its key. */
function keyInBody(body: () => unknown): string | undefined {
  try {
    const { key } = (body() ?? {}) as { key?: unknown };
    return typeof key === 'string' ? key : undefined;
  } catch {
    return undefined;
  }
}

const refuse = (code: ProblemCode, message: string): Admission => ({
  cors: {},
  refusal: new Problem(code, message),
});

function signerOf(event: APIGatewayProxyEventV2): string | undefined {
  const { authorizer } = event.requestContext as { authorizer?: { iam?: { userArn?: string } } };
  return authorizer?.iam?.userArn;
}

type Person = { readonly name: string; readonly isEditor: boolean };

/**
 * Who signed in, by the name an administrator gave them, which is what the history shows. An e-mail address is no such name: it would
 * stay in the history for ever. Tokens of other kinds, which say more about a person, are not taken.
 */
function personOf(event: APIGatewayProxyEventV2): Person | undefined {
  const { authorizer } = event.requestContext as { authorizer?: { jwt?: { claims?: Record<string, unknown> } } };
  const { token_use: use, username, sub, 'cognito:groups': groups } = authorizer?.jwt?.claims ?? {};
  if (use !== 'access') return undefined;
  const name = [username, sub].find(
    (each): each is string => typeof each === 'string' && each !== '' && !each.includes('@'),
  );
  return name === undefined ? undefined : { name, isEditor: listOf(groups).includes(EDITORS) };
}

/** A list in a token comes from API Gateway as text: `[editors others]`. No group has a space in its name. */
const listOf = (claim: unknown): readonly unknown[] =>
  typeof claim === 'string' ? claim.replace(/^\[(.*)\]$/, '$1').split(/[\s,]+/) : Array.isArray(claim) ? claim : [];

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;

/** The replay and the tests call the functions without any network. */
const isInProcess = (event: APIGatewayProxyEventV2): boolean => event.requestContext.http.sourceIp === undefined;

/** A tunnel or a proxy on this machine hands on what others ask. */
const isFromHere = (event: APIGatewayProxyEventV2): boolean =>
  isInProcess(event) ||
  (LOOPBACK.test(event.requestContext.http.sourceIp) &&
    event.headers['x-forwarded-for'] === undefined &&
    event.headers.forwarded === undefined);

function isOwnPage({ headers }: APIGatewayProxyEventV2): boolean {
  const site = headers['sec-fetch-site'] ?? 'none';
  return (
    isLocalOrigin(`http://${headers.host}`) &&
    (headers.origin === undefined || isLocalOrigin(headers.origin)) &&
    site !== 'cross-site'
  );
}

const isSame = (given: string, expected: string): boolean => timingSafeEqual(hashOf(given), hashOf(expected));
const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();
