import { percent } from '../verdict/words.ts';
import type { Report, VariantReport } from './report.ts';

/** A relative change, with its sign. @example signed(-0.04) // '−4.0 %' */
export const signed = (share: number): string => (share > 0 ? `+${percent(share)}` : percent(share).replace('-', '−'));

/** A difference of two rates, in percentage points. */
export function points(difference: number): string {
  const size = Math.abs(difference);
  if (size > 0 && size < 0.000001) return `under ${difference < 0 ? '−' : ''}0.0001 pp`;
  return `${difference > 0 ? '+' : ''}${(difference * 100).toFixed(size < 0.0001 ? 4 : size < 0.01 ? 2 : 1)} pp`.replace(
    '-',
    '−',
  );
}

/** The same where only its size is of interest. */
export const pointsOf = (size: number): string => points(size).replace(/^[+−]/, '');

/** @example range({ low: 0.01, high: 0.02 }) // '1.0 % to 2.0 %' */
export const range = (
  { low, high }: { low: number; high: number },
  word: (share: number) => string = percent,
): string => `${word(low)} to ${word(high)}`;

/** What a variant brings against the control, with its interval; nothing where there is nobody to compare. */
export function againstControl(report: Pick<Report, 'variants'>, { control, uplift }: VariantReport): string {
  if (control) return 'control';
  return uplift && isComparable(report) ? `${signed(uplift.median)} (${range(uplift.interval, signed)})` : '–';
}

/** A return on what was spent. @example times(12.34) // '12.3 times' */
export const times = (roi: number): string =>
  Math.abs(roi) < 1
    ? signed(roi)
    : `${(Math.abs(roi) >= 100 ? roi.toFixed(0) : roi.toFixed(1)).replace('-', '−')} times`;

const UNITS = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const;

/** A stretch of time, for people: two digits are all that a duration bucket knows. @example duration(5400) // '1.5 hours' */
export function duration(seconds: number): string {
  const [size, name] = UNITS.find(([unit]) => seconds >= unit) ?? UNITS[3];
  const count = seconds / size;
  const figure = count >= 10 || Number.isInteger(count) ? count.toFixed(0) : count.toFixed(1);
  return `${figure} ${name}${figure === '1' ? '' : 's'}`;
}

export const nameOf = ({ variants }: Pick<Report, 'variants'>, id: string): string =>
  variants.find((variant) => variant.id === id)?.name ?? id;

/** Whether every variant has somebody to count. Where one has nobody, chances that compare it say nothing. */
export const isComparable = ({ variants }: { readonly variants: readonly { readonly counted: number }[] }): boolean =>
  variants.every(({ counted }) => counted > 0);

export const controlOf = ({ variants }: Report): VariantReport | undefined => variants.find(({ control }) => control);
export const treatmentsOf = ({ variants }: Report): readonly VariantReport[] =>
  variants.filter(({ control }) => !control);

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
export const sentence = (text: string): string => (/[.!?]$/.test(text) ? capital(text) : `${capital(text)}.`);

/** The sentences of a text, each with its capital. */
export const sentences = (text: string): string[] => text.split(/(?<=[.!?]) (?=\S)/).map(sentence);

/** A relative interval as people say it. @example between({ low: -0.097, high: 0.022 }) // 'between 9.7 % less and 2.2 % more' */
export const between = ({ low, high }: { low: number; high: number }): string =>
  `between ${moreOrLess(low)} and ${moreOrLess(high)}`;

const moreOrLess = (share: number): string => `${percent(Math.abs(share))} ${share < 0 ? 'less' : 'more'}`;
