type Asked = (to: string) => boolean;

let asked: Asked | undefined;

/** From now on this is asked before another page is shown, until what is returned is called. There is one form at a time. */
export function askBeforeTurning(ask: Asked): () => void {
  asked = ask;
  return () => {
    if (asked === ask) asked = undefined;
  };
}

/** Whether the page that an address leads to may be shown now. */
export const mayTurn = (to: string): boolean => asked?.(to) ?? true;
