import type { Experiment } from '#shared/experiment/experiment.ts';
import { currentSequence } from '#shared/experiment/experiment.ts';
import { commitmentKey, replyKey } from '#shared/journey/commitment.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { type Tally, TallySum } from '#shared/tally/tally.ts';
import { tallyOf } from '#shared/tally/tally-of.ts';
import { type Random, seeded } from '../../local/simulation/random.ts';
import { aJourney, anExperiment, DAY, type DefinitionInput, HOUR, NOON, steps } from '../support/an-experiment.ts';

/** Members of a community: everything that can be measured of them, with guardrails, stages of intent and costs. */
export const communityExperiment = (overrides: Partial<DefinitionInput> = {}): Experiment =>
  anExperiment({
    id: 'checkout',
    name: 'Thank, or answer in person?',
    at: NOON - HOUR,
    windowDays: 7,
    variants: [
      { id: 'one-ask', name: 'Thanks', steps: steps('buy') },
      {
        id: 'ladder',
        name: 'Personal answer',
        cost: { perVisitor: 40, fixed: 10_000 },
        steps: steps('question', 'plan', 'buy'),
      },
    ],
    metrics: [
      {
        id: 'spend',
        name: 'spend',
        kind: 'value',
        cap: 20_000,
        guardrail: { margin: 0.1, action: 'stop' },
      },
      { id: 'posts', name: 'posts', kind: 'count', activity: 'post', cap: 50 },
      { id: 'weeks', name: 'weeks with a post', kind: 'return', activity: 'post', weeks: 4 },
      { id: 'silence', name: 'longest silence', kind: 'gap', activity: 'post', better: 'lower', days: 28 },
      { id: 'answered', name: 'answered within a day', kind: 'response', activity: 'post' },
      { id: 'depth', name: 'depth of conversations', kind: 'depth', activity: 'post' },
      {
        id: 'reports',
        name: 'reports by others',
        kind: 'count',
        activity: 'reported',
        better: 'lower',
        guardrail: { margin: 0.2, action: 'warn' },
      },
    ],
    intent: { rules: [{ stage: 'late', when: [{ attribute: 'returning', operator: 'is', value: true }] }] },
    ...overrides,
  });

/** What is true of the members of a variant. */
export type Truth = {
  readonly buys: number;
  readonly spends: number;
  /** Posts a week, in each week. */
  readonly posts: readonly number[];
  readonly answered: number;
  readonly reported: number;
};

export const SAME: Truth = { buys: 0.2, spends: 1500, posts: [1, 0.6, 0.5, 0.4], answered: 0.4, reported: 0.05 };

/** So many members a day and variant over some days, each drawn from what is true of their variant, through the fold that counts. */
export function populationTally(
  experiment: Experiment,
  truth: Readonly<Record<string, Truth>>,
  { days, daily, seed }: { readonly days: number; readonly daily: number; readonly seed: number },
): Tally {
  const random = seeded(seed);
  const sum = new TallySum();
  const sequence = currentSequence(experiment);
  for (let day = 0; day < days; day += 1)
    for (const [variant, each] of Object.entries(truth))
      for (let i = 0; i < daily; i += 1)
        sum.add(tallyOf(member(random, variant, each, NOON + day * DAY + i, `${variant}-${day}-${i}`), sequence));
  return sum.total();
}

function member(random: Random, variant: string, truth: Truth, at: number, visitor: string): Journey {
  const late = random.uniform() < 0.4;
  const buys = random.uniform() < truth.buys * (late ? 1.4 : 0.8);
  const amount = Math.round(truth.spends * Math.exp(0.8 * random.normal() - 0.32));
  const commitments: Record<string, { at: number }> = {};
  const replies: Record<string, number> = {};
  const keen = random.exponential(1);
  truth.posts.forEach((rate, week) => {
    const posts = Math.floor(random.exponential(rate * (0.3 + keen)));
    for (let i = 0; i < posts; i += 1) {
      const when = at + (week + random.uniform()) * 7 * DAY;
      const id = `${visitor}-${week}-${i}`;
      commitments[commitmentKey('post', id)] = { at: when };
      if (random.uniform() < truth.answered) {
        replies[replyKey('post', id, 1)] = when + random.exponential(6 * HOUR);
        if (random.uniform() < 0.4) replies[replyKey('post', id, 2)] = when + random.exponential(20 * HOUR);
      }
    }
  });
  if (random.uniform() < truth.reported) commitments[commitmentKey('reported', visitor)] = { at: at + DAY };
  const bought = { at: at + random.exponential(DAY), value: { amount, at: at + DAY } };
  return aJourney({
    visitor,
    variant,
    assignedAt: at,
    segments: { intent: late ? 'late' : 'early' },
    steps: buys
      ? { buy: bought }
      : variant === 'ladder' && random.uniform() < 0.6
        ? { question: { at: at + HOUR } }
        : {},
    commitments,
    replies,
  });
}
