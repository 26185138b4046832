import { afterAll, describe, expect, it } from 'vitest';
import { type HarmStratum, harmEvidence } from '#shared/statistics/harm-evidence.ts';
import type { RatioMoments } from '#shared/statistics/ratio.ts';
import { type Random, seeded } from '../../local/simulation/random.ts';
import { calibrationTable, type Line, standardError } from '../support/calibration-table.ts';

const LOOKS = 28;
const WINDOW = 7;
/** One guardrail and one treatment: what a warning asks for as well as a stop. */
const STOP = Math.log(20);
/** As in `guardrail.ts`: the harm looked for, and how many visitors with anything the first look waits for. */
const EFFECT = 0.3;
const ENOUGH = 20;

const lines: Line[] = [];
afterAll(() =>
  console.log(
    calibrationTable('Guardrails, 28 daily looks at open and closed windows', ['acted', 'P > 0.95 once'], lines),
  ),
);

/** What one visitor does: `x` of `d`, at an age in days. */
type Act = { readonly x: number; readonly d: number; readonly age: number };
type Arm = (random: Random) => readonly Act[];
type World = { readonly control: Arm; readonly treatment: Arm; readonly daily: readonly [number, number] };

type Growing = { -readonly [Key in keyof RatioMoments]: number };
const nothing = (): Growing => ({
  count: 0,
  sum: 0,
  sumOfSquares: 0,
  denominator: 0,
  denominatorSquares: 0,
  products: 0,
});

/** The visitors of one day as they look at each age, from 0 to the window: windows are open at most looks. */
function cohort(random: Random, visitors: number, arm: Arm): Growing[] {
  const ages = Array.from({ length: WINDOW + 1 }, nothing);
  for (let visitor = 0; visitor < visitors; visitor += 1) {
    const acts = arm(random);
    for (const [age, sums] of ages.entries()) {
      let [x, d] = [0, 0];
      for (const act of acts)
        if (act.age <= age) {
          x += act.x;
          d += act.d;
        }
      sums.count += 1;
      sums.sum += x;
      sums.sumOfSquares += x * x;
      sums.denominator += d;
      sums.denominatorSquares += d * d;
      sums.products += x * d;
    }
  }
  return ages;
}

/** Shares of experiments in which a guardrail acts (warns or stops), and in which P(worse than tolerated) is once above 0.95. */
function guarded(
  what: string,
  promised: string,
  { control, treatment, daily }: World,
  { margin, less = false, seed, runs = 500 }: { margin: number; less?: boolean; seed: number; runs?: number },
): { acted: number; doubted: number; days: number } {
  const random = seeded(seed);
  let [actions, doubts, days] = [0, 0, 0];
  for (let run = 0; run < runs; run += 1) {
    const cohorts: { control: Growing[]; treatment: Growing[] }[] = [];
    let doubted = false;
    for (let look = 0; look < LOOKS; look += 1) {
      cohorts.push({
        control: cohort(random, daily[0], control),
        treatment: cohort(random, daily[1], treatment),
      });
      const strata = cohorts.map((each, day): HarmStratum => {
        const age = Math.min(WINDOW, look - day);
        return { control: each.control[age] ?? nothing(), treatment: each.treatment[age] ?? nothing() };
      });
      if (strata.reduce((sum, each) => sum + each.control.sum + each.treatment.sum, 0) < ENOUGH) continue;
      const harm = harmEvidence(strata, { margin, effect: EFFECT, less });
      doubted ||= harm.probability >= 0.95;
      if (harm.logEvidence < STOP) continue;
      actions += 1;
      days += look + 1;
      break;
    }
    if (doubted) doubts += 1;
  }
  lines.push({
    what,
    measured: [
      { share: actions / runs, runs },
      { share: doubts / runs, runs },
    ],
    promised,
  });
  return { acted: actions / runs, doubted: doubts / runs, days: days / Math.max(1, actions) };
}

