import { people, percent } from '../verdict/words.ts';
import { columns } from './columns.ts';
import type { FrictionRow } from './frictions.ts';
import { range } from './say.ts';

/** The table of frictions for a terminal. */
export function frictionsText(rows: readonly FrictionRow[]): string {
  if (rows.length === 0)
    return 'No step of an experiment that was reported on states a friction: "frictions": { "choices": 3 }.';
  const cells = rows.map(({ friction, value, experiments, steps, came, pass }) => [
    friction,
    String(value),
    people(experiments),
    people(steps),
    people(came),
    percent(pass.mean),
    range(pass),
  ]);
  return [
    ...columns(
      [['friction', 'value', 'experiments', 'steps', 'came', 'took it', '95 % interval'], ...cells],
      ['l', 'l', 'r', 'r', 'r', 'r', 'r'],
    ),
    '',
    'Steps with one friction differ in more than that: a hint for an experiment, not the result of one.',
  ].join('\n');
}
