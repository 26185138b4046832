import type { Variant } from '../experiment/definition.ts';
import { currentSequence, type Experiment } from '../experiment/experiment.ts';
import type { Sequence } from '../experiment/sequence.ts';
import { type Beta, betaMean, type Interval, posterior } from '../statistics/beta.ts';
import { betaInterval } from '../statistics/beta-distribution.ts';
import { compareRates } from '../statistics/comparison.ts';
import { difference } from '../statistics/difference.ts';
import { worstStep } from '../statistics/ladder.ts';
import { dayName, isMature } from '../tally/cohort-day.ts';
import { cohortsOf, countsOf, reached, type VariantCounts } from '../tally/counts.ts';
import { entriesOf } from '../tally/entries.ts';
import { type Cell, parseCellKey, type Tally } from '../tally/tally.ts';
import { guardrailStandings } from '../verdict/guardrail.ts';
import type { GuardrailStanding } from '../verdict/guardrail-standing.ts';
import { judge } from '../verdict/judge.ts';
import type { Standing } from '../verdict/standing.ts';
import { isReadable } from '../verdict/verdict.ts';
import { adviceOf } from './advice.ts';
import { daySeries } from './day-series.ts';
import { divergencesOf } from './divergence.ts';
import { extraStepsOf } from './extra-steps.ts';
import { intentReport } from './intent.ts';
import { type Measured, measuredMetrics, metricReports } from './metrics.ts';
import { observedLadder } from './observed-ladder.ts';
import { outlookOf } from './outlook.ts';
import type { AnchorReport, Estimate, Headcount, Report, RungReport, VariantReport } from './report.ts';
import { returnOnSpend } from './return-on-spend.ts';
import { segmentRates } from './segment-rates.ts';
import { timesOnStep } from './time-on-step.ts';

/** Makes the report of an experiment from the recount of its journeys. Pure: the same tally at the same instant reads the same. */
export function composeReport(experiment: Experiment, tally: Tally, drift: number, now: number): Report {
  const { definition } = experiment;
  const sequence = currentSequence(experiment);
  const asOf = Math.min(now, experiment.concludedAt ?? now);
  const human = (cell: Pick<Cell, 'class'>) => cell.class === 'human';
  const mature = (cell: { day: number }) => isMature(cell.day, sequence.windowMs, asOf);

  const everyone = countsOf(tally, sequence, human);
  const cohorts = cohortsOf(tally, sequence, (cell) => human(cell) && mature(cell));
  const measured = measuredMetrics(tally, definition.metrics, sequence, human);
  const guardrails = guardrailsOf(measured, sequence);
  const { verdict, standings, days } = judge({
    sequence,
    policy: definition.policy,
    names: Object.fromEntries(definition.variants.map(({ id, name }) => [id, name])),
    cohorts,
    entries: entriesOf(tally, sequence, (cell) => human(cell) && mature(cell)),
    guardrails,
    conflicts: {
      visitors: everyone.reduce((sum, { visitors }) => sum + visitors, 0),
      conflicting: conflictsOf(tally, sequence),
    },
    ratios: experiment.epochs.map(({ epoch, weights }) => {
      const counts = countsOf(tally, sequence, (cell) => human(cell) && cell.epoch === epoch);
      return {
        weights: counts.map(({ variant }) => weights[variant] ?? 0),
        assigned: counts.map(({ visitors }) => visitors),
        redirected: counts.map(({ redirected }) => redirected),
        // A site may report arrivals of visitors it assigned itself; only those sent on can be lost on the way.
        arrived: counts.map(({ arrived, redirected }) => Math.min(arrived, redirected)),
      };
    }),
  });
  const from = days.cohorts[0]?.day;
  const end = from === undefined ? 0 : from + days.days;
  const matured = (cell: { day: number }) => mature(cell) && cell.day < end;
  const inReport = (cell: Pick<Cell, 'day' | 'class'>) => human(cell) && matured(cell);
  const counted = countsOf(tally, sequence, inReport);
  // A variant with nobody has no rates, and nothing can be compared with it.
  const comparable = counted.every(({ visitors }) => visitors > 0);
  const { policy, variants } = definition;
  const { until } = definition.enrolment;
  const closed =
    until !== undefined && Date.parse(until) <= asOf && experiment.status !== 'concluded' ? until : undefined;
  const metrics = metricReports(measured, sequence, asOf);

  const report = {
    experiment: {
      id: experiment.id,
      name: definition.name,
      status: experiment.status,
      revision: experiment.revision,
      sequence: sequence.version,
      goal: definition.goal,
      windowDays: definition.windowDays,
      ...(definition.hypothesis && { hypothesis: definition.hypothesis }),
      ...(experiment.shipped && { shipped: experiment.shipped }),
      ...(closed && { enrolmentClosed: new Date(closed).toISOString().slice(0, 10) }),
    },
    policy,
    writtenAt: now,
    asOf,
    cohorts: from === undefined ? null : { from: dayName(from), until: dayName(end - 1), days: days.days },
    headcount: headcountOf(tally, sequence, counted, mature),
    variants: definition.variants.map((variant) => variantReport(variant, sequence, everyone, counted, standings)),
    anchors: anchorsOf(definition.variants, sequence, counted, comparable),
    verdict,
    divergences: comparable ? divergencesOf(variants, sequence, counted, days.cohorts) : [],
    extraSteps: extraStepsOf({
      variants,
      sequence,
      policy,
      counts: counted,
      cohorts: days.cohorts,
      standings,
      planned: days.planned,
      readable: isReadable(verdict),
    }),
    days: daySeries(days.cohorts, sequence, policy),
    times: timesOnStep(tally, variants, sequence, inReport),
    segments: segmentRates(tally, definition.segments, sequence, inReport),
    // Nobody comes any more, so nothing goes on like this.
    outlook: experiment.status === 'concluded' || closed ? null : outlookOf(standings, days, policy),
    everyone: countsOf(tally, sequence, mature).map(({ variant, visitors, furthestBelieved }) => ({
      variant,
      visitors,
      goals: furthestBelieved.at(-1) ?? 0,
    })),
    approximate: everyone.some(({ edge }) => edge > 0),
    metrics,
    guardrails,
    intent: definition.intent ? intentReport(tally, sequence, policy, inReport) : null,
    spend: returnOnSpend({ variants, sequence, metrics, everyone, counted }),
    drift,
  };
  return { ...report, advice: adviceOf(variants, report) };
}

