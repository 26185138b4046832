import { hasOwn } from '../../shared/assignment/has-own.ts';
import type { Attributes } from '../../shared/experiment/packed.ts';
import type { ViewerEvent, ViewerValue } from './viewer-event.ts';

/** A click as the decision wants it. */
export type EdgeVisit = {
  readonly experiment: string;
  /** Identifies the request; a new visitor's id is made of it, because this runtime has no good source of randomness. */
  readonly requestId: string;
  /** The id the browser brought back, if it looks like one of ours. */
  readonly returning: string | undefined;
  /** The variant somebody of the team wants to look at. */
  readonly preview: string | undefined;
  /** A look ahead or a HEAD: nobody sees the page, so nobody is assigned. */
  readonly unseen: boolean;
  readonly rawQuery: string;
  readonly attributes: Attributes;
};

/** The same names as in functions/api/redirect.ts and shared/http/redirect-visit.ts, which run elsewhere; a test compares. */
const OURS = 'stepladder_';
const PREVIEW = 'stepladder_variant';
const COOKIE = 'stepladder';

/** CloudFront stops a function after about a millisecond, and the visitor would see that: longer queries are left to the origin. */
const QUERY_LIMIT = 1_024;
const PAIRS_LIMIT = 20;

/** The visit in a viewer request, or nothing when there is anything about it that the origin should judge. */
export function fromViewerRequest(event: ViewerEvent): EdgeVisit | undefined {
  const request = event.request;
  const path = /^\/go\/([a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?)$/.exec(request.uri);
  const rawQuery = request.rawQueryString() || '';
  const query = rawQuery.length > QUERY_LIMIT ? undefined : attributesOf(rawQuery);
  if (path === null || query === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) return undefined;
  // The origin knows what to do for those who want nothing kept.
  if (header(request.headers['sec-gpc']) === '1') return undefined;
  const cookie = request.cookies[COOKIE];
  if (cookie !== undefined && cookie.multiValue !== undefined && cookie.multiValue.length > 1) return undefined;
  const returning = cookie !== undefined && /^[A-Za-z0-9_-]{8,64}$/.test(cookie.value) ? cookie.value : undefined;
  // What was seen here outranks a parameter of that name, which anyone may write.
  query.returning = returning !== undefined;

  return {
    experiment: path[1] as string,
    requestId: event.context.requestId,
    unseen:
      request.method === 'HEAD' ||
      looksAhead(request.headers['sec-purpose']) ||
      looksAhead(request.headers.purpose) ||
      looksAhead(request.headers['x-moz']),
    rawQuery,
    attributes: query,
    returning,
    preview: query[PREVIEW] as string | undefined,
  };
}

const header = (given: ViewerValue | undefined): string => (given === undefined ? '' : given.value);

const looksAhead = (given: ViewerValue | undefined): boolean => /prefetch|prerender|preview/i.test(header(given));

/**
 * The query as attributes: the first of repeated keys counts, keys end at 64 characters and values at 256. This runtime has
 * no `URLSearchParams`; what the two might read differently (an escape that is none, a value past the limit) is left to the origin.
 */
function attributesOf(rawQuery: string): Record<string, string | boolean> | undefined {
  const attributes: Record<string, string | boolean> = {};
  const pairs = rawQuery.split('&');
  if (pairs.length > PAIRS_LIMIT) return undefined;
  try {
    for (let i = 0; i < pairs.length; i++) {
      const pair = pairs[i] as string;
      if (pair === '') continue;
      const end = pair.indexOf('=');
      const key = decoded(end < 0 ? pair : pair.slice(0, end));
      const value = decoded(end < 0 ? '' : pair.slice(end + 1));
      // A token, consent, whatever comes to mean something one day: the origin knows.
      if (key.indexOf(OURS) === 0 && key !== PREVIEW) return undefined;
      // In UTF-8 no text is shorter than in characters, whichever way an engine counts those.
      if (value.length > 85 && encodeURIComponent(value).replace(/%../g, '-').length > 256) return undefined;
      if (key.length <= 64 && !hasOwn(attributes, key)) attributes[key] = value;
    }
  } catch (_malformed) {
    return undefined;
  }
  return attributes;
}

const decoded = (text: string): string =>
  text.indexOf('%') < 0 && text.indexOf('+') < 0 ? text : decodeURIComponent(text.replace(/\+/g, ' '));
