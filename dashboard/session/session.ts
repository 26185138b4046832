/// <reference lib="dom" />
import { SIGN_IN_PATH, type SignIn } from '#shared/contracts/sign-in.ts';
import { comeBack, forget, goodTokens, keptTokens, leave, leaveToSignIn } from './tokens.ts';

const KEY = 'stepladder-key';
let signIn: SignIn = { kind: 'local' };

/** How the page stands towards the API before it asks it anything. */
export type Opened =
  | { readonly kind: 'open' }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'refused'; readonly message: string };

/** Finds out how people sign in here, and takes up a sign-in or a key that the address brings along. */
export async function openSession(): Promise<Opened> {
  signIn = await howToSignIn();
  if (signIn.kind === 'local') {
    takeKeyFromAddress();
    return { kind: 'open' };
  }
  try {
    await comeBack(signIn);
  } catch (error) {
    return { kind: 'refused', message: (error as Error).message };
  }
  return (await goodTokens(signIn, Date.now())) ? { kind: 'open' } : { kind: 'signed-out' };
}

/** A page without that file is a page on somebody's machine. */
const howToSignIn = async (): Promise<SignIn> =>
  fetch(SIGN_IN_PATH)
    .then(async (answer): Promise<SignIn> => (answer.ok ? ((await answer.json()) as SignIn) : { kind: 'local' }))
    .catch((): SignIn => ({ kind: 'local' }));

/** What goes into `Authorization`: a token of the pool, or the key of this machine. Nothing when there is neither. */
export async function authorization(): Promise<string | undefined> {
  const given = signIn.kind === 'local' ? localStorage.getItem(KEY) : (await goodTokens(signIn, Date.now()))?.access;
  return given ? `Bearer ${given}` : undefined;
}

/** Whether a plain link is enough to read a report: on one machine it is, elsewhere the token has to come along. */
export const linksAreOpen = (): boolean => signIn.kind === 'local';
/** Who is signed in; undefined on one machine, where nobody has to. */
export const personSignedIn = (): string | undefined => (signIn.kind === 'local' ? undefined : keptTokens()?.name);
/** Whether the API will take a change: on one machine from everybody, of a pool from its editors. */
export const mayChange = (): boolean => signIn.kind === 'local' || keptTokens()?.mayChange === true;
/** Where visitors come in: previews and the link for visitors lead there. */
export const redirectOrigin = (): string => (signIn.kind === 'cognito' && signIn.redirectOrigin) || location.origin;
export const needsKey = (): boolean => signIn.kind === 'local';

export const signInNow = async (): Promise<void> => {
  if (signIn.kind === 'cognito') await leaveToSignIn(signIn);
};
export const signOut = (): void => {
  if (signIn.kind === 'cognito') leave(signIn);
};
/** What the API does not take is of no more use. */
export const forgetTokens = forget;

export const keepKey = (key: string): void => localStorage.setItem(KEY, key.trim());

/** A local installation prints a link with its key behind the `#`, where no server sees it; it is kept and taken out of sight. */
function takeKeyFromAddress(): void {
  const key = /^#key=([\w-]+)$/.exec(location.hash)?.[1];
  if (key === undefined) return;
  keepKey(key);
  history.replaceState(null, '', '#/');
}