/** Guardrails are read of everyone so far; `guardrail.ts` says why that is fair. */
function guardrailsOf(measured: readonly Measured[], sequence: Sequence): GuardrailStanding[] {
  const guarded = measured.filter(({ metric }) => metric.guardrail !== undefined);
  const treatments = Object.keys(sequence.ladders).filter((id) => id !== sequence.control);
  return guardrailStandings(guarded, treatments, sequence.control);
}

function variantReport(
  variant: Variant,
  sequence: Sequence,
  everyone: readonly VariantCounts[],
  countedOf: readonly VariantCounts[],
  standings: readonly Standing[],
): VariantReport {
  const all = found(everyone, variant.id);
  const counted = found(countedOf, variant.id);
  const standing = found(standings, variant.id);
  const evidence = standing.evidence;
  return {
    id: variant.id,
    name: variant.name,
    control: standing.control,
    assigned: all.visitors,
    redirected: all.redirected,
    arrived: all.arrived,
    counted: counted.visitors,
    rungs: rungsOf(variant, sequence, counted),
    goals: standing.goals,
    goalRate: standing.rate,
    belief: standing.posterior,
    best: standing.best,
    beatsControl: standing.beatsControl,
    expectedLoss: standing.expectedLoss,
    uplift: standing.uplift ?? null,
    evidence: evidence
      ? {
          logEvidence: evidence.logEvidence,
          pValue: evidence.pValue,
          upliftInterval: evidence.interval && {
            low: Math.expm1(evidence.interval.low),
            high: Math.expm1(evidence.interval.high),
          },
        }
      : null,
    value: {
      payers: counted.payers,
      sum: counted.value,
      perVisitor: counted.visitors === 0 ? 0 : counted.value / counted.visitors,
    },
  };
}

