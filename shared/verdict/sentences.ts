import type { Standing } from './standing.ts';
import { chance, listed, percent } from './words.ts';

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
  const control = standings.find((each) => each.control);
  const range = gain
    ? ` (${signed(gain.median)} against ${control ? (names[control.variant] ?? control.variant) : 'the control'}, 95 % interval ${signed(gain.interval.low)} to ${signed(gain.interval.high)})`
    : '';
  return `${name} wins: it brings ${rate} of its visitors to the goal${range}.`;
}

/** What is said while no winner can be called; `better` are the treatments that are surely better than the control. */
export function undecidedSentence(
  leader: Standing,
  standings: readonly Standing[],
  {
    afterPlan,
    names,
    better,
  }: { readonly afterPlan: boolean; readonly names: Names; readonly better: readonly Standing[] },
): string {
  const nameOf = ({ variant }: Standing) => names[variant] ?? variant;
  const rates = standings.map((each) => `${nameOf(each)} ${percent(each.rate.mean)}`).join(', ');
  const leading = `${nameOf(leader)} is ahead, and is the best with probability ${chance(leader.best)}`;
  const control = standings.find((each) => each.control);
  if (standings.length > 2 && control && better.length > 0) {
    const does = better.length === 1 ? 'does' : 'do';
    const open = `${listed(better.map(nameOf))} ${does} better than ${nameOf(control)}, but which variant is the best is not clear (${rates})`;
    return afterPlan ? `${open}. ${leading}.` : `${open}. ${leading}; keep running to the planned end.`;
  }
  return afterPlan
    ? `No clear difference at the goal (${rates}). ${leading}, which is not enough to call it.`
    : `No verdict yet (${rates}). ${leading}; keep running to the planned end.`;
}

const signed = (share: number): string => (share > 0 ? `+${percent(share)}` : percent(share));
