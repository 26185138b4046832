import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { mimeOf } from '#shared/deliver/mime.ts';
import { html, Markup } from '#shared/report/html/markup.ts';
import { STYLE } from '#shared/report/html/style.ts';
import { signWebhook } from '#shared/token/sign-webhook.ts';
import type { Channel, Channels } from '#shared/usecases/delivery.ts';
import type { Pages } from '../stand-ins/http-server.ts';

const SENDER = 'Stepladder <reports@localhost>';

/** One message that was "sent" on this machine: where it would have gone, and the files it is made of. */
type Sent = {
  readonly at: number;
  readonly channel: Channel;
  readonly to: string;
  readonly subject: string;
  readonly files: readonly string[];
};

/** Channels that leave this machine alone: every message becomes files in a folder, to be read on the mailbox page. */
export function mailboxChannels(folder: string, clock: () => number): Channels {
  let count = 0;
  const keep = (
    channel: Channel,
    to: string,
    subject: string,
    parts: Readonly<Record<string, string | Buffer>>,
  ): void => {
    mkdirSync(folder, { recursive: true });
    const at = clock();
    const stem = `${new Date(at).toISOString().replace(/[:.]/g, '-')}-${String(++count).padStart(3, '0')}-${channel}`;
    const files = Object.entries(parts).map(([ending, content]) => {
      const name = `${stem}.${ending}`;
      writeFileSync(join(folder, name), content);
      return name;
    });
    const sent: Sent = { at, channel, to, subject, files };
    writeFileSync(join(folder, `${stem}.sent`), JSON.stringify(sent));
  };
  return {
    mailer: async (letter) =>
      keep('email', letter.to.join(', '), letter.subject, {
        eml: await mimeOf(letter, SENDER),
        txt: letter.text,
        'message.html': letter.html,
        'report.html': letter.attachment.html,
      }),
    webhook: async ({ url, body, secret }) => {
      const { text } = JSON.parse(body) as { text: string };
      keep('webhook', new URL(url).host, text, {
        json: JSON.stringify(
          { 'stepladder-signature': signWebhook(body, secret, clock()), body: JSON.parse(body) as unknown },
          null,
          2,
        ),
      });
    },
    topic: async ({ topic, subject, text }) => keep('topic', topic, subject, { txt: text }),
  };
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  json: 'application/json',
  txt: 'text/plain',
  eml: 'text/plain',
};
const WORDS = {
  eml: 'the e-mail as sent',
  txt: 'text',
  'message.html': 'message',
  'report.html': 'attached report',
  json: 'body',
} as const;

/** `/mailbox`: what was sent, newest first; `/mailbox/FILE`: one file of it. */
export const mailboxPages =
  (folder: string): Pages =>
  (request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (path !== '/mailbox' && !path.startsWith('/mailbox/')) return false;
    const name = basename(path);
    const content = path === '/mailbox' ? page(sentIn(folder)) : read(folder, name);
    if (content === undefined) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('There is no such message.');
      return true;
    }
    response
      .writeHead(200, {
        'content-type': `${path === '/mailbox' ? 'text/html' : (TYPES[name.split('.').at(-1) ?? ''] ?? 'text/plain')}; charset=utf-8`,
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
        'x-content-type-options': 'nosniff',
      })
      .end(content);
    return true;
  };

/** Only names of the folder itself: a path that leads elsewhere names none of them. */
const read = (folder: string, name: string): Buffer | undefined =>
  names(folder).includes(name) ? readFileSync(join(folder, name)) : undefined;

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

const sentIn = (folder: string): Sent[] =>
  names(folder)
    .filter((name) => name.endsWith('.sent'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Sent)
    .sort((a, b) => b.at - a.at);

const page = (messages: readonly Sent[]): string =>
  html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Mailbox</title><style>${new Markup(STYLE)}</style></head>
<body><header class="top"><p class="eyebrow"><a href="/" style="color:inherit">Stepladder</a></p><h1>Mailbox</h1><p class="lead">What reports would have been sent from this machine. Nothing left it.</p></header>
<main><section aria-label="Messages">${
    messages.length === 0
      ? html`<p>Nothing yet. Say where reports of an experiment go, on the dashboard under “Where reports go”; they are written once a day, and sent when there is something to tell.</p>`
      : html`<ul class="checks">${messages.map(
          ({ at, channel, to, subject, files }) =>
            html`<li><b>${channel}</b><span>${subject}<br><span class="quiet">to ${to}, ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC</span><br>${files.map((file) => html`<a href="/mailbox/${file}" style="color:var(--accent);margin-right:1rem">${wordFor(file)}</a>`)}</span></li>`,
        )}</ul>`
  }</section></main></body></html>`.text;

const wordFor = (file: string): string =>
  Object.entries(WORDS).find(([ending]) => file.endsWith(`.${ending}`))?.[1] ?? file;
