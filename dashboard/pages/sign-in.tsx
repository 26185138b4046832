/// <reference lib="dom" />
import { MiniStairs } from '../parts/staircase.tsx';
import { signInNow } from '../session/session.ts';

/** Before anything can be read: a door, and why it did not open if somebody tried. */
export const SignInPage = ({ message }: { message: string | undefined }) => (
  <div class="empty">
    <MiniStairs steps={6} control={false} />
    <h1>Sign in to see your experiments</h1>
    {message === undefined ? (
      <p>You will be taken to your organisation’s own sign-in page, and come back here.</p>
    ) : (
      <p class="problem" role="alert">
        {message}
      </p>
    )}
    <button type="button" class="primary" onClick={() => void signInNow()}>
      Sign in
    </button>
  </div>
);
