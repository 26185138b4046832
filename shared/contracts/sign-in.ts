/** Where the dashboard finds how people sign in here: beside its own files, written by whoever serves them. */
export const SIGN_IN_PATH = '/sign-in.json';

/**
 * How people of an installation show who they are. `local`: a key that `npm start` prints. `cognito`: a user pool's own pages, by
 * authorization code with PKCE; the client has no secret, and its callback and sign-out addresses are the dashboard's root.
 */
export type SignIn =
  | { readonly kind: 'local' }
  | {
      readonly kind: 'cognito';
      /** The origin of the pool's pages, such as `https://stepladder.auth.eu-central-1.amazoncognito.com`. */
      readonly domain: string;
      readonly clientId: string;
      /** The origin whose `/go/…` visitors open, where it is not the dashboard's own. */
      readonly redirectOrigin?: string;
    };

/** The group of the pool whose people may change things. Whoever is in the pool and not in it may read. */
export const EDITORS = 'editors';

/** What the page asks of the pool: that somebody is signed in, and whose name to show. */
export const SIGN_IN_SCOPES = ['openid', 'email'] as const;

/**
 * What the dashboard may load and talk to: its own scripts, its own API, and the pool that hands out tokens. Styles may stand in
 * the page, because a report that needs a token to be read is opened from memory, inherits this, and carries its own.
 */
export const dashboardCsp = (signIn: SignIn): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    `connect-src 'self'${signIn.kind === 'cognito' ? ` ${signIn.domain}` : ''}`,
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
