/// <reference lib="dom" />
import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Dialog } from '../../parts/dialog.tsx';
import { askBeforeTurning } from '../../turning.ts';

/**
 * Asks before unsaved work is lost: by the browser's own question where the tab is closed, by ours where a link or the back button
 * leads to another page. Stands beside the work for as long as there is some.
 */
export function Leaving({ saved }: { saved: RefObject<boolean> }) {
  const [question, setQuestion] = useState<{ readonly to: string }>();
  useEffect(() => {
    const here = location.hash;
    const close = (event: BeforeUnloadEvent): void => event.preventDefault();
    const follow = (event: MouseEvent): void => {
      const to = (event.target as Element).closest('a[href^="#"]:not([target])')?.getAttribute('href');
      // With a key held down a link opens beside this page, and nothing is lost.
      if (!to || to === here || event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      setQuestion({ to });
    };
    const forget = askBeforeTurning((to) => {
      if (saved.current) return true;
      // The address has changed already: it becomes again what it was.
      history.pushState(null, '', here);
      setQuestion({ to });
      return false;
    });
    addEventListener('beforeunload', close);
    document.addEventListener('click', follow, true);
    return () => {
      forget();
      removeEventListener('beforeunload', close);
      document.removeEventListener('click', follow, true);
    };
  }, [saved]);
  if (question === undefined) return null;
  return (
    <Dialog
      key={question}
      title="Leave without saving?"
      confirm="Leave"
      cancel="Keep editing"
      grave
      onConfirm={async () => {
        saved.current = true;
        location.hash = question.to;
      }}
      // A dialog says that it is closed a moment after; by then another question may stand there.
      onClose={() => setQuestion((now) => (now === question ? undefined : now))}
    >
      <p>What you changed here is not saved yet. It is lost if you leave.</p>
    </Dialog>
  );
}
