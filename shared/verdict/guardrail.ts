import type { Guardrail, Metric } from '../experiment/metric.ts';
import { harmEvidence } from '../statistics/harm-evidence.ts';
import { type MetricCohort, metricTotal } from '../tally/metric-counts.ts';
import type { GuardrailStanding } from './guardrail-standing.ts';
import type { Reason } from './verdict.ts';
import { chance, level, percent, plural } from './words.ts';

/** A metric that has a guardrail, and its cohorts of everyone so far. */
export type Guarded = { readonly metric: Metric; readonly cohorts: readonly MetricCohort[] };

/**
 * False warnings of the whole experiment, and false stops: each shared out over all guardrails of that action and all treatments.
 * By Ville's inequality that many experiments without harm ever see one, at most, however often they are looked at.
 */
const FALSE_ALARMS = 0.05;
/** A guardrail that stops warns from half the evidence on, so that a stop comes announced. */
const ANNOUNCED = Math.log(2);
/** The relative harm the evidence looks for. A stop before the end is for what shows early, and that is large. */
const HARM = 0.3;
/** Fewer visitors with anything in the metric say nothing: normal theory is asked too much. */
const ENOUGH_VISITORS = 20;

/**
 * Guardrails are read every day, and of everyone who came so far: within a cohort day both variants were watched equally long,
 * so that a window that is still open favours neither, and a harm shows weeks before its cohort is mature.
 */
export function guardrailStandings(
  guarded: readonly Guarded[],
  treatments: readonly string[],
  control: string,
): GuardrailStanding[] {
  const alike = (action: Guardrail['action']) =>
    guarded.filter(({ metric }) => metric.guardrail?.action === action).length;
  return guarded.flatMap(({ metric, cohorts }) => {
    const { guardrail } = metric;
    if (guardrail === undefined) return [];
    const needed = Math.log((alike(guardrail.action) * treatments.length) / FALSE_ALARMS);
    return treatments.map((variant) => standingOf(metric, guardrail, cohorts, { variant, control, needed }));
  });
}

function standingOf(
  metric: Metric,
  { margin, action }: Guardrail,
  cohorts: readonly MetricCohort[],
  { variant, control, needed }: { variant: string; control: string; needed: number },
): GuardrailStanding {
  const strata = cohorts.flatMap(({ variants }) => {
    const [a, b] = [variants[control], variants[variant]];
    return a && b ? [{ control: a, treatment: b }] : [];
  });
  const harm = harmEvidence(strata, { margin, effect: HARM, less: metric.better === 'lower' });
  const [a, b] = [metricTotal(cohorts, control), metricTotal(cohorts, variant)];
  const enough = a.any + b.any >= ENOUGH_VISITORS;
  const levelOf = ({ sum, denominator }: typeof a) => (denominator > 0 ? sum / denominator : null);
  const outcome = enough ? outcomeOf(action, harm.logEvidence, needed) : 'unknown';
  return {
    metric: metric.id,
    name: metric.name,
    variant,
    action,
    margin,
    better: metric.better,
    kind: metric.kind,
    outcome,
    control: levelOf(a),
    treatment: levelOf(b),
    ratio: harm.ratio,
    probabilityOfHarm: harm.probability,
    logEvidence: harm.logEvidence,
    needed,
  };
}

function outcomeOf(action: Guardrail['action'], evidence: number, needed: number): GuardrailStanding['outcome'] {
  if (action === 'warn') return evidence >= needed ? 'warned' : 'clear';
  if (evidence >= needed) return 'crossed';
  return evidence >= needed - ANNOUNCED ? 'warned' : 'clear';
}

type Names = Readonly<Record<string, string>>;

/** What is said of every guardrail among the reasons of a verdict. */
export const guardrailReasons = (standings: readonly GuardrailStanding[], names: Names): Reason[] =>
  standings.map((standing) => ({
    check: 'guardrail',
    outcome: standing.outcome === 'crossed' ? 'failed' : standing.outcome === 'clear' ? 'passed' : 'noted',
    text: guardrailText(standing, names),
    value: standing.logEvidence,
    needed: standing.needed,
  }));

function guardrailText(standing: GuardrailStanding, names: Names): string {
  const name = names[standing.variant] ?? standing.variant;
  if (standing.outcome === 'unknown')
    return `guardrail “${standing.name}”, ${name}: fewer than ${plural(ENOUGH_VISITORS, 'visitor')} have anything to compare yet`;
  const harm = `worse than tolerated with probability ${chance(standing.probabilityOfHarm)}`;
  const asked = `a ${standing.action === 'stop' ? 'stop' : 'warning'} asks for ${times(standing.needed)}`;
  return `guardrail “${standing.name}”, ${name}: ${comparison(standing)}; the evidence of harm, which may be read every day, is ${times(standing.logEvidence)}, and ${asked}; ${harm} at this look`;
}

function comparison({ kind, control, treatment, ratio, margin, better }: GuardrailStanding): string {
  const of = (amount: number | null) => (amount === null ? 'nothing' : level(kind, amount));
  const levels = `${of(treatment)} against ${of(control)} in the control`;
  const change =
    ratio === null ? '' : ` (${percent(Math.abs(ratio - 1))} ${ratio < 1 ? 'less' : 'more'}, compared day by day)`;
  const tolerated =
    margin === 0
      ? `no ${better === 'higher' ? 'less' : 'more'} is tolerated`
      : `${percent(margin)} ${better === 'higher' ? 'less' : 'more'} is tolerated`;
  return `${levels}${change}; ${tolerated}`;
}

/** The verdict in words when guardrails are crossed: which, by whom, and then their numbers. */
export function stoppedSentence(crossed: readonly GuardrailStanding[], names: Names): string {
  return crossed
    .map((standing) => {
      const name = names[standing.variant] ?? standing.variant;
      const said = `${name} crosses the guardrail “${standing.name}”.`;
      return `${said} It stands at ${comparison(standing)}. The evidence for that is ${times(standing.logEvidence)}, and ${times(standing.needed)} is asked for.`;
    })
    .join(' ');
}

function times(logEvidence: number): string {
  const odds = Math.exp(logEvidence);
  if (odds >= 1e6) return 'over a million to 1';
  return `${odds >= 100 ? odds.toFixed(0) : odds >= 1 ? odds.toFixed(1) : odds.toFixed(2)} to 1`;
}
