import { DAY_MS } from '../experiment/time.ts';

/** The day a visitor entered, in UTC: days since 1970. Everything a visitor does later is counted on this day. */
export const cohortDay = (atMs: number): number => Math.floor(atMs / DAY_MS);

/** As people write it. @example dayName(16354) // '2014-10-11' */
export const dayName = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** A cohort is mature once the window of its last visitor has closed: the end of the day plus the window. */
export const isMature = (day: number, windowMs: number, asOfMs: number): boolean =>
  (day + 1) * DAY_MS + windowMs <= asOfMs;
