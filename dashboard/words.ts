/** An instant, for people. Always UTC: a cohort is a UTC day, and two people must not read two days. */
export const moment = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
export const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** A number and its per cent sign stay on one line. */
export const tight = (text: string): string => text.replaceAll(' %', '\u00a0%');
