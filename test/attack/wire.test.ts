import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../../local/graph/source-files.ts';
import { dashboardPages, firstOf } from '../../local/pages/dashboard.ts';
import { examplePages } from '../../local/pages/example-site.ts';
import { httpServer } from '../../local/stand-ins/http-server.ts';
import { withAddresses } from '../support/an-experiment.ts';
import { type KeyedSite, openKeyedSite } from '../support/keyed-site.ts';

let site: KeyedSite;
let key: string;
beforeAll(async () => {
  site = await openKeyedSite();
  await site.started({ id: 'shop', variants: withAddresses() });
  key = await site.issue();
});
afterAll(() => site?.stop());
afterEach(() => expect(site.bugs).toEqual([]));

const BODY = '{"experiment":"shop","visitor":"smuggled"}';
const LENGTH = `Content-Length: ${BODY.length}`;
const SECOND = `POST /v1/assign HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer KEY\r\n${LENGTH}\r\n\r\n${BODY}`;
const HEAD = 'Host: localhost\r\nAuthorization: Bearer KEY\r\nConnection: close';

/** Everything a server says to bytes as they stand, until it hangs up. */
const spoken = (text: string, origin = site.origin): Promise<string> =>
  new Promise((resolve) => {
    let said = '';
    const socket = connect(Number(new URL(origin).port), '127.0.0.1', () =>
      socket.write(text.replaceAll('KEY', key), 'latin1'),
    );
    socket.on('data', (bytes) => {
      said += bytes.toString('latin1');
    });
    socket.on('error', () => undefined).on('close', () => resolve(said));
  });
const statuses = (said: string) => [...said.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status));

