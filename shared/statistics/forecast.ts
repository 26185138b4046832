import { evidenceThreshold } from './evidence.ts';
import { normalCdf, normalQuantile } from './jstat.ts';

/** A running experiment as its evidence sees it, and what a day adds to it. */
export type Running = {
  /** U, V and τ of {@link scoreEvidence} now. */
  readonly score: number;
  readonly information: number;
  readonly tau: number;
  /** V that one more day brings, from the days so far. */
  readonly informationPerDay: number;
  /** How many days ahead to look. */
  readonly days: number;
  /** In how many days the planned end comes, if it is still ahead. */
  readonly plannedEndInDays?: number;
  readonly variants?: number;
  readonly alphaEarly?: number;
  readonly alphaEnd?: number;
};

export type Forecast =
  | { readonly kind: 'decided' }
  | { readonly kind: 'insufficient'; readonly needed: 'information from at least one day' }
  | {
      readonly kind: 'forecast';
      /** Probability that the experiment has decided by the end of day 1, 2, … from now. */
      readonly decidedBy: readonly number[];
      /** First day by which deciding is more likely than not; null if beyond the days looked at. */
      readonly likelyInDays: number | null;
    };

/** Points the undecided scores are kept at. The error of a probability falls with the fourth power, and is 1e-4 here. */
const POINTS = 161;

/** Simpson's rule wants an increment's bell to cover a few points; shorter days are looked at together. */
const SMALLEST_BELL = 1.5;

/**
 * When a running experiment will likely decide, if its effect is what the data and the evidence's own prior say.
 *
 * The effect is believed to be N(0, τ²), so the next day's score is normal given today's: with s² = 1 / (V + 1/τ²),
 * ΔU ~ N(s² U v, v + v² s²) for v more information. The chance of every undecided score is carried from look to look, what
 * crosses the boundary |U| = √((1 + τ² V) / τ² · (2 log threshold + log(1 + τ² V))) has decided, and at the planned end
 * also what lies beyond its one-look boundary. Deterministic: no path is drawn.
 *
 * A forecast, not a promise: it supposes that tomorrow's traffic and rate are like the days' so far.
 * @see Armitage, McPherson & Rowe, JRSS A 1969 (the recursion)
 * @example forecastDecision({ score: 25, information: 237.5, tau: 0.1, informationPerDay: 23.75, days: 60,
 *   plannedEndInDays: 20 }) // decidedBy[19] is 0.5634: likely decided in 20 days, at the planned end
 */
export function forecastDecision(running: Running): Forecast {
  const { score, information, tau, informationPerDay, days, plannedEndInDays, variants = 2 } = running;
  const { alphaEarly = 0.01, alphaEnd = 0.04 } = running;
  if (!(informationPerDay > 0)) return { kind: 'insufficient', needed: 'information from at least one day' };

  const logThreshold = Math.log(evidenceThreshold(alphaEarly, variants));
  const boundary = (v: number) => {
    const gain = 1 + tau * tau * v;
    return Math.sqrt((gain * (2 * logThreshold + Math.log(gain))) / (tau * tau));
  };
  if (Math.abs(score) >= boundary(information)) return { kind: 'decided' };

  const endBoundary = (v: number) => normalQuantile(1 - alphaEnd / 2) * Math.sqrt(v);
  const looks = looksAhead(information, informationPerDay, days, plannedEndInDays, boundary);
  const decidedBy: number[] = [];
  let undecided: readonly Mass[] = [{ score, mass: 1 }];
  let [from, decided] = [information, 0];
  for (const { day, at, isPlannedEnd } of looks) {
    const limit = isPlannedEnd ? Math.min(boundary(at), endBoundary(at)) : boundary(at);
    const step = increment(from, at - from, tau);
    decided += undecided.reduce((sum, { score, mass }) => sum + mass * step.beyond(score, limit), 0);
    undecided = carried(undecided, step, limit);
    from = at;
    // Days between two looks decide nothing of their own.
    while (decidedBy.length < day - 1) decidedBy.push(decidedBy.at(-1) ?? 0);
    decidedBy.push(Math.min(1, decided));
  }
  const likely = decidedBy.findIndex((chance) => chance >= 0.5);
  return { kind: 'forecast', decidedBy, likelyInDays: likely < 0 ? null : likely + 1 };
}

type Mass = { readonly score: number; readonly mass: number };

/** The days on which to look: every one, or where a day adds too little for the grid, every second, third, … and the end. */
function looksAhead(
  information: number,
  perDay: number,
  days: number,
  plannedEnd: number | undefined,
  boundary: (v: number) => number,
) {
  const spacing = (2 * boundary(information + perDay * days)) / (POINTS - 1);
  const stride = Math.ceil((SMALLEST_BELL * spacing) ** 2 / perDay);
  return Array.from({ length: days }, (_, i) => i + 1)
    .filter((day) => day % stride === 0 || day === days || day === plannedEnd)
    .map((day) => ({ day, at: information + day * perDay, isPlannedEnd: day === plannedEnd }));
}

/** The score's move over `v` more information, the effect not known but believed in. */
function increment(information: number, v: number, tau: number) {
  const belief = 1 / (information + 1 / (tau * tau));
  const sd = Math.sqrt(v + v * v * belief);
  const mean = (score: number) => score * (1 + belief * v);
  return {
    density: (from: number, to: number) =>
      Math.exp(-(((to - mean(from)) / sd) ** 2) / 2) / (sd * Math.sqrt(2 * Math.PI)),
    beyond: (from: number, limit: number) =>
      normalCdf((mean(from) - limit) / sd) + normalCdf((-limit - mean(from)) / sd),
  };
}

/** The undecided scores one look later, at Simpson's points between the boundaries. */
function carried(undecided: readonly Mass[], step: ReturnType<typeof increment>, limit: number): readonly Mass[] {
  const spacing = (2 * limit) / (POINTS - 1);
  return Array.from({ length: POINTS }, (_, i) => {
    const to = -limit + i * spacing;
    const simpson = i === 0 || i === POINTS - 1 ? 1 : 2 + 2 * (i % 2);
    const density = undecided.reduce((sum, { score, mass }) => sum + mass * step.density(score, to), 0);
    return { score: to, mass: (density * simpson * spacing) / 3 };
  });
}
