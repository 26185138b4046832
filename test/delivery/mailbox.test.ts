import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailboxChannels, mailboxPages } from '../../local/pages/mailbox.ts';
import { NOON } from '../support/an-experiment.ts';

const above = mkdtempSync(join(tmpdir(), 'mailbox-'));
const folder = join(above, 'reports');
let server: Server;
const get = async (path: string) => {
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  return { status: answer.status, text: await answer.text(), policy: answer.headers.get('content-security-policy') };
};

beforeAll(async () => {
  writeFileSync(join(above, 'secret.txt'), 'secret');
  const pages = mailboxPages(folder);
  server = createServer((request, response) => {
    if (!pages(request, response)) response.writeHead(418).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());

describe('mailboxPages', () => {
  it('says that nothing was sent before anything was', async () => {
    expect((await get('/mailbox')).text).toContain('Nothing yet');
  });

  it('shows what was sent with the report it carried, and runs nothing of it', async () => {
    const { mailer, webhook, topic } = mailboxChannels(folder, () => NOON);
    await mailer({
      to: ['ada@example.com'],
      subject: 'Winner: <b>Three</b>',
      text: 'the text',
      html: '<p>hi',
      attachment: { filename: 'a.html', html: '<h1>report' },
    });
    await webhook({ url: 'https://hooks.example.com/secret-path', body: '{"text":"Keep running"}', secret: 's' });
    await topic({ topic: 'arn:aws:sns:eu-central-1:123456789012:reports', subject: 'Keep running', text: 'the text' });
    const { text, policy } = await get('/mailbox');
    expect(text).toContain('Winner: &lt;b&gt;Three&lt;/b&gt;');
    expect(text).toContain('hooks.example.com');
    expect(text).not.toContain('secret-path');
    expect(policy).toContain("default-src 'none'");
    const report = /\/mailbox\/[^"]+report\.html/.exec(text)?.[0] ?? '';
    expect((await get(report)).text).toBe('<h1>report');
  });

  it.each(['/mailbox/..%2fsecret.txt', '/mailbox/%2e%2e/secret.txt', '/mailbox/nothing.txt'])(
    'gives nothing of elsewhere: %s',
    async (path) => {
      expect((await get(path)).text).not.toContain('secret');
    },
  );

  it('leaves other paths to others', async () => {
    expect((await get('/v1/experiments')).status).toBe(418);
  });
});
