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
  /** For each stage of intent the variant that is truly best, and what the report makes of the stages; where it tells them apart. */
  readonly stages?: { readonly best: Readonly<Record<string, string>>; readonly finding: Finding };
};

/** Holds a report against the truth. A verdict that names nobody is no error: it says there is not enough to go by. */
export function found(truth: Truth, definition: Definition, { verdict, variants, intent }: Report): Found {
  const rates = variants.map(({ id, goalRate }) => {
    const rate = trueGoalRate(truth, definition, id);
    return { variant: id, truth: rate, reported: goalRate, held: goalRate.low <= rate && rate <= goalRate.high };
  });
  const best = rates.reduce((a, b) => (b.truth > a.truth ? b : a)).variant;
  const named = verdict.kind === 'winner' ? verdict.variant : undefined;
  return {
    best,
    rates,
    finding: named === undefined ? 'undecided' : named === best ? 'right' : 'wrong',
    ...(intent && { stages: stagesFound(truth, definition, intent) }),
  };
}

/** A winner for each stage is right only where the stages truly have different ones, and one for all only where they have not. */
function stagesFound(truth: Truth, definition: Definition, intent: NonNullable<Report['intent']>) {
  const best = Object.fromEntries(
    truth.stages.map((stage) => {
      const rates = definition.variants.map(({ id }) => ({ id, rate: trueGoalRate(truth, definition, id, stage) }));
      return [stage.stage, rates.reduce((a, b) => (b.rate > a.rate ? b : a)).id];
    }),
  );
  const differ = new Set(Object.values(best)).size > 1;
  if (intent.verdict === 'per-stage') {
    const right = differ && intent.stages.every(({ stage, best: found }) => found === best[stage]);
    return { best, finding: right ? 'right' : 'wrong' } as const;
  }
  // One winner for all is what is said until a winner for each is proven.
  return { best, finding: differ ? 'undecided' : 'right' } as const;
}

const WORDS: Readonly<Record<Finding, string>> = {
  right: 'The verdict found the truth.',
  undecided: 'The verdict names no winner: there were too few visitors for this difference, or a check stopped it.',
  wrong:
    'The verdict named the wrong variant. That may happen, as often as the policy allows; run it with other seeds.',
};

const STAGE_WORDS: Readonly<Record<Finding, string>> = {
  right: 'What the report says of the stages is true.',
  undecided: 'The report goes on with one winner for all: there is not enough to prove that the stages differ.',
  wrong: 'The report names winners for the stages that are not theirs.',
};

export function foundText(definition: Definition, { finding, best, rates, stages }: Found): string {
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
    ...(stages
      ? [
          `By stage of intent the best is truly ${Object.entries(stages.best)
            .map(([stage, variant]) => `${nameOf(variant)} (${stage})`)
            .join(', ')}. ${STAGE_WORDS[stages.finding]}`,
        ]
      : []),
  ].join('\n');
}
