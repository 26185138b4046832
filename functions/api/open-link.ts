import { routes } from '#shared/contracts/routes.ts';
import { apology } from '#shared/http/apology.ts';
import { endpoint, type Request } from '#shared/http/endpoint.ts';
import { isPrefetch, visitorCookie, visitorOf, wantsNoStorage } from '#shared/http/redirect-visit.ts';
import type { Reply } from '#shared/http/reply.ts';
import { signalsOf } from '#shared/http/signals.ts';
import { recipientOf } from '#shared/token/recipient.ts';
import type { Deps } from '#shared/usecases/deps.ts';
import { openLink, type ScanReason } from '#shared/usecases/open-link.ts';
import { sentOn } from './sent-on.ts';

/** The way in from e-mails: the recipient fixes the variant, and the opening is kept as a scan until a person shows. */
export const openLinkEndpoint = (deps: Deps, bug: (error: unknown, request: Request) => void) =>
  endpoint(routes.openLink, async (request) => {
    try {
      const link = await deps.links.find(request.path.link ?? '');
      const live = link && (await deps.live(link.experiment));
      if (link === undefined || live === undefined) return apology(404);
      const [tokenSecret, recipientSecret] = await Promise.all([
        deps.secrets.tokenSecret(),
        deps.secrets.recipientSecret(),
      ]);
      const { control } = live.experiment.definition;
      const uncounted = (variant: string): Reply =>
        sentOn(
          live,
          link.step,
          request.rawQuery,
          { kind: 'uncounted', variant, visitor: 'nobody', issuedAt: deps.clock() },
          tokenSecret,
        );
      const recipient = recipientOf(request.path.recipient ?? '', recipientSecret);
      if (recipient === undefined) return uncounted(control);
      try {
        const { variant, counted, at } = await openLink(deps, live, { recipient, link, noticed: noticedOf(request) });
        if (!counted) return uncounted(variant);
        return sentOn(
          live,
          link.step,
          request.rawQuery,
          { kind: 'visit', variant, visitor: recipient, step: link.step, issuedAt: at },
          tokenSecret,
          cookieOf(request, deps.newId),
        );
      } catch (error) {
        bug(error, request);
        return uncounted(control);
      }
    } catch (error) {
      bug(error, request);
      return apology(503);
    }
  });

/** Ours, so that a browser that comes again is known to keep what it is given; it says nothing about who that is. */
const cookieOf = ({ cookies, headers, query }: Request, newId: () => string): string[] =>
  visitorOf(cookies) !== undefined || wantsNoStorage(headers, query) ? [] : [visitorCookie(newId())];

const noticedOf = ({ method, headers, cookies }: Request): ScanReason[] => [
  ...(method === 'HEAD' ? (['head'] as const) : []),
  ...(isPrefetch(headers) ? (['prefetch'] as const) : []),
  ...(signalsOf(headers).includes('declared-bot') ? (['declared-bot'] as const) : []),
  ...(visitorOf(cookies) === undefined ? (['no-cookie'] as const) : []),
];
