import { afterAll, describe, expect, it } from 'vitest';
import { type Novelty, novelty } from '#shared/statistics/novelty.ts';
import { type Random, seeded } from '../../local/simulation/random.ts';
import { calibrationTable, type Line, standardError } from '../support/calibration-table.ts';

/** A quarter of weekly looks, at everybody who has had all four weeks. */
const LOOKS = 12;
const WEEKS = 4;

const lines: Line[] = [];
afterAll(() =>
  console.log(
    calibrationTable('Novelty, 12 weekly looks', ['flagged', 'P beyond 0.95 or 0.05', 'at the last look'], lines),
  ),
);

type Sums = { count: number; sum: number; sumOfSquares: number };

/** A week's people: each comes back with a chance of their own, week by week in proportion to the rates. */
function grown(random: Random, sums: Sums, people: number, rates: readonly number[]): void {
  for (let person = 0; person < people; person += 1) {
    const eagerness = 2 * random.uniform();
    const active = rates.map((rate) => (random.uniform() < rate * eagerness ? 1 : 0));
    const later = active.slice(1).reduce<number>((sum, week) => sum + week, 0);
    const contrast = (WEEKS - 1) * (active[0] ?? 0) - later;
    sums.count += 1;
    sums.sum += contrast;
    sums.sumOfSquares += contrast * contrast;
  }
}

function flagged(
  what: string,
  treatment: readonly number[],
  { seed, people = 60, runs = 400 }: { seed: number; people?: number; runs?: number },
) {
  const control = [0.45, 0.35, 0.3, 0.25];
  const random = seeded(seed);
  const counts = { flagged: 0, doubted: 0, last: 0 };
  for (let run = 0; run < runs; run += 1) {
    const [a, b] = [0, 1].map((): Sums => ({ count: 0, sum: 0, sumOfSquares: 0 })) as [Sums, Sums];
    let seen: Novelty | undefined;
    let [everFlagged, everDoubted] = [false, false];
    for (let look = 0; look < LOOKS; look += 1) {
      grown(random, a, people, control);
      grown(random, b, people, treatment);
      seen = novelty(a, b, WEEKS);
      everFlagged ||= seen !== undefined && seen.verdict !== 'steady';
      everDoubted ||= seen !== undefined && isDoubt(seen);
    }
    if (everFlagged) counts.flagged += 1;
    if (everDoubted) counts.doubted += 1;
    if (seen && isDoubt(seen)) counts.last += 1;
  }
  const shares = [counts.flagged / runs, counts.doubted / runs, counts.last / runs] as const;
  lines.push({ what, measured: shares.map((share) => ({ share, runs })), promised: '' });
  return { runs, flagged: shares[0], doubted: shares[1] };
}

const isDoubt = ({ probabilityFades }: Novelty): boolean => Math.abs(probabilityFades - 0.5) > 0.45;

describe('novelty', () => {
  it.each([
    { name: 'no effect at all', treatment: [0.45, 0.35, 0.3, 0.25], seed: 81 },
    { name: 'five points more in every week', treatment: [0.5, 0.4, 0.35, 0.3], seed: 82 },
  ])('is flagged in at most 5 % of experiments over a quarter: $name', ({ name, treatment, seed }) => {
    const { flagged: share, doubted, runs } = flagged(name, treatment, { seed });
    expect(share).toBeLessThan(0.05);
    // What the flag went by before: a probability, made for one look.
    expect(doubted).toBeGreaterThan(0.05 + 3 * standardError(0.05, runs));
  });

  it('is flagged where ten points of the first week are nowhere after it', () => {
    const { flagged: share } = flagged('ten points, in week 1 only', [0.55, 0.35, 0.3, 0.25], { seed: 83, runs: 200 });
    expect(share).toBeGreaterThan(0.65);
  });
});
