import { decideAtEnd, decideEarly } from '#shared/statistics/decision-rule.ts';
import { evidenceOfScore, scoreSums } from '#shared/statistics/evidence.ts';
import type { Random } from '../../local/simulation/random.ts';
import { type Counts, quickBeats } from './quick-posterior.ts';

/** τ of the evidence: the log-odds effect of the default policy, ten percent. */
export const TAU = 0.1;

export type Look = {
  readonly day: number;
  readonly control: Counts;
  readonly treatment: Counts;
  readonly logEvidence: number;
};

/** One experiment of two variants, day by day: cumulative counts, and the evidence stratified by cohort day. */
export function* simulatedExperiment(
  random: Random,
  { days, daily, control, treatment }: { days: number; daily: number; control: number; treatment: number },
): Generator<Look> {
  let [a, b, score, information] = [0, 0, 0, 0];
  for (let day = 1; day <= days; day += 1) {
    const controlSuccesses = random.binomial(daily, control);
    const treatmentSuccesses = random.binomial(daily, treatment);
    a += controlSuccesses;
    b += treatmentSuccesses;
    const sums = scoreSums([{ controlTrials: daily, controlSuccesses, treatmentTrials: daily, treatmentSuccesses }]);
    score += sums.score;
    information += sums.information;
    const { logEvidence } = evidenceOfScore(score, information, TAU);
    yield { day, control: [a, day * daily], treatment: [b, day * daily], logEvidence };
  }
}

export type Call = 'treatment' | 'control' | 'undecided';

/** What the policy says before the planned end. The evidence is asked first, as it nearly always says no. */
export function calledEarly({ control, treatment, logEvidence }: Look): Call {
  if (!decideEarly({ logEvidence, best: 1, variants: 2 })) return 'undecided';
  const beats = quickBeats(control, treatment);
  if (decideEarly({ logEvidence, best: beats, variants: 2 })) return 'treatment';
  return decideEarly({ logEvidence, best: 1 - beats, variants: 2 }) ? 'control' : 'undecided';
}

/** What the policy says at the planned end: the early rule, or the posterior's one look. */
export function calledAtEnd(look: Look): Call {
  const early = calledEarly(look);
  if (early !== 'undecided') return early;
  const says = decideAtEnd({ beats: quickBeats(look.control, look.treatment) });
  return says === 'ahead' ? 'treatment' : says === 'behind' ? 'control' : 'undecided';
}
