import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export const CLIENT_ID = 'the-dashboard';

/** A user pool that speaks as much OAuth as the dashboard needs, and is as strict about it as a real one. */
export type PoolUnderTest = {
  readonly domain: string;
  /** What it was asked for, path by path. */
  readonly asked: string[];
  /** How long the tokens that it hands out are good for, in seconds. */
  expiresIn: number;
  /** What it lies about in the id token, to see whether anybody looks. */
  lie: { nonce?: string; aud?: string };
  /** The groups of the one person in it. */
  groups: readonly string[];
  /** Tokens the API would take. */
  readonly good: Set<string>;
  readonly stop: () => void;
};

type Code = { readonly challenge: string; readonly redirect: string; readonly nonce: string };

export async function openPool(): Promise<PoolUnderTest> {
  const codes = new Map<string, Code>();
  const refreshes = new Set<string>();
  const pool = { asked: [] as string[], expiresIn: 3_600, lie: {}, groups: ['editors'], good: new Set<string>() };

  const handOut = (nonce: string | undefined) => {
    const access = `access-${randomUUID()}`;
    const refresh = `refresh-${randomUUID()}`;
    pool.good.add(access);
    refreshes.add(refresh);
    const claims = {
      aud: CLIENT_ID,
      email: 'ada@example.com',
      'cognito:groups': pool.groups,
      ...(nonce && { nonce }),
      ...pool.lie,
    };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    return {
      access_token: access,
      refresh_token: refresh,
      id_token: `${part({ alg: 'none' })}.${part(claims)}.`,
      expires_in: pool.expiresIn,
    };
  };

  /** The tokens of a request, or undefined where a real pool would answer `invalid_grant`. */
  function tokensFor(form: URLSearchParams): object | undefined {
    if (form.get('client_id') !== CLIENT_ID) return undefined;
    if (form.get('grant_type') === 'refresh_token')
      return refreshes.delete(form.get('refresh_token') ?? '') ? handOut(undefined) : undefined;
    const code = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const verifier = form.get('code_verifier') ?? '';
    const isTheirs =
      code?.challenge === createHash('sha256').update(verifier).digest('base64url') &&
      code.redirect === form.get('redirect_uri') &&
      /^[\w.~-]{43,128}$/.test(verifier);
    return isTheirs ? handOut(code.nonce) : undefined;
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://pool');
    pool.asked.push(url.pathname);
    const cors = { 'access-control-allow-origin': request.headers.origin ?? '*' };
    if (url.pathname === '/oauth2/authorize') {
      const query = url.searchParams;
      const redirect = query.get('redirect_uri') ?? '';
      const isWellAsked =
        query.get('response_type') === 'code' &&
        query.get('client_id') === CLIENT_ID &&
        query.get('code_challenge_method') === 'S256' &&
        (query.get('scope') ?? '').split(' ').includes('openid');
      if (!isWellAsked) {
        response.writeHead(400).end('invalid_request');
        return;
      }
      const code = randomUUID();
      codes.set(code, { challenge: query.get('code_challenge') ?? '', redirect, nonce: query.get('nonce') ?? '' });
      const back = new URLSearchParams({ code, state: query.get('state') ?? '' });
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(
          `<h1>The pool</h1><a href="${redirect}?${back}">I am Ada</a> <a href="${redirect}?error=access_denied&state=${query.get('state')}">No</a>`,
        );
    } else if (url.pathname === '/oauth2/token' && request.method === 'POST') {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        const tokens = tokensFor(new URLSearchParams(body));
        response
          .writeHead(tokens ? 200 : 400, { ...cors, 'content-type': 'application/json' })
          .end(JSON.stringify(tokens ?? { error: 'invalid_grant' }));
      });
    } else if (url.pathname === '/logout') {
      response.writeHead(302, { location: url.searchParams.get('logout_uri') ?? '/' }).end();
    } else response.writeHead(url.pathname === '/oauth2/revoke' ? 200 : 404, cors).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(pool, {
    domain: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  });
}
