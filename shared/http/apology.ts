import type { Reply } from './reply.ts';

const SENTENCES = {
  404: 'This link does not lead anywhere any more.',
  503: 'This page is not reachable at the moment. Please try again in a minute.',
} as const;

/** What a person sees when there is nowhere to send them: a sentence on a page, and no word of what is behind it. */
export const apology = (status: keyof typeof SENTENCES): Reply => ({
  statusCode: status,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'private, no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    ...(status === 503 && { 'retry-after': '60' }),
  },
  body: `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Sorry</title><style>body{font:1.1rem/1.5 system-ui;margin:20vh auto;max-width:30em;padding:0 1em;color-scheme:light dark}</style>
<p>${SENTENCES[status]}`,
});
