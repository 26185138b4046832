/// <reference lib="dom" />
import { useState } from 'preact/hooks';
import { keepKey } from '../session/session.ts';
import { Dialog } from './dialog.tsx';
import { TextField } from './field.tsx';

/** Asked for when the API wants a key: whoever may read on this machine may not yet change things. */
export function KeyDialog({ onClose }: { onClose: () => void }) {
  const [key, setKey] = useState('');
  return (
    <Dialog title="Which key?" confirm="Use this key" onConfirm={async () => keepKey(key)} onClose={onClose}>
      <p>
        Changes need the key of this installation. On this machine <code>npm start</code> prints it, with a link that
        brings it along.
      </p>
      <TextField label="Key" path="key" value={key} onValue={setKey} />
    </Dialog>
  );
}