/** A rung nobody counts is reached by those who reached the next; it has no momentum of its own to show. */
function rungsOf(variant: Variant, sequence: Sequence, counts: VariantCounts): RungReport[] {
  const ladder = sequence.ladders[variant.id] ?? [];
  const reach = reached(counts.furthest);
  const observed = ladder.flatMap((rung, index) => (rung.observed ? [index] : []));
  const { belief } = observedLadder(ladder, counts.furthest);
  const worst = worstStep(belief);
  return variant.steps.map((step, index) => {
    const place = observed.indexOf(index);
    const next = observed.findIndex((each) => each >= index);
    const rung = belief.rungs[place];
    return {
      rung: index + 1,
      step: step.id,
      name: step.name,
      ...(step.stage && { stage: step.stage }),
      observed: place >= 0,
      ...(step.frictions && { frictions: step.frictions }),
      reached: reach[index] ?? 0,
      reach: estimate(belief.rungs[next]?.reach ?? belief.goal),
      momentum: rung ? estimate(rung.pass) : null,
      worst: place >= 0 && observed.length > 1 ? (worst[place] ?? null) : null,
    };
  });
}

/** Steps that every variant has, where each is compared with the control per visitor assigned. */
function anchorsOf(
  variants: readonly Variant[],
  sequence: Sequence,
  counts: readonly VariantCounts[],
  comparable: boolean,
): AnchorReport[] {
  const control = variants.find(({ id }) => id === sequence.control);
  const shared = (control?.steps ?? []).filter((step) =>
    variants.every(({ steps }) => steps.some(({ id, observed }) => id === step.id && observed)),
  );
  return shared.map((step) => {
    const beliefs = variants.map(({ id, steps }) => {
      const { furthest, visitors } = found(counts, id);
      return posterior(reached(furthest)[steps.findIndex((each) => each.id === step.id)] ?? 0, visitors);
    });
    const controlIndex = variants.findIndex(({ id }) => id === sequence.control);
    const base = beliefs[controlIndex] ?? { alpha: 1, beta: 1 };
    const { beatsControl } = compareRates(beliefs, controlIndex);
    return {
      step: step.id,
      name: step.name,
      goal: step.id === sequence.goal,
      comparisons: variants.flatMap(({ id }, i) => {
        const belief = beliefs[i];
        const beats = beatsControl[i];
        if (!comparable || belief === undefined || beats === null || beats === undefined) return [];
        const { mean, interval } = difference(base, belief);
        return [{ variant: id, difference: { mean, ...interval }, beatsControl: beats }];
      }),
    };
  });
}

function headcountOf(
  tally: Tally,
  sequence: Sequence,
  counted: readonly VariantCounts[],
  mature: (cell: { day: number }) => boolean,
): Headcount {
  const heads = { human: 0, suspect: 0, machine: 0, immature: 0, earlierSequences: 0, conflicts: 0 };
  for (const [key, counters] of tally) {
    const cell = parseCellKey(key);
    const visitors = counters.n ?? 0;
    if (cell.sequence !== sequence.version) {
      heads.earlierSequences += visitors;
      continue;
    }
    heads[cell.class] += visitors;
    if (cell.class !== 'human') continue;
    heads.conflicts += counters.conflict ?? 0;
    if (!mature(cell)) heads.immature += visitors;
  }
  const total = counted.reduce((sum, { visitors }) => sum + visitors, 0);
  return { ...heads, counted: total, waiting: heads.human - heads.immature - total };
}

/** Human visitors of this sequence who had another variant before they were known. */
const conflictsOf = (tally: Tally, sequence: Sequence): number =>
  [...tally].reduce((sum, [key, { conflict = 0 }]) => {
    const cell = parseCellKey(key);
    return cell.class === 'human' && cell.sequence === sequence.version ? sum + conflict : sum;
  }, 0);

const estimate = (belief: Beta): Estimate & Interval => ({ mean: betaMean(belief), ...betaInterval(belief) });

function found<T extends { readonly variant: string }>(rows: readonly T[], variant: string): T {
  const row = rows.find((each) => each.variant === variant);
  if (row === undefined) throw new Error(`the sequence has no ladder for variant ${variant}`);
  return row;
}