describe('a request that two servers could read as different ones', () => {
  it.each<[string, string]>([
    [
      'a length and chunks',
      `POST /v1/assign HTTP/1.1\r\n${HEAD}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SECOND}`,
    ],
    [
      'chunks that are not last',
      `POST /v1/assign HTTP/1.1\r\n${HEAD}\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${SECOND}`,
    ],
    [
      'chunks in a header with a space',
      `POST /v1/assign HTTP/1.1\r\n${HEAD}\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n${SECOND}`,
    ],
    [
      'something like chunks',
      `POST /v1/assign HTTP/1.1\r\n${HEAD}\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${SECOND}`,
    ],
    [
      'chunks in HTTP/1.0',
      `POST /v1/assign HTTP/1.0\r\n${HEAD}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SECOND}`,
    ],
    ['two lengths', `POST /v1/assign HTTP/1.1\r\n${HEAD}\r\nContent-Length: 0\r\n${LENGTH}\r\n\r\n${BODY}`],
    ['a list of lengths', `POST /v1/assign HTTP/1.1\r\n${HEAD}\r\nContent-Length: 0, ${BODY.length}\r\n\r\n${BODY}`],
    ['a length with a sign', `POST /v1/assign HTTP/1.1\r\n${HEAD}\r\nContent-Length: +${BODY.length}\r\n\r\n${BODY}`],
    ['a folded header', `POST /v1/assign HTTP/1.1\r\n${HEAD}\r\nX-A: b\r\n c: d\r\n${LENGTH}\r\n\r\n${BODY}`],
    ['lines without a return', `POST /v1/assign HTTP/1.1\n${HEAD.replaceAll('\r', '')}\n${LENGTH}\n\n${BODY}`],
    ['a return inside a header', `POST /v1/assign HTTP/1.1\r\n${HEAD}\r\nX-A: b\rX-B: c\r\n${LENGTH}\r\n\r\n${BODY}`],
    ['a zero byte in a header', `POST /v1/assign HTTP/1.1\r\n${HEAD}\r\nX-A: b\0\r\n${LENGTH}\r\n\r\n${BODY}`],
    ['a zero byte in the query', `GET /go/shop?a=\0 HTTP/1.1\r\n${HEAD}\r\n\r\n`],
    ['a space in the query', `GET /go/shop?a=b c HTTP/1.1\r\n${HEAD}\r\n\r\n`],
    ['no host', 'GET /go/shop HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['two hosts', `GET /go/shop HTTP/1.1\r\n${HEAD}\r\nHost: evil.example\r\n\r\n`],
    ['two keys', `GET /v1/packed/shop HTTP/1.1\r\n${HEAD}\r\nAuthorization: Bearer another\r\n\r\n`],
    [
      'two origins',
      `GET /v1/packed/shop HTTP/1.1\r\n${HEAD}\r\nOrigin: https://a.example\r\nOrigin: https://b.example\r\n\r\n`,
    ],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ])('is refused, and nothing behind it is done: %s', async (_, bytes) => {
    expect(statuses(await spoken(bytes))).toEqual([400]);
    expect(await site.deps.journeys.find('shop', 'smuggled')).toBeUndefined();
  });

  it('is not made by line breaks in the query of a redirect: they arrive percent-encoded', async () => {
    const { status, headers } = await site.ask('/go/shop?a=%0d%0aSet-Cookie:%20x=y&b=%E5%98%8A%E5%98%8D', {
      method: 'GET',
    });
    expect([status, headers.getSetCookie().map((each) => each.split('=')[0])]).toEqual([302, ['stepladder']]);
    expect(headers.get('location')).toContain('?a=%0d%0aSet-Cookie:%20x=y&b=%E5%98%8A%E5%98%8D&');
  });
});

describe('a target that is more than a path', () => {
  it.each([
    'http://evil.example/v1/packed/shop',
    '//evil.example/go/shop',
    '/go//evil.example',
    '/go/shop/..',
    '/\\evil.example/..\\..\\',
    '/go/..%2f..%2fv1%2fkeys',
    '/v1/./keys',
    '/v1/experiments/..%2Fkeys',
    '/V1/keys',
    '/v1/keys/',
    '/v1/keys;a=b',
    '*',
  ])('leads nowhere: %s', async (target) => {
    const said = await spoken(`GET ${target} HTTP/1.1\r\n${HEAD}\r\n\r\n`);
    expect(statuses(said)).toEqual([404]);
    expect(said).not.toMatch(/^location:/im);
    expect(said).toContain(
      target.startsWith('/go/') && target.split('/').length === 3 ? 'text/html' : 'application/problem+json',
    );
  });

  it('opens no tunnel and speaks no other protocol', async () => {
    expect(statuses(await spoken(`CONNECT evil.example:443 HTTP/1.1\r\n${HEAD}\r\n\r\n`))).toEqual([]);
    const upgrade = `GET /v1/packed/shop HTTP/1.1\r\n${HEAD}\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AA==\r\n\r\n`;
    expect(statuses(await spoken(upgrade))).toEqual([200]);
  });
});

describe('the pages of one machine', () => {
  it('are read from their own folders, whatever the path', async () => {
    const handlers = { redirect: notFound, site: notFound, admin: notFound };
    const server = httpServer(handlers, firstOf(examplePages, dashboardPages(join(ROOT, 'dashboard'))));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const ask = (target: string) => spoken(`GET ${target} HTTP/1.1\r\n${HEAD}\r\n\r\n`, `http://127.0.0.1:${port}`);
    expect(statuses(await ask('/style.css'))).toEqual([200]);
    for (const way of [
      '/../',
      '/./../',
      '/x/../../',
      '/..%2f',
      '/%2e%2e/',
      '/..\\',
      '/..%5c',
      '//../',
      '/example/../',
      '/example/..%2f',
      '/dashboard/../../',
    ])
      for (const file of ['package.json', 'README.md', 'examples/site/site.js', '.data/local-keys.json'])
        expect(statuses(await ask(way + file)), way + file).toEqual([404]);
    server.closeAllConnections();
    server.close();
  });
});

const notFound = async () => ({ statusCode: 404, body: '' });
