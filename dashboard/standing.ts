import type { Experiment } from '#shared/experiment/experiment.ts';
import { currentSequence } from '#shared/experiment/experiment.ts';
import { composeReport } from '#shared/report/compose.ts';
import type { Report } from '#shared/report/report.ts';
import { countsOf, reached } from '#shared/tally/counts.ts';
import type { Tally } from '#shared/tally/tally.ts';

export type ShownRung = {
  readonly id: string;
  readonly name: string;
  readonly observed: boolean;
  readonly reached: number;
  readonly share: number;
};
export type ShownLadder = {
  readonly id: string;
  readonly name: string;
  readonly control: boolean;
  readonly visitors: number;
  readonly rungs: readonly ShownRung[];
};

/** The ladders of everyone so far, windows open or closed: what is happening, and nothing to decide on. */
export function liveLadders(experiment: Experiment, tally: Tally): ShownLadder[] {
  const sequence = currentSequence(experiment);
  const counts = countsOf(tally, sequence, (cell) => cell.class === 'human');
  return experiment.definition.variants.map(({ id, name, steps }) => {
    const count = counts.find(({ variant }) => variant === id);
    const reach = reached(count?.furthest ?? []);
    const visitors = count?.visitors ?? 0;
    return {
      id,
      name,
      control: id === experiment.definition.control,
      visitors,
      rungs: steps.map((step, i) => ({
        id: step.id,
        name: step.name,
        observed: step.observed,
        reached: reach[i] ?? 0,
        share: visitors === 0 ? 0 : (reach[i] ?? 0) / visitors,
      })),
    };
  });
}

/** The ladders of a report: those whose window had closed. */
export const reportedLadders = ({ variants }: Report): ShownLadder[] =>
  variants.map(({ id, name, control, counted, rungs }) => ({
    id,
    name,
    control,
    visitors: counted,
    rungs: rungs.map((rung) => ({
      id: rung.step,
      name: rung.name,
      observed: rung.observed,
      reached: rung.reached,
      share: counted === 0 ? 0 : rung.reached / counted,
    })),
  }));

/** The verdict over the live counts, by the very code the report uses; the report recounts, this does not. */
export const liveReport = (experiment: Experiment, tally: Tally, now: number): Report =>
  composeReport(experiment, tally, 0, now);
