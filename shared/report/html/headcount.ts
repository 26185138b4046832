import { listed, people, percent } from '../../verdict/words.ts';
import type { Report } from '../report.ts';
import { nameOf } from '../say.ts';
import { html, type Markup } from './markup.ts';
import { section } from './section.ts';
import { table } from './table.ts';

/** Who is in the numbers, and who is not and why: nobody is dropped in silence. */
export function headcountSection(report: Report): Markup {
  const { headcount, experiment, cohorts, variants, everyone } = report;
  const machines = headcount.suspect + headcount.machine;
  const rows: (readonly [string, number, string])[] = [
    [
      'Counted',
      headcount.counted,
      cohorts
        ? `people who came ${cohorts.days === 1 ? `on ${cohorts.from}` : `from ${cohorts.from} to ${cohorts.until}`} and had their whole window of ${experiment.windowDays} days`
        : 'nobody has had their whole window yet',
    ],
    [
      'Window still open',
      headcount.immature,
      `people who came less than ${experiment.windowDays} days before ${day(report.asOf)}; some of them will still reach the goal`,
    ],
    [
      'Waiting for a whole week',
      headcount.waiting,
      'people of days whose week is not complete, so that no weekday counts twice',
    ],
    ['Suspect', headcount.suspect, 'requests like those of a link scanner or a prefetch'],
    ['Machines', headcount.machine, 'requests that say they are robots'],
    [
      'Under an earlier ladder',
      headcount.earlierSequences,
      'visitors from before the steps were changed; never pooled with these',
    ],
  ];
  const arrivals = variants.filter(({ arrived, redirected }) => Math.min(arrived, redirected) > 0);
  return section(
    'headcount',
    'Who was counted, and who was not',
    html`<p>${people(headcount.human + machines + headcount.earlierSequences)} visitors were assigned. ${people(headcount.counted)} of them are in the numbers above.</p>`,
    table(
      'Where everyone went',
      ['', 'Visitors', 'Who they are'],
      rows
        .filter(([name, count]) => count > 0 || name === 'Counted')
        .map(([name, count, who]) => [name, people(count), html`<span class="who">${who}</span>`]),
    ),
    machines > 0 &&
      html`<p>If everything that looks like a machine were counted as a person, the goal rates would be ${listed(everyone.map(({ variant, goals, visitors }) => `${nameOf(report, variant)} ${percent(visitors === 0 ? 0 : goals / visitors)}`))}; ${sameOrder(report) ? 'the same variant would be ahead' : 'another variant would be ahead, so the result hangs on telling machines apart'}.</p>`,
    (headcount.conflicts ?? 0) > 0 &&
      html`<p>${people(headcount.conflicts ?? 0)} of the people had another variant before they became known by one id. Each is counted once, under the variant they were known with; as they have seen both, a difference looks a little smaller than it is.</p>`,
    arrivals.length > 0 &&
      html`<p>Seen to arrive after the redirect: ${listed(variants.map(({ name, arrived, redirected }) => `${name} ${people(Math.min(arrived, redirected))} of ${people(redirected)}`))}.</p>`,
    html`<p class="quiet">Never assigned, and so in no number here: who is outside the audience or the share of traffic that takes part, who sees a forced variant for preview, and whoever came while the experiment was paused.</p>`,
  );
}

function sameOrder({ variants, everyone }: Report): boolean {
  const first = (rates: readonly (readonly [string, number])[]) => [...rates].sort((a, b) => b[1] - a[1])[0]?.[0];
  return (
    first(variants.map(({ id, goals, counted }) => [id, counted === 0 ? 0 : goals / counted])) ===
    first(everyone.map(({ variant, goals, visitors }) => [variant, visitors === 0 ? 0 : goals / visitors]))
  );
}

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
