/// <reference lib="dom" />
import { useCallback, useEffect, useState } from 'preact/hooks';

export type Loaded<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'here'; readonly value: T };

/** Loads something, and again whenever its key changes or `again` is called; with `everyMs`, also by itself while the page is seen. */
export function useLoaded<T>(key: string, load: () => Promise<T>, everyMs?: number): readonly [Loaded<T>, () => void] {
  const [state, setState] = useState<Loaded<T>>({ kind: 'loading' });
  const [round, setRound] = useState(0);
  const again = useCallback(() => setRound((n) => n + 1), []);
  useEffect(() => {
    let current = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const run = async (): Promise<void> => {
      if (!document.hidden)
        await load().then(
          (value) => current && setState({ kind: 'here', value }),
          // What was loaded before stays in sight; a poll that failed is followed by another.
          (error: Error) =>
            current &&
            setState((before) =>
              before.kind === 'here' && everyMs ? before : { kind: 'failed', message: error.message },
            ),
        );
      if (current && everyMs) timer = setTimeout(() => void run(), everyMs);
    };
    void run();
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [key, round, everyMs]);
  return [state, again];
}
