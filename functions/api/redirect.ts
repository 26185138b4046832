import { routes } from '#shared/contracts/routes.ts';
import { apology } from '#shared/http/apology.ts';
import { endpoint, type HttpHandler, httpHandler, type ReportBug, type Request } from '#shared/http/endpoint.ts';
import {
  isPrefetch,
  redirectAttributes,
  visitorCookie,
  visitorOf,
  wantsNoStorage,
} from '#shared/http/redirect-visit.ts';
import type { Reply } from '#shared/http/reply.ts';
import { signalsOf } from '#shared/http/signals.ts';
import { type Token, type TokenSecret, verifyToken } from '#shared/token/token.ts';
import { assignVisitor } from '#shared/usecases/assign-visitor.ts';
import type { Deps } from '#shared/usecases/deps.ts';
import type { LiveExperiment } from '#shared/usecases/live-experiments.ts';
import { openLinkEndpoint } from './open-link.ts';
import { sentOn, TOKEN } from './sent-on.ts';

/** Preview: `?stepladder_variant=ID` shows a variant and counts nothing. */
const PREVIEW = 'stepladder_variant';
/** Nobody reads a landing page and comes back by its own link within this time; a loop does. */
const LOOP_MS = 10_000;

/** The way in from ads and e-mails: assign, record, and answer 302 to the first step of the variant. */
export const redirect = (deps: Deps, reportBug: ReportBug): HttpHandler =>
  httpHandler(
    [
      endpoint(routes.redirect, async (request) => {
        const { method, requestId } = request;
        const bug = (error: unknown) => reportBug(error, { method, path: routes.redirect.path, requestId });
        try {
          const live = await deps.live(request.path.experiment ?? '');
          if (live === undefined) return apology(404);
          const secret = await deps.secrets.tokenSecret();
          return await sendOn(deps, live, secret, request, bug);
        } catch (error) {
          // The experiment itself could not be read, so there is no address to send anyone to.
          bug(error);
          return apology(503);
        }
      }),
      openLinkEndpoint(deps, (error, { method, requestId }) =>
        reportBug(error, { method, path: routes.openLink.path, requestId }),
      ),
    ],
    reportBug,
  );

async function sendOn(
  deps: Deps,
  live: LiveExperiment,
  secret: TokenSecret,
  request: Request,
  bug: (error: unknown) => void,
): Promise<Reply> {
  const { method, query, headers, cookies, rawQuery } = request;
  const { id, definition } = live.experiment;
  if (cameFromHere(query.get(TOKEN), id, secret, deps.clock())) return apology(404);
  // Nowhere to send anyone: nobody is counted for a page they cannot be shown.
  if (live.packed.variants.every(({ url }) => url === undefined)) return apology(404);
  /** What everybody gets who is not assigned: what was shipped, once something is; the control until then. */
  const lookedAhead =
    live.packed.kind === 'fixed'
      ? (live.packed.variants[live.packed.serve]?.id ?? definition.control)
      : definition.control;

  const to = (kind: Token['kind'], variant: string, visitor: string, cookie: readonly string[] = []): Reply =>
    sentOn(live, undefined, rawQuery, { kind, variant, visitor, issuedAt: deps.clock() }, secret, cookie);
  const uncounted = (variant: string) => to('uncounted', variant, 'nobody');

  const preview = query.get(PREVIEW);
  if (preview !== null) return uncounted(preview);
  if (method === 'HEAD' || isPrefetch(headers)) return uncounted(lookedAhead);

  const known = visitorOf(cookies);
  const visitor = known ?? deps.newId();
  const visit = {
    visitor,
    attributes: redirectAttributes(query, known !== undefined),
    source: 'redirect',
    signals: signalsOf(headers),
  } as const;
  try {
    const { variant, assignment } = await assignVisitor(deps, live, visit);
    const counted = assignment.kind === 'assigned' && assignment.reason !== 'forced';
    return to(
      counted ? 'visit' : 'uncounted',
      variant,
      visitor,
      wantsNoStorage(headers, query) ? [] : [visitorCookie(visitor)],
    );
  } catch (error) {
    // A visitor never sees an error: they get the control, no cookie, and a token that says they were not counted. Whatever
    // the landing page tells of them is refused, so that nobody who saw the control is later counted to another variant.
    bug(error);
    return uncounted(definition.control);
  }
}

/** A destination that leads back to its own redirect would send the visitor round for ever. */
function cameFromHere(token: string | null, experiment: string, secret: TokenSecret, now: number): boolean {
  const verified = token === null ? undefined : verifyToken(token, secret, now);
  return (
    verified?.kind === 'valid' && verified.token.experiment === experiment && now - verified.token.issuedAt < LOOP_MS
  );
}
