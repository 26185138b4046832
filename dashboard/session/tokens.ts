/// <reference lib="dom" />
import { EDITORS, SIGN_IN_SCOPES, type SignIn } from '#shared/contracts/sign-in.ts';

export type Pool = Extract<SignIn, { kind: 'cognito' }>;

/** What the pool handed out, kept for as long as the tab is open and for no other tab. */
export type Tokens = {
  readonly access: string;
  readonly refresh: string | undefined;
  readonly expiresAt: number;
  /** Whose they are, to be shown. */
  readonly name: string;
  /** Whether the API will take a change of theirs. What is shown depends on it; what is allowed is the API's to say. */
  readonly mayChange: boolean;
};

/** What has to come back with the code, and what proves that whoever brings it is who asked (RFC 7636). */
type Attempt = { readonly state: string; readonly nonce: string; readonly verifier: string; readonly hash: string };

const ATTEMPT = 'stepladder-sign-in';
const TOKENS = 'stepladder-tokens';
/** Renewed this long before they end: a request that is under way should not meet the end. */
const RENEW_BEFORE_MS = 60_000;

const root = (): string => `${location.origin}/`;
const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
const secret = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)));

/** Leaves for the pool's own pages. Nothing comes back from here: the pool sends the browser to this page again. */
export async function leaveToSignIn({ domain, clientId }: Pool): Promise<void> {
  const attempt: Attempt = { state: secret(), nonce: secret(), verifier: secret(), hash: location.hash };
  sessionStorage.setItem(ATTEMPT, JSON.stringify(attempt));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(attempt.verifier));
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: root(),
    scope: SIGN_IN_SCOPES.join(' '),
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: 'S256',
  });
  location.assign(`${domain}/oauth2/authorize?${query}`);
}

/**
 * Takes up what the pool sent the browser back with, if anything, and goes on where the person had been. The address is cleaned
 * first, so that a code is never tried twice. Throws with a sentence for the person.
 */
export async function comeBack(pool: Pool): Promise<void> {
  const query = new URLSearchParams(location.search);
  const [code, state, error] = ['code', 'state', 'error'].map((name) => query.get(name));
  if (!code && !error) return;
  const attempt = JSON.parse(sessionStorage.getItem(ATTEMPT) ?? 'null') as Attempt | null;
  sessionStorage.removeItem(ATTEMPT);
  history.replaceState(null, '', `/${attempt?.hash ?? ''}`);
  if (!attempt || !state || state !== attempt.state)
    throw new Error('This answer belongs to no sign-in of this tab. Please sign in again.');
  if (error || !code) throw new Error(`Signing in did not work: ${query.get('error_description') ?? error}`);
  const answer = await ask(pool, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: root(),
    code_verifier: attempt.verifier,
  });
  // Straight from the pool over TLS, so its signature need not be checked here (OpenID Connect Core 3.1.3.7); the API checks it.
  const claims = claimsOf(answer.id_token);
  if (claims.nonce !== attempt.nonce || claims.aud !== pool.clientId)
    throw new Error('The pool answered another sign-in than this one. Please sign in again.');
  const name = String(claims['cognito:username'] ?? claims.email ?? claims.sub ?? '');
  keep(answer, { refresh: undefined, name, mayChange: isEditor(claims) });
}

/** Tokens that are still good, renewed if need be; undefined when somebody has to sign in. */
export async function goodTokens(pool: Pool, now: number): Promise<Tokens | undefined> {
  const kept = keptTokens();
  if (kept === undefined || now < kept.expiresAt - RENEW_BEFORE_MS) return kept;
  renewing ??= renew(pool, kept).finally(() => {
    renewing = undefined;
  });
  return renewing;
}
/** One renewal at a time: the pool may take back a refresh token that is used twice. */
let renewing: Promise<Tokens | undefined> | undefined;

async function renew(pool: Pool, kept: Tokens): Promise<Tokens | undefined> {
  const { refresh } = kept;
  if (refresh === undefined) return forget();
  try {
    const answer = await ask(pool, { grant_type: 'refresh_token', refresh_token: refresh });
    // Somebody may have been made an editor since.
    return keep(answer, { ...kept, ...(answer.id_token && { mayChange: isEditor(claimsOf(answer.id_token)) }) });
  } catch {
    return forget();
  }
}

export function keptTokens(): Tokens | undefined {
  return (JSON.parse(sessionStorage.getItem(TOKENS) ?? 'null') as Tokens | null) ?? undefined;
}

export function forget(): undefined {
  sessionStorage.removeItem(TOKENS);
}

/** Forgets the tokens here, has the pool take them back, and leaves by its door, or the next person at this screen is signed in. */
export function leave({ domain, clientId }: Pool): void {
  const refresh = keptTokens()?.refresh;
  forget();
  if (refresh)
    void fetch(`${domain}/oauth2/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ token: refresh, client_id: clientId }),
      keepalive: true,
    }).catch(() => undefined);
  location.assign(`${domain}/logout?${new URLSearchParams({ client_id: clientId, logout_uri: root() })}`);
}

type Answer = {
  readonly access_token: string;
  readonly id_token: string;
  readonly refresh_token?: string;
  readonly expires_in: number;
};

async function ask({ domain, clientId }: Pool, form: Readonly<Record<string, string>>): Promise<Answer> {
  const answer = await fetch(`${domain}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({ ...form, client_id: clientId }),
  }).catch(() => undefined);
  if (!answer?.ok) throw new Error('The pool gave no token. Please sign in again.');
  return (await answer.json()) as Answer;
}

function keep(answer: Answer, kept: Pick<Tokens, 'refresh' | 'name' | 'mayChange'>): Tokens {
  const tokens = {
    access: answer.access_token,
    refresh: answer.refresh_token ?? kept.refresh,
    expiresAt: Date.now() + answer.expires_in * 1000,
    name: kept.name,
    mayChange: kept.mayChange,
  };
  sessionStorage.setItem(TOKENS, JSON.stringify(tokens));
  return tokens;
}

function isEditor({ 'cognito:groups': groups }: Readonly<Record<string, unknown>>): boolean {
  return Array.isArray(groups) && groups.includes(EDITORS);
}

function claimsOf(token: string): Readonly<Record<string, unknown>> {
  const [, payload = ''] = token.split('.');
  const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (each) => each.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
}
