/// <reference lib="dom" />
import { render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { KEY_NEEDED, keepKey, takeKeyFromAddress } from './api.ts';
import { EditPage, NewPage } from './pages/editor.tsx';
import { ExperimentPage } from './pages/experiment.tsx';
import { ListPage } from './pages/list.tsx';
import { Dialog } from './parts/dialog.tsx';
import { TextField } from './parts/field.tsx';
import { Sign } from './parts/staircase.tsx';

/** Pages live behind the `#`, so that any static host serves them all with one file. */
function page(hash: string) {
  const [, first, id, edit] = hash.split('/');
  if (first === 'new') return <NewPage key={hash} />;
  if (first === 'experiments' && id)
    return edit === 'edit' ? (
      <EditPage key={hash} id={decodeURIComponent(id)} />
    ) : (
      <ExperimentPage key={hash} id={decodeURIComponent(id)} />
    );
  return <ListPage key="list" />;
}

/** Asked for when the API wants a key: whoever may read on this machine may not yet change things. */
function KeyDialog({ onClose }: { onClose: () => void }) {
  const [key, setKey] = useState('');
  return (
    <Dialog title="Which key?" confirm="Use this key" onConfirm={async () => keepKey(key)} onClose={onClose}>
      <p>
        Changes need the key of this installation. On this machine `npm start` prints it, with a link that brings it
        along.
      </p>
      <TextField label="Key" path="key" value={key} onValue={setKey} />
    </Dialog>
  );
}

function App() {
  const [needsKey, setNeedsKey] = useState(false);
  const [hash, setHash] = useState(location.hash);
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    const turn = (): void => {
      setHash(location.hash);
      scrollTo(0, 0);
      // A new page is news to a screen reader too.
      main.current?.focus();
    };
    const ask = (): void => setNeedsKey(true);
    addEventListener('hashchange', turn);
    addEventListener(KEY_NEEDED, ask);
    return () => {
      removeEventListener('hashchange', turn);
      removeEventListener(KEY_NEEDED, ask);
    };
  }, []);
  return (
    <>
      <header class="site">
        <a href="#/" class="brand">
          <Sign /> Stepladder
        </a>
      </header>
      <main ref={main} tabIndex={-1}>
        {page(hash)}
      </main>
      {needsKey && <KeyDialog onClose={() => setNeedsKey(false)} />}
    </>
  );
}

takeKeyFromAddress();
const root = document.getElementById('app');
if (root) render(<App />, root);