/** Money is rare and skewed, and comes days after the visit. */
const money =
  (payers: number, scale = 1): Arm =>
  (random) =>
    random.uniform() < payers
      ? [{ x: Math.round(3000 * scale * Math.exp(random.normal())), d: 0, age: Math.floor(random.exponential(3)) }]
      : [];
/** Means have every visitor as their denominator. */
const perVisitor =
  (arm: Arm): Arm =>
  (random) => [...arm(random), { x: 0, d: 1, age: 0 }];
/** Some do it all the time and most hardly ever. */
const often =
  (mean: number): Arm =>
  (random) => {
    const acts: Act[] = [];
    const rate = random.exponential(mean);
    for (let at = random.exponential(1); at < rate; at += random.exponential(1))
      acts.push({ x: 1, d: 0, age: Math.floor(random.uniform() * WINDOW) });
    return acts;
  };
/** Nearly everyone does it in the end, so that what is early is not late: the increments go against each other. */
const nearlyAll =
  (share: number): Arm =>
  (random) =>
    random.uniform() < share ? [{ x: 1, d: 0, age: Math.floor(random.exponential(2)) }] : [];
/** Posts and replies: of each member the share that is replied to is their own. */
const replies =
  (share: number): Arm =>
  (random) => {
    const luck = Math.min(1, share * 2 * random.uniform());
    return Array.from({ length: Math.floor(random.exponential(3)) }, () => ({
      x: random.uniform() < luck ? 1 : 0,
      d: 1,
      age: Math.floor(random.uniform() * WINDOW),
    }));
  };

describe('a guardrail of a treatment that is exactly as bad as tolerated', () => {
  it.each<{ name: string; world: World; margin: number; less?: boolean; seed: number }>([
    {
      name: 'money, 5 % pay',
      world: { control: perVisitor(money(0.05)), treatment: perVisitor(money(0.05)), daily: [50, 50] },
      margin: 0,
      seed: 61,
    },
    {
      name: 'money, 5 % pay, 90:10',
      world: { control: perVisitor(money(0.05)), treatment: perVisitor(money(0.05)), daily: [90, 10] },
      margin: 0,
      seed: 62,
    },
    {
      name: 'money, 10 % smaller amounts',
      world: { control: perVisitor(money(0.05)), treatment: perVisitor(money(0.05, 0.9)), daily: [50, 50] },
      margin: 0.1,
      seed: 63,
    },
    {
      name: 'money, 10 % fewer payers, 10:90',
      world: { control: perVisitor(money(0.05)), treatment: perVisitor(money(0.045)), daily: [10, 90] },
      margin: 0.1,
      seed: 64,
    },
    {
      name: 'counts, less is better',
      world: { control: perVisitor(often(1.5)), treatment: perVisitor(often(1.65)), daily: [50, 50] },
      margin: 0.1,
      less: true,
      seed: 65,
    },
    {
      name: 'counts, 90:10',
      world: { control: perVisitor(often(1.5)), treatment: perVisitor(often(1.5)), daily: [90, 10] },
      margin: 0,
      seed: 66,
    },
    {
      name: 'a rate of 90 %, saturating',
      world: { control: perVisitor(nearlyAll(0.9)), treatment: perVisitor(nearlyAll(0.9)), daily: [50, 50] },
      margin: 0,
      seed: 67,
    },
    {
      name: 'replies per post',
      world: { control: replies(0.4), treatment: replies(0.4), daily: [30, 30] },
      margin: 0,
      seed: 68,
    },
  ])('warns of it or stops it in at most 5 % of experiments: $name', ({ name, world, margin, less = false, seed }) => {
    const runs = 500;
    const { acted } = guarded(name, 'at most 5 %', world, { margin, less, seed, runs });
    expect(acted).toBeLessThan(0.05 + 3 * standardError(0.05, runs));
  });
});

