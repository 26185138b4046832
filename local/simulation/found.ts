import type { Definition } from '#shared/experiment/definition.ts';
import type { Report } from '#shared/report/report.ts';
import { percent } from '#shared/verdict/words.ts';
import { type Truth, trueGoalRate } from './truth.ts';

/** How a verdict stands to the truth it was made from. */
export type Finding = 'right' | 'undecided' | 'wrong';

export type Found = {
  readonly finding: Finding;
  /** The variant that is truly best at the goal. */
  readonly best: string;
  readonly rates: readonly {
    readonly variant: string;
    readonly truth: number;
    readonly reported: Report['variants'][number]['goalRate'];
    /** Whether the reported interval holds the truth; of many true ones, one in twenty does not. */
    readonly held: boolean;
  }[];
};

/** Holds a report against the truth. A verdict that names nobody is no error: it says there is not enough to go by. */
export function found(truth: Truth, definition: Definition, { verdict, variants }: Report): Found {
  const rates = variants.map(({ id, goalRate }) => {
    const rate = trueGoalRate(truth, definition, id);
    return { variant: id, truth: rate, reported: goalRate, held: goalRate.low <= rate && rate <= goalRate.high };
  });
  const best = rates.reduce((a, b) => (b.truth > a.truth ? b : a)).variant;
  const named = verdict.kind === 'winner' ? verdict.variant : undefined;
  return { best, rates, finding: named === undefined ? 'undecided' : named === best ? 'right' : 'wrong' };
}

const WORDS: Readonly<Record<Finding, string>> = {
  right: 'The verdict found the truth.',
  undecided: 'The verdict names no winner: there were too few visitors for this difference, or a check stopped it.',
  wrong:
    'The verdict named the wrong variant. That may happen, as often as the policy allows; run it with other seeds.',
};

export function foundText(definition: Definition, { finding, best, rates }: Found): string {
  const nameOf = (id: string) => definition.variants.find((each) => each.id === id)?.name ?? id;
  const width = Math.max(...rates.map(({ variant }) => nameOf(variant).length));
  return [
    `${'the truth'.padEnd(width + 4)}${'goal rate'.padStart(10)}${'reported'.padStart(10)}   95 % interval`,
    ...rates.map(({ variant, truth, reported, held }) => {
      const interval = `${percent(reported.low)} to ${percent(reported.high)}`;
      const mark = variant === best ? '*' : ' ';
      return `  ${mark} ${nameOf(variant).padEnd(width)}${percent(truth).padStart(10)}${percent(reported.mean).padStart(10)}   ${interval}${held ? '' : '  (misses the truth)'}`;
    }),
    '',
    `* is truly the best. ${WORDS[finding]}`,
  ].join('\n');
}
