/// <reference lib="dom" />
import { address, type Route } from '../route.ts';
import { personSignedIn, signOut } from '../session/session.ts';
import { Sign } from './staircase.tsx';

/** The head of every page: where one may go, and as whom. */
export function SiteHeader({ route, open }: { route: Route; open: boolean }) {
  const person = open ? personSignedIn() : undefined;
  const keys = route.page === 'keys';
  return (
    <header class="site">
      <a href={address.list} class="brand">
        <Sign /> Stepladder
      </a>
      {open && (
        <nav aria-label="Main">
          <a href={address.list} aria-current={keys ? undefined : route.page === 'list' ? 'page' : 'true'}>
            Experiments
          </a>
          <a href={address.keys} aria-current={keys ? 'page' : undefined}>
            Keys
          </a>
        </nav>
      )}
      {person !== undefined && (
        <p class="person">
          <span>{person}</span>
          <button type="button" class="plain small" onClick={signOut}>
            Sign out
          </button>
        </p>
      )}
    </header>
  );
}
