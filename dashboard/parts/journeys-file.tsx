/// <reference lib="dom" />
import { useState } from 'preact/hooks';
import { plural } from '#shared/verdict/words.ts';
import { api } from '../api.ts';

/** All journeys into one file, page after page. What cannot be held by a browser is for the command line. */
export function JourneysFile({ experiment }: { experiment: string }) {
  const [said, say] = useState('');
  const [busy, setBusy] = useState(false);
  const take = async (): Promise<void> => {
    setBusy(true);
    const parts: Blob[] = [];
    let count = 0;
    try {
      for await (const lines of api.journeys(experiment)) {
        count += lines.split('\n').length - 1;
        parts.push(new Blob([lines]));
        say(`${plural(count, 'journey')} so far`);
      }
      const file = URL.createObjectURL(new Blob(parts, { type: 'application/x-ndjson' }));
      Object.assign(document.createElement('a'), { href: file, download: `${experiment}-journeys.jsonl` }).click();
      setTimeout(() => URL.revokeObjectURL(file), 60_000);
      say(plural(count, 'journey'));
    } catch (error) {
      say((error as Error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <button type="button" class="plain flush" disabled={busy} onClick={() => void take()}>
        Journeys (JSON lines)
      </button>{' '}
      <small role="status">{said}</small>
    </>
  );
}
