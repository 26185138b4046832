import type { Standing } from './standing.ts';
import { chance, percent } from './words.ts';

type Names = Readonly<Record<string, string>>;

/** What a winner is announced with. */
export function winnerSentence(leader: Standing, standings: readonly Standing[], name: string, names: Names): string {
  const rate = percent(leader.rate.mean);
  if (leader.control) {
    const others = standings
      .filter(({ control }) => !control)
      .map(({ variant, rate: other }) => `${names[variant] ?? variant} ${percent(other.mean)}`);
    return `Keep ${name}: it brings ${rate} of its visitors to the goal, ${others.join(', ')}.`;
  }
  const gain = leader.uplift;
  const range = gain
    ? ` (${signed(gain.median)}, 95 % interval ${signed(gain.interval.low)} to ${signed(gain.interval.high)})`
    : '';
  return `${name} wins: it brings ${rate} of its visitors to the goal${range}.`;
}

/** What is said while nothing can be called. */
export function undecidedSentence(
  leader: Standing,
  standings: readonly Standing[],
  afterPlan: boolean,
  names: Names,
): string {
  const rates = standings.map(({ variant, rate }) => `${names[variant] ?? variant} ${percent(rate.mean)}`).join(', ');
  const leading = `${names[leader.variant] ?? leader.variant} is ahead, and is the best with probability ${chance(leader.best)}`;
  return afterPlan
    ? `No clear difference at the goal (${rates}). ${leading}, which is not enough to call it.`
    : `No verdict yet (${rates}). ${leading}; keep running to the planned end.`;
}

const signed = (share: number): string => (share > 0 ? `+${percent(share)}` : percent(share));
