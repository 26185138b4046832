/// <reference lib="dom" />
import type { Report } from '#shared/report/report.ts';
import { isComparable, range, signed } from '#shared/report/say.ts';
import { chance, people, percent } from '#shared/verdict/words.ts';
import { tight } from '../words.ts';
import { Interval, scaleOf } from './interval.tsx';

/** The one comparison that decides, per visitor assigned. */
export function GoalTable({ report, seriesOf }: { report: Report; seriesOf: (variant: string) => number }) {
  const { variants, cohorts, policy } = report;
  if (cohorts === null) return null;
  const scale = scaleOf(
    variants.flatMap(({ uplift, goals }) => (uplift && goals > 0 ? [uplift.interval] : [])),
    policy.equivalence,
  );
  return (
    <section aria-labelledby="goal">
      <h2 id="goal">At the goal</h2>
      <p class="hint">
        {cohorts.days === 1 ? `Those of ${cohorts.from}` : `Those of ${cohorts.from} to ${cohorts.until}`}, whose window
        has closed. The lines are 95{'\u00a0'}% intervals; the band around zero is no practical difference.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard */}
      <section class="wide" aria-label="The goal, per visitor assigned" tabIndex={0}>
        <table class="goal">
          <thead>
            <tr>
              <th scope="col">Variant</th>
              <th scope="col">Visitors</th>
              <th scope="col">Goals</th>
              <th scope="col">Rate</th>
              <th scope="col">P(best)</th>
              <th scope="col">Against the control</th>
            </tr>
          </thead>
          <tbody>
            {variants.map((variant) => (
              <tr key={variant.id} class={`series-${seriesOf(variant.id)}`}>
                <th scope="row">
                  <i class="swatch" aria-hidden="true" />
                  {variant.name}
                </th>
                <td data-label="Visitors">{people(variant.counted)}</td>
                <td data-label="Goals">{people(variant.goals)}</td>
                <td data-label="Rate">{variant.counted === 0 ? '–' : percent(variant.goalRate.mean)}</td>
                <td data-label="P(best)">{isComparable(report) ? chance(variant.best) : '–'}</td>
                <td class="against" data-label={variant.control ? undefined : 'Against the control'}>
                  {variant.control ? (
                    'control'
                  ) : variant.uplift && variant.goals > 0 && isComparable(report) ? (
                    <>
                      {tight(`${signed(variant.uplift.median)} (${range(variant.uplift.interval, signed)})`)}
                      <Interval {...variant.uplift.interval} middle={variant.uplift.median} scale={scale} />
                    </>
                  ) : (
                    '–'
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