describe('a guardrail of a small variant', () => {
  it('does not stop it because nobody in it has bought yet', () => {
    // One visitor in a hundred gets the treatment, one in a hundred buys: for days its own spread is zero. 300 runs.
    const random = seeded(69);
    const rate = (count: number): RatioMoments => {
      const sum = random.binomial(count, 0.01);
      return { count, sum, sumOfSquares: sum, denominator: count, denominatorSquares: count, products: sum };
    };
    let stopped = 0;
    for (let run = 0; run < 300; run += 1) {
      const strata: HarmStratum[] = [];
      for (let look = 0; look < 60; look += 1) {
        strata.push({ control: rate(990), treatment: rate(10) });
        const bought = strata.reduce((sum, { control, treatment }) => sum + control.sum + treatment.sum, 0);
        if (bought < ENOUGH || harmEvidence(strata, { margin: 0, effect: EFFECT }).logEvidence < STOP) continue;
        stopped += 1;
        break;
      }
    }
    expect(stopped / 300).toBeLessThan(0.02);
  });
});

describe('a guardrail of a treatment that harms', () => {
  it('stops it in nine of ten experiments, where a quarter less is done by 50 visitors a day', () => {
    const world = { control: perVisitor(often(1.5)), treatment: perVisitor(often(1.1)), daily: [50, 50] as const };
    const { acted, days } = guarded('counts, 27 % less', 'at least 90 %', world, { margin: 0, seed: 71, runs: 200 });
    expect(acted).toBeGreaterThan(0.9);
    expect(days).toBeLessThan(LOOKS);
  });

  it('stops it in nine of ten experiments, where half as many pay of 500 visitors a day', () => {
    const world = { control: perVisitor(money(0.05)), treatment: perVisitor(money(0.025)), daily: [250, 250] as const };
    const { acted } = guarded('money, half the payers', 'at least 90 %', world, {
      margin: 0.05,
      seed: 72,
      runs: 100,
    });
    expect(acted).toBeGreaterThan(0.9);
  });

  it('finds 10 % less in most experiments, where 200 visitors a day come to each variant', () => {
    const world = { control: perVisitor(often(1.5)), treatment: perVisitor(often(1.35)), daily: [200, 200] as const };
    const { acted } = guarded('counts, 10 % less', 'at least 60 %', world, { margin: 0, seed: 74, runs: 60 });
    expect(acted).toBeGreaterThan(0.6);
  });
});

describe('P(worse than tolerated), which only one look may go by', () => {
  it('is once above 0.95 in far more than 5 % of experiments in which nothing is worse', () => {
    const world = { control: perVisitor(often(1.5)), treatment: perVisitor(often(1.5)), daily: [50, 50] as const };
    const { acted, doubted } = guarded('counts, the same', '', world, { margin: 0, seed: 73, runs: 200 });
    expect(doubted).toBeGreaterThan(0.1);
    expect(acted).toBeLessThan(0.05);
  });
});

describe('a guardrail with a wide margin', () => {
  it('acts in at most 5 % of experiments of a year, though four visitors a day of a treatment that may do half scatter little by luck', () => {
    const random = seeded(75);
    const rate = (count: number, share: number): RatioMoments => {
      const sum = random.binomial(count, share);
      return { count, sum, sumOfSquares: sum, denominator: count, denominatorSquares: count, products: sum };
    };
    const runs = 1000;
    let acted = 0;
    for (let run = 0; run < runs; run += 1) {
      const strata: HarmStratum[] = [];
      for (let week = 0; week < 52; week += 1) {
        for (let day = 0; day < 7; day += 1) strata.push({ control: rate(36, 0.1), treatment: rate(4, 0.05) });
        if (harmEvidence(strata, { margin: 0.5, effect: EFFECT }).logEvidence < STOP) continue;
        acted += 1;
        break;
      }
    }
    // By each variant's own spread alone it was 7 %.
    expect(acted / runs).toBeLessThan(0.05);
  });
});
