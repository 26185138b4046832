import type { MetricKind } from '../experiment/metric.ts';

/** Percent, for people: enough digits to tell 0.95 from 0.953, never more than are known. @example percent(0.0123) // '1.2 %' */
export function percent(share: number): string {
  const hundred = share * 100;
  const size = Math.abs(hundred);
  if (size === 0) return '0 %';
  if (size > 99.9 && size < 100) return `${hundred < 0 ? 'under -' : 'over '}99.9 %`;
  if (size < 0.01) return `${hundred < 0 ? 'over -' : 'under '}0.01 %`;
  return `${hundred.toFixed(size < 1 ? 2 : 1)} %`;
}

/** A probability from a calculation that rounds to zero or one: nothing here is certain. @example chance(1) // 'over 99.9 %' */
export const chance = (probability: number): string => percent(Math.min(Math.max(probability, 1e-9), 1 - 1e-9));

/** The odds of an e-value, for people. @example odds(Math.log(1200)) // '1,200 to 1 for a difference' */
export function odds(logEvidence: number): string {
  const times = Math.exp(Math.abs(logEvidence));
  const figure =
    times >= 1e6
      ? 'over a million'
      : times >= 100
        ? people(Math.round(times))
        : times >= 10
          ? times.toFixed(1)
          : times.toFixed(2);
  return logEvidence >= 0 ? `${figure} to 1 for a difference` : `${figure} to 1 against a difference`;
}

export const people = (count: number): string => count.toLocaleString('en-US');

/** @example plural(2, 'try', 'tries') // '2 tries' */
export const plural = (count: number, thing: string, things = `${thing}s`): string =>
  `${people(count)} ${count === 1 ? thing : things}`;

/** @example listed(['a', 'b', 'c']) // 'a, b and c' */
export const listed = (things: readonly string[], and = 'and'): string =>
  things.length < 2 ? (things[0] ?? '') : `${things.slice(0, -1).join(', ')} ${and} ${things.at(-1)}`;

/** An amount kept in the smallest unit of the currency, for people. @example money(12345) // '123.45' */
export function money(amount: number): string {
  const units = Math.abs(amount) / 100;
  const digits = units === 0 || units >= 0.1 ? 2 : 4;
  return `${amount < 0 ? '−' : ''}${units.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

/** A number of things per visitor: three figures, as a difference of hundredths matters where the number is small. */
const each = (count: number): string =>
  (Math.abs(count) >= 10 ? count.toFixed(1) : count.toFixed(Math.abs(count) >= 1 ? 2 : 3)).replace('-', '−');

const WORDS_OF = {
  value: money,
  count: each,
  return: (weeks) => `${each(weeks)} weeks`,
  gap: (hours) => (Math.abs(hours) >= 48 ? `${each(hours / 24)} days` : `${each(hours)} hours`),
  response: percent,
  depth: each,
} as const satisfies Record<MetricKind, (level: number) => string>;

/** The level of a metric, or a difference of two, as its kind is read. @example level('response', 0.25) // '25.0 %' */
export const level = (kind: MetricKind, amount: number): string => WORDS_OF[kind](amount).replace('-', '−');
