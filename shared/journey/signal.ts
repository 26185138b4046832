/**
 * What was noticed about the client of a request. Signals are kept on the journey, as the reasons of its class.
 * What looked odd about the opening of an e-mail's link is kept apart, as the reasons of a scan, and is a signal only of a
 * recipient whom nobody had enrolled: there it is all that is known (`open-link.ts`).
 *
 * | signal | noticed when |
 * |---|---|
 * | `declared-bot` | the user agent names a crawler |
 * | `burst` | all links of one message were opened at once |
 * | `too-fast` | a link was opened within seconds of sending |
 * | `no-cookie` | no cookie came along with an e-mail's link |
 * | `interaction` | the page saw a pointer, a key, a scroll or a second of attention |
 */
export const SIGNALS = ['declared-bot', 'burst', 'too-fast', 'no-cookie', 'interaction'] as const;
export type Signal = (typeof SIGNALS)[number];

export const CLASSES = ['human', 'suspect', 'machine'] as const;
export type VisitorClass = (typeof CLASSES)[number];

/**
 * The class that follows from all signals so far, and from whether a step was taken. A suspect becomes human by a later human
 * signal or step; a declared crawler stays a machine whatever it does. Depends on the sets alone, so the order of arrival
 * cannot matter.
 */
export function classOf(signals: readonly Signal[], tookStep = false): VisitorClass {
  if (signals.includes('declared-bot')) return 'machine';
  if (tookStep || signals.includes('interaction') || signals.length === 0) return 'human';
  return 'suspect';
}
