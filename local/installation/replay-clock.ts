import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '#shared/usecases/ports.ts';

const instant = new AsyncLocalStorage<number>();

/** The time of day, or the instant a replay says it is. */
export const clock: Clock = () => instant.getStore() ?? Date.now();

/** Runs something at an instant (ms) of a replay; everything it awaits sees that time, whatever runs beside it. */
export const at = <T>(ms: number, run: () => Promise<T>): Promise<T> => instant.run(ms, run);
