import { dayName } from '../tally/cohort-day.ts';
import type { Entries } from '../tally/entries.ts';
import type { Reason } from './verdict.ts';
import { people, percent } from './words.ts';

/** A day is out of line from so many times the median of the other days on. A newsletter makes such days too. */
const TIMES_THE_MEDIAN = 3;
/** And its visitors are, when the share of them who took any step is this many times larger or smaller than elsewhere. */
const TIMES_THE_SHARE = 2;
/** Standard errors between the two shares: far beyond what looking at every day of a year makes of chance. */
const STANDARD_ERRORS = 6;
const FEWEST_DAYS = 5;
const FEWEST_VISITORS = 100;

/**
 * Did many visitors come at once who behave like nobody else? A page's key is in everybody's hands, so visitors can be made up
 * with it. Those who do nothing thin out all variants alike; those who take every step thicken them. Chance gives them to the
 * variants like anyone else, so nobody wins by them and the sample ratio stays clean, which is why this looks at the days.
 *
 * Noted and never failed: whether they are people is for somebody to find out. The days of `entries` are over, and their
 * visitors' windows too, so that all had the same time to take a step.
 */
export function entryBurstReasons(entries: readonly Entries[]): Reason[] {
  if (entries.length < FEWEST_DAYS) return [];
  return entries.flatMap((day): Reason[] => {
    const others = entries.filter((each) => each !== day);
    const ordinary = median(others.map(({ visitors }) => visitors));
    if (day.visitors < FEWEST_VISITORS || day.visitors < TIMES_THE_MEDIAN * ordinary) return [];
    const elsewhere = total(others);
    if (!differ(day, elsewhere)) return [];
    return [
      {
        check: 'entry-burst',
        outcome: 'noted',
        text:
          `on ${dayName(day.day)} ${people(day.visitors)} visitors entered, against ${people(ordinary)} on an ordinary day, and ${percent(share(day))} of them took ` +
          `a step, against ${percent(share(elsewhere))} on the other days; find out whether they are people`,
        value: day.visitors,
        needed: TIMES_THE_MEDIAN * ordinary,
      },
    ];
  });
}

type Counts = Pick<Entries, 'visitors' | 'active'>;

const share = ({ visitors, active }: Counts): number => (visitors === 0 ? 0 : active / visitors);

const total = (entries: readonly Counts[]): Counts =>
  entries.reduce<Counts>(
    (sum, { visitors, active }) => ({ visitors: sum.visitors + visitors, active: sum.active + active }),
    { visitors: 0, active: 0 },
  );

/** Two shares that are far apart, and not by chance: by the standard error of their difference were they one. */
function differ(a: Counts, b: Counts): boolean {
  const [low = 0, high = 0] = [share(a), share(b)].sort((x, y) => x - y);
  if (high < TIMES_THE_SHARE * low || high === low) return false;
  const both = share(total([a, b]));
  return high - low >= STANDARD_ERRORS * Math.sqrt(both * (1 - both) * (1 / a.visitors + 1 / b.visitors));
}

function median(counts: readonly number[]): number {
  const sorted = [...counts].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : Math.round(((sorted[middle - 1] ?? upper) + upper) / 2);
}
