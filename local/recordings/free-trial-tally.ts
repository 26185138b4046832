import { readFileSync } from 'node:fs';
import { Definition } from '#shared/experiment/definition.ts';
import { draft, type Experiment } from '#shared/experiment/experiment.ts';
import { moved } from '#shared/experiment/lifecycle.ts';
import { DAY_MS, MINUTE_MS } from '#shared/experiment/time.ts';
import { parsed } from '#shared/http/parsed.ts';
import { cohortDay } from '#shared/tally/cohort-day.ts';
import { durationBucket } from '#shared/tally/duration.ts';
import { type Counters, cellKey, type Tally } from '#shared/tally/tally.ts';
import { FREE_TRIAL_END, FREE_TRIAL_START, freeTrialDefinition } from './free-trial.ts';

/** The recorded trial as the experiment it was: begun with its first day, concluded after its last. */
export function freeTrialExperiment(): Experiment {
  const made = draft(parsed(Definition, freeTrialDefinition(), 'the sample'), 'free-trial', FREE_TRIAL_START);
  return (['started', 'concluded'] as const).reduce((experiment, move) => {
    const next = moved(experiment, move, move === 'started' ? FREE_TRIAL_START : FREE_TRIAL_END);
    if ('field' in next) throw new Error(next.message);
    return next;
  }, made);
}

/** What a replay of every recorded visitor adds up to, straight from the daily counts. Its times are as made up as the replay's. */
export function freeTrialTally(experiment: Experiment): Tally {
  const [, ...lines] = readFileSync(new URL('../../samples/free-trial-screener.csv', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  return new Map(
    lines.map((line) => {
      const [date = '', variant = '', ...numbers] = line.split(',');
      const reached = numbers.map(Number);
      const ladder = experiment.sequences[0].ladders[variant] ?? [];
      // The published steps, in the rungs of this variant; a rung nobody counted stays empty.
      const rungs = [0, ...ladder.flatMap((rung, index) => (rung.observed ? [index + 1] : []))];
      const key = cellKey({
        sequence: 1,
        epoch: 1,
        day: cohortDay(Date.parse(`${date}T00:00:00Z`)),
        variant,
        class: 'human',
        segment: '',
      });
      return [key, countersOf(reached, rungs)] as const;
    }),
  );
}

/** Minutes after entering at which the replay lets each step happen. */
const AFTER_MS = [0, 2 * MINUTE_MS, 10 * MINUTE_MS, 14 * DAY_MS - MINUTE_MS];

function countersOf(reached: readonly number[], rungs: readonly number[]): Counters {
  const counters: Record<string, number> = { n: reached[0] ?? 0 };
  rungs.forEach((rung, i) => {
    const stopped = (reached[i] ?? 0) - (reached[i + 1] ?? 0);
    if (stopped > 0) {
      counters[`f${rung}`] = stopped;
      counters[`w${rung}:${durationBucket(AFTER_MS[i] ?? 0)}`] = stopped;
    }
    const came = reached[i] ?? 0;
    if (i > 0 && came > 0) counters[`d${rung}:${durationBucket((AFTER_MS[i] ?? 0) - (AFTER_MS[i - 1] ?? 0))}`] = came;
  });
  return counters;
}
