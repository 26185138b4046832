import { Problem } from './problem.ts';

/** What stores call it when they cannot do now what they could do a moment later. */
const NAMES = /Throttl|ProvisionedThroughput|RequestLimit|TransactionConflict|TransactionInProgress|Timeout/;
/** What the network calls it when a store is gone, or goes before it has answered. */
const CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

export const busy = (): Problem =>
  new Problem('store.busy', 'the store is busy; try again in a second', [], { retryAfterSeconds: 1 });

/**
 * The refusal that a failing store amounts to; nothing where the error is a bug. What was written may have been kept all the
 * same, when only the answer was lost, so whoever is told may repeat whatever is safe to repeat.
 */
export function storeBusy(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error.code === 'store.busy' ? error : undefined;
  if (!(error instanceof Error)) return undefined;
  const { name, code, $fault } = error as Error & { code?: unknown; $fault?: unknown };
  return NAMES.test(name) || $fault === 'server' || CODES.has(String(code)) ? busy() : undefined;
}
