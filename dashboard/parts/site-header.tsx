/// <reference lib="dom" />
import { address, type Route } from '../route.ts';
import { mayChange, personSignedIn, signOut } from '../session/session.ts';
import { Sign } from './staircase.tsx';

const PLACES = [
  ['list', 'Experiments'],
  ['frictions', 'Frictions'],
  ['keys', 'Keys'],
  ['installation', 'Installation'],
] as const;

/** The page itself, or the place it belongs to: one experiment is among the experiments. */
function current(route: Route, page: (typeof PLACES)[number][0]): 'page' | 'true' | undefined {
  if (route.page === page) return 'page';
  const elsewhere = PLACES.some(([each]) => each === route.page);
  return page === 'list' && !elsewhere ? 'true' : undefined;
}

/** The head of every page: where one may go, and as whom. */
export function SiteHeader({ route, open }: { route: Route; open: boolean }) {
  const person = open ? personSignedIn() : undefined;
  return (
    <header class="site">
      <a href={address.list} class="brand">
        <Sign /> Stepladder
      </a>
      {open && (
        <nav aria-label="Main">
          {PLACES.map(([page, name]) => (
            <a key={page} href={address[page]} aria-current={current(route, page)}>
              {name}
            </a>
          ))}
        </nav>
      )}
      {person !== undefined && (
        <p class="person">
          <span>
            {person}
            {!mayChange() && ', read only'}
          </span>
          <button type="button" class="plain small" onClick={signOut}>
            Sign out
          </button>
        </p>
      )}
    </header>
  );
}
