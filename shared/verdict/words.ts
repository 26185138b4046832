/** Percent, for people: enough digits to tell 0.95 from 0.953, never more than are known. @example percent(0.0123) // '1.2 %' */
export function percent(share: number): string {
  const hundred = share * 100;
  const size = Math.abs(hundred);
  if (size === 0) return '0 %';
  if (size > 99.9 && size < 100) return `${hundred < 0 ? 'under -' : 'over '}99.9 %`;
  if (size < 0.01) return `${hundred < 0 ? 'over -' : 'under '}0.01 %`;
  return `${hundred.toFixed(size < 1 ? 2 : 1)} %`;
}

/** The odds of an e-value, for people. @example timesAsLikely(Math.log(120)) // '120 to 1' */
export function odds(logEvidence: number): string {
  const times = Math.exp(Math.abs(logEvidence));
  const figure =
    times >= 1e6
      ? 'over a million'
      : times >= 100
        ? times.toFixed(0)
        : times >= 10
          ? times.toFixed(1)
          : times.toFixed(2);
  return logEvidence >= 0 ? `${figure} to 1 for a difference` : `${figure} to 1 against a difference`;
}

export const people = (count: number): string => count.toLocaleString('en-US');

/** @example plural(1, 'day') // '1 day' */
export const plural = (count: number, thing: string): string => `${people(count)} ${thing}${count === 1 ? '' : 's'}`;
