import { dayName } from '../tally/cohort-day.ts';
import { reached } from '../tally/counts.ts';
import { parseCellKey, type Tally } from '../tally/tally.ts';
import { adviceCells, type CsvCells, type CsvValue, guardrailCells, intentCells, spendCells } from './csv-columns.ts';
import type { FrictionRow } from './frictions.ts';
import type { Report, RungReport, VariantReport } from './report.ts';
import { isComparable } from './say.ts';

/** RFC 4180: lines end in CRLF, and what holds a comma, a quote or a line break is quoted. */
export const csv = (rows: readonly (readonly CsvValue[])[]): string =>
  rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');

/**
 * A text that begins like a formula gets an apostrophe before it: a spreadsheet would run it, and names of steps come from
 * people. Numbers are numbers, also negative ones.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
function cell(value: CsvValue): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  const harmless = /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** The report as a table: a row for every rung of every variant, what is known of the variant repeated on each. */
export function reportCsv(report: Report): string {
  const { experiment, verdict, cohorts } = report;
  return csvOf(
    report.variants.flatMap((variant) =>
      variant.rungs.map((rung) => {
        // Where nobody was counted there is only the prior, which is no result: those cells stay empty.
        const { reach, momentum, worst } = variant.counted > 0 ? rung : NOTHING;
        const { goalRate } = variant.counted > 0 ? variant : NOTHING;
        const { best, expectedLoss, uplift } = isComparable(report) ? variant : NOTHING;
        return {
          experiment: experiment.id,
          as_of: new Date(report.asOf).toISOString(),
          cohorts_from: cohorts?.from,
          cohorts_until: cohorts?.until,
          verdict: verdict.kind,
          verdict_variant: verdict.variant,
          variant: variant.id,
          variant_name: variant.name,
          control: variant.control,
          visitors_assigned: variant.assigned,
          visitors_counted: variant.counted,
          rung: rung.rung,
          step: rung.step,
          step_name: rung.name,
          observed: rung.observed,
          reached: rung.reached,
          reach: reach?.mean,
          reach_low: reach?.low,
          reach_high: reach?.high,
          momentum: momentum?.mean,
          worst_step_probability: worst,
          goals: variant.goals,
          goal_rate: goalRate?.mean,
          goal_rate_low: goalRate?.low,
          goal_rate_high: goalRate?.high,
          probability_best: best,
          expected_loss: expectedLoss,
          uplift: uplift?.median,
          uplift_low: uplift?.interval.low,
          uplift_high: uplift?.interval.high,
          log_evidence: variant.evidence?.logEvidence,
          payers: variant.value.payers,
          value: variant.value.sum,
          ...spendCells(report, variant.id),
          ...intentCells(report, variant.id),
          ...adviceCells(report, variant.id, rung),
        };
      }),
    ),
  );
}

const NOTHING: Partial<RungReport & VariantReport> = {};

/** Rows whose cells have the names of their columns; all rows have the same. */
const csvOf = (rows: readonly CsvCells[]): string =>
  csv([Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))]);

/** What was measured besides the ladder: a row for every metric and variant, and one more for every week of a return. */
export function metricsCsv(report: Report): string {
  const { metrics = [], experiment } = report;
  const common = (id: string, variant: string): CsvValue[] => [
    experiment.id,
    new Date(report.asOf).toISOString(),
    id,
    variant,
  ];
  const head = [
    'experiment',
    'as_of',
    'metric',
    'variant',
    'kind',
    'better',
    'week',
    'visitors',
    'visitors_immature',
    'visitors_with_any',
    'level',
    'level_low',
    'level_high',
    'difference',
    'difference_low',
    'difference_high',
    'ratio',
    'ratio_low',
    'ratio_high',
    'probability_better',
    'skewness',
    'visitors_needed',
    ...Object.keys(guardrailCells(report, '', '')),
  ];
  return csv([
    head,
    ...metrics.flatMap(({ id, kind, better, variants, weeks }) => [
      ...variants.map(({ variant, level, comparison, trust, ...counts }): CsvValue[] => [
        ...common(id, variant),
        kind,
        better,
        null,
        counts.visitors,
        counts.immature,
        counts.any,
        level?.mean,
        level?.low,
        level?.high,
        comparison?.difference.mean,
        comparison?.difference.low,
        comparison?.difference.high,
        comparison?.ratio?.estimate,
        comparison?.ratio?.low,
        comparison?.ratio?.high,
        comparison?.better,
        trust?.skewness,
        trust?.visitorsNeeded,
        ...Object.values(guardrailCells(report, id, variant)),
      ]),
      ...(weeks?.weeks ?? []).flatMap(({ week, variants: rows }) =>
        rows.map((row): CsvValue[] => [
          ...common(id, row.variant),
          kind,
          better,
          week,
          row.visitors,
          null,
          row.returned,
          row.rate.mean,
          row.rate.low,
          row.rate.high,
          row.difference?.mean,
          row.difference?.low,
          row.difference?.high,
          ...new Array<CsvValue>(3).fill(null),
          row.higher,
          null,
          null,
          ...Object.values(guardrailCells(report, '', '')),
        ]),
      ),
    ]),
  ]);
}

/** What makes steps hard, across experiments: a row for every friction and value. */
export const frictionsCsv = (rows: readonly FrictionRow[]): string =>
  csv([
    ['friction', 'value', 'experiments', 'steps', 'came', 'took', 'pass', 'pass_low', 'pass_high'],
    ...rows.map(({ friction, value, experiments, steps, came, took, pass }): CsvValue[] => [
      friction,
      value,
      experiments,
      steps,
      came,
      took,
      pass.mean,
      pass.low,
      pass.high,
    ]),
  ]);

/** The ladders by cohort day, and by all else that was counted apart: `rung_k` is how many came to rung k or further. */
export function laddersCsv(tally: Tally): string {
  const cells = [...tally].map(([key, counters]) => {
    const top = Math.max(
      0,
      ...Object.keys(counters).flatMap((name) => (/^f\d+$/.test(name) ? [Number(name.slice(1))] : [])),
    );
    const furthest = Array.from({ length: top + 1 }, (_, rung) => counters[`f${rung}`] ?? 0);
    return { ...parseCellKey(key), counters, reach: reached(furthest) };
  });
  cells.sort((a, b) => a.day - b.day || a.sequence - b.sequence || a.epoch - b.epoch || (keyOf(a) < keyOf(b) ? -1 : 1));
  const rungs = Math.max(0, ...cells.map(({ reach }) => reach.length));
  return csv([
    [
      'cohort_day',
      'sequence',
      'weight_epoch',
      'variant',
      'class',
      'segment',
      'visitors',
      'arrived',
      ...Array.from({ length: rungs }, (_, i) => `rung_${i + 1}`),
      'payers',
      'value',
    ],
    ...cells.map(({ day, sequence, epoch, variant, class: kind, segment, counters, reach }): CsvValue[] => [
      dayName(day),
      sequence,
      epoch,
      variant,
      kind,
      segment,
      counters.n ?? 0,
      counters.arrived ?? 0,
      ...Array.from({ length: rungs }, (_, i) => reach[i] ?? 0),
      counters.payers ?? 0,
      counters.value ?? 0,
    ]),
  ]);
}

const keyOf = (cell: { variant: string; class: string; segment: string }): string =>
  `${cell.variant} ${cell.class} ${cell.segment}`;
