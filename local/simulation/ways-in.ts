import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Definition } from '#shared/experiment/definition.ts';
import { callAt, postAt } from '../installation/call.ts';
import type { Installation } from '../installation/installation.ts';
import type { StageTruth } from './truth.ts';
import type { Deed } from './visitor.ts';

/** What came of somebody coming in: who they are here, and which variant they were shown; nothing for whoever is not counted. */
export type CameIn = { readonly visitor: string; readonly variant: string } | undefined;

/** How people of a simulation reach the platform. Each does what real ones do: the same requests, at the same times. */
export type WayIn = {
  comeIn(ms: number, visitor: string, stage: StageTruth): Promise<CameIn>;
  /** A machine, that nobody must take for a person. */
  scan(ms: number, visitor: string): Promise<void>;
  /** Takes the deed on, or leaves it to be sent as an event. */
  take(ms: number, visitor: string, deed: Deed): Promise<boolean>;
};

const CRAWLER = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';

/** By the redirect of an advertisement. What is true of a visitor is in the query; `returning` is told by a cookie. */
export function byRedirect({ handlers }: Installation, experiment: string): WayIn {
  const path = `/go/${experiment}`;
  return {
    comeIn: async (ms, visitor, { attributes }) => {
      const { returning, ...rest } = attributes;
      const reply = await callAt(ms, handlers.redirect, {
        path,
        query: new URLSearchParams(rest).toString(),
        ...(returning && { cookies: [`stepladder=${visitor}`] }),
      });
      const token = tokenOf(reply);
      const { visitor: known, variant } = statementOf(token);
      if (known === 'nobody') return undefined;
      await postAt(ms + 1_500, handlers.site, '/v1/events', { events: [{ type: 'arrival', token }] });
      return { visitor: known, variant };
    },
    scan: async (ms) => {
      await callAt(ms, handlers.redirect, { path, headers: { 'user-agent': CRAWLER } });
    },
    take: async () => false,
  };
}

/** By the site's own call. */
export function bySite({ handlers }: Installation, experiment: string): WayIn {
  return {
    comeIn: async (ms, visitor, { attributes }) => {
      const answer = await postAt(ms, handlers.site, '/v1/assign', { experiment, visitor, attributes });
      return answer.assigned ? { visitor, variant: String(answer.variant) } : undefined;
    },
    scan: async (ms, visitor) => {
      const headers = { 'user-agent': CRAWLER, origin: 'http://localhost:3000' };
      await callAt(ms, handlers.site, { method: 'POST', path: '/v1/assign', headers, body: { experiment, visitor } });
    },
    take: async () => false,
  };
}

/** By the links of e-mails, to recipients who were enrolled before anything was sent. Steps with an address are opened, not told. */
export async function byLinks({ handlers }: Installation, definition: Definition, since: number): Promise<WayIn> {
  const linked = new Set(
    definition.variants.flatMap(({ steps }) =>
      steps.flatMap(({ id, url }) => (url && id !== definition.goal ? [id] : [])),
    ),
  );
  const links = new Map<string, string>();
  for (const step of linked) {
    const link = await postAt(since, handlers.admin, '/v1/links', { experiment: definition.id, step, message: step });
    links.set(step, String(link.id));
  }
  const signed = new Map<string, string>();
  const open = (ms: number, visitor: string, step: string, method = 'GET') =>
    callAt(ms, handlers.redirect, { method, path: `/l/${links.get(step)}/${signed.get(visitor)}` });
  return {
    comeIn: async (ms, visitor) => {
      const body = { experiment: definition.id, recipients: [visitor] };
      const { recipients } = (await postAt(ms, handlers.admin, '/v1/recipients', body)) as {
        recipients: { recipient: string; variant: string; assigned: boolean }[];
      };
      const [enrolled] = recipients;
      if (enrolled === undefined || !enrolled.assigned) return undefined;
      signed.set(visitor, enrolled.recipient);
      return { visitor, variant: enrolled.variant };
    },
    // Scanners open the mail of real people, so they are no visitors of their own: one opens the first link of everybody's mail.
    scan: async (ms, visitor) => {
      const [first] = linked;
      if (first === undefined || !signed.has(visitor)) return;
      await open(ms, visitor, first, 'HEAD');
      await open(ms + 900, visitor, first);
    },
    take: async (ms, visitor, deed) => {
      if (deed.type !== 'step' || !linked.has(deed.step)) return false;
      const token = tokenOf(await open(ms, visitor, deed.step));
      // The page sees a second of attention: that is what tells a person from a scanner.
      await postAt(ms + 1_200, handlers.site, '/v1/events', { events: [{ type: 'interaction', token }] });
      return true;
    },
  };
}

const tokenOf = (reply: APIGatewayProxyStructuredResultV2): string => {
  const location = reply.headers?.location;
  if (location === undefined) throw new Error(`the redirect answered ${reply.statusCode} and sent nobody on`);
  return new URL(String(location)).searchParams.get('stepladder_token') ?? '';
};

/** A token is signed and not secret. */
function statementOf(token: string): { readonly visitor: string; readonly variant: string } {
  const [text = ''] = token.split('.');
  const [, , visitor, variant] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as string[];
  return { visitor: visitor ?? '', variant: variant ?? '' };
}
