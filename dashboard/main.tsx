/// <reference lib="dom" />
import { render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { SIGN_IN_NEEDED } from './api.ts';
import { EditPage } from './pages/editor/edit.tsx';
import { NewPage } from './pages/editor/new.tsx';
import { ExperimentPage } from './pages/experiment/page.tsx';
import { FrictionsPage } from './pages/frictions.tsx';
import { InstallationPage } from './pages/installation.tsx';
import { KeysPage } from './pages/keys.tsx';
import { ListPage } from './pages/list.tsx';
import { SignInPage } from './pages/sign-in.tsx';
import { KeyDialog } from './parts/key-dialog.tsx';
import { SiteHeader } from './parts/site-header.tsx';
import { Loading } from './parts/states.tsx';
import { type Route, routeOf } from './route.ts';
import { needsKey, type Opened, openSession } from './session/session.ts';
import { mayTurn } from './turning.ts';

function page(route: Route) {
  switch (route.page) {
    case 'list':
      return <ListPage />;
    case 'new':
      return <NewPage />;
    case 'frictions':
      return <FrictionsPage />;
    case 'installation':
      return <InstallationPage />;
    case 'keys':
      return <KeysPage />;
    case 'edit':
      return <EditPage key={route.id} id={route.id} />;
    case 'experiment':
      return <ExperimentPage key={route.id} id={route.id} tab={route.tab} report={route.report} />;
  }
}

function App() {
  const [session, setSession] = useState<Opened>();
  const [asksForKey, setAsksForKey] = useState(false);
  const [hash, setHash] = useState(location.hash);
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    const open = (): void =>
      void openSession().then((opened) => {
        setHash(location.hash);
        setSession(opened);
      });
    const turn = (): void => {
      if (!mayTurn(location.hash)) return;
      // A link with a key may be opened in a tab that is here already.
      if (location.hash.startsWith('#key=')) {
        open();
        return;
      }
      setHash(location.hash);
      scrollTo(0, 0);
      // A new page is news to a screen reader too.
      main.current?.focus();
    };
    const ask = (): void => (needsKey() ? setAsksForKey(true) : setSession({ kind: 'signed-out' }));
    open();
    addEventListener('hashchange', turn);
    addEventListener(SIGN_IN_NEEDED, ask);
    return () => {
      removeEventListener('hashchange', turn);
      removeEventListener(SIGN_IN_NEEDED, ask);
    };
  }, []);
  const route = routeOf(hash);
  return (
    <>
      <SiteHeader route={route} open={session?.kind === 'open'} />
      <main ref={main} tabIndex={-1}>
        {session === undefined && <Loading what="the dashboard" rows={3} />}
        {session?.kind === 'open' && page(route)}
        {(session?.kind === 'signed-out' || session?.kind === 'refused') && (
          <SignInPage message={session.kind === 'refused' ? session.message : undefined} />
        )}
      </main>
      {asksForKey && <KeyDialog onClose={() => setAsksForKey(false)} />}
    </>
  );
}

const root = document.getElementById('app');
if (root) render(<App />, root);
