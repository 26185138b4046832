import { chance, level, listed, money, people, percent, plural } from '../verdict/words.ts';
import type { MetricReport } from './metrics.ts';
import type { Report } from './report.ts';
import { capital, nameOf } from './say.ts';

const SURE = 0.95;

/** A metric in plain words: what the levels are, and which difference is clear. */
export function metricSentence(report: Pick<Report, 'variants'>, metric: MetricReport): string {
  const { kind, variants, matureAfterDays } = metric;
  const known = variants.filter((variant) => variant.level !== null);
  if (known.length < variants.length) {
    const waiting = variants.reduce((sum, { immature }) => sum + immature, 0);
    return waiting > 0
      ? `Not known yet: a visitor's is final after ${plural(days(matureAfterDays), 'day')}, and ${people(waiting)} visitors are not there.`
      : 'Nothing to tell: no variant has enough visitors with anything to measure.';
  }
  const levels = listed(
    variants.map((variant) => `${nameOf(report, variant.variant)} ${level(kind, variant.level?.mean ?? 0)}`),
  );
  const clear = variants.flatMap(({ variant, comparison }) => {
    if (comparison === null) return [];
    const name = nameOf(report, variant);
    if (comparison.better >= SURE)
      return [`${name} is better than the control with probability ${chance(comparison.better)}`];
    if (comparison.better <= 1 - SURE)
      return [`${name} is worse than the control with probability ${chance(1 - comparison.better)}`];
    return [];
  });
  return `${capital(levels)}. ${clear.length > 0 ? `${capital(listed(clear))}.` : 'No difference from the control is clear.'}`;
}

const days = (count: number): number => Math.ceil(count);

/** Whether so skewed an amount has enough visitors, and how many are at the cap; nothing where there is nothing to say. */
export function trustSentence(report: Pick<Report, 'variants'>, { kind, cap, variants }: MetricReport): string | null {
  if (cap === null || variants.every(({ level: each }) => each === null)) return null;
  const trusts = variants.flatMap(({ variant, trust, visitors }) => (trust ? [{ variant, visitors, ...trust }] : []));
  const [worst] = [...trusts].sort((a, b) => b.visitorsNeeded - a.visitorsNeeded);
  const capped = variants.reduce((sum, { atCap }) => sum + (atCap ?? 0), 0);
  const total = variants.reduce((sum, { visitors }) => sum + visitors, 0);
  const most = kind === 'value' ? money(cap) : people(cap);
  const atCap =
    capped > 0
      ? `A visitor counts with ${most} at most; ${percent(capped / Math.max(1, total))} of them or fewer came to that.`
      : `A visitor counts with ${most} at most${trusts.length > 0 ? ', and nobody came near that' : ''}.`;
  if (worst === undefined)
    return `${atCap} How skewed the amounts are is not known from these figures, so neither is whether there are enough visitors for the interval.`;
  return worst.trusted
    ? `${atCap} The amounts are skewed (${worst.skewness.toFixed(1)}), and there are enough visitors for that: the interval asks for ${people(worst.visitorsNeeded)} in a variant.`
    : `${atCap} Few make most of it: the skewness is ${worst.skewness.toFixed(1)}, for which an interval of this kind asks for ${people(worst.visitorsNeeded)} visitors in a variant (355 times its square), and ${nameOf(report, worst.variant)} has ${people(worst.visitors)}. Read it as rough: its ends may be off, more so the lower one.`;
}
