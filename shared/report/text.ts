import { chance, people, percent, plural } from '../verdict/words.ts';
import { columns, wrapped } from './columns.ts';
import { metricsText } from './metrics-text.ts';
import type { Report, VariantReport } from './report.ts';
import { isComparable, nameOf, range } from './say.ts';

const BAR = 28;
const MARKS = { passed: '✓', failed: '✗', noted: '·' } as const;

/** The report for a terminal: the verdict first, then the ladders, then the reasons. 100 columns at most. */
export function reportText(report: Report): string {
  const { experiment, cohorts, headcount, verdict } = report;
  const span = cohorts
    ? `cohorts of ${cohorts.days === 1 ? cohorts.from : `${cohorts.from} to ${cohorts.until}`}, ${plural(cohorts.days, 'day')}`
    : 'no mature cohort yet';
  return [
    `${experiment.name}  (${experiment.id}, ${experiment.status}, revision ${experiment.revision}, sequence ${experiment.sequence})`,
    '',
    `  VERDICT  ${verdict.kind}${verdict.variant ? `: ${verdict.variant}` : ''}`,
    ...wrapped(verdict.sentence, 96).map((line) => `  ${line}`),
    '',
    `Counted: ${span}, each visitor for ${plural(experiment.windowDays, 'day')}.`,
    `${plural(headcount.counted, 'visitor')} ${headcount.counted === 1 ? 'counts' : 'count'}; ${people(headcount.immature)} are still in their window, ${people(headcount.waiting)} wait for a whole week, ` +
      `${people(headcount.suspect + headcount.machine)} look like machines.`,
    ...(experiment.enrolmentClosed
      ? [`Enrolment closed on ${experiment.enrolmentClosed}; what those who joined do still counts.`]
      : []),
    '',
    ...(cohorts ? standingText(report) : []),
    ...metricsText(report),
    ...doubts(report),
    'Why',
    ...verdict.reasons.flatMap(({ outcome, text }) =>
      wrapped(text, 94).map((line, i) => `  ${i === 0 ? MARKS[outcome] : ' '} ${line}`),
    ),
    '',
    `Drift between the live tallies and this recount: ${report.drift}`,
  ].join('\n');
}

/** How the variants stand, once somebody has had their whole window. */
const standingText = (report: Report): string[] => [
  ...report.variants.flatMap(ladderText),
  ...goalTable(report),
  '',
  ...anchorTable(report),
  ...extraStepLines(report),
];

/** Does the extra step earn its place? One sentence for every ladder that is another with more asks. */
function extraStepLines({ extraSteps, variants }: Report): string[] {
  if (!isComparable({ variants })) return [];
  const lines = extraSteps.flatMap(({ verdict, shorter, longer, steps, ...chances }) =>
    wrapped(
      `Extra step "${steps.map(({ name }) => name).join('", "')}" in ${nameOf({ variants }, longer)}, against ${nameOf({ variants }, shorter)}: ${verdict} ` +
        `(earns ${chance(chances.probabilityEarns)}, costs ${chance(chances.probabilityCosts)}, no practical difference ${chance(chances.probabilityEquivalent)})`,
      96,
    ),
  );
  return lines.length > 0 ? [...lines, ''] : [];
}

/** What the numbers above leave open: machines that were told apart, and denominators that are not exact. */
function doubts({ everyone, approximate, variants }: Report): string[] {
  const differ = everyone.some(({ variant, visitors, goals }) => {
    const counted = variants.find(({ id }) => id === variant);
    return counted !== undefined && (counted.counted < visitors || counted.goals < goals);
  });
  const all = everyone
    .map(({ variant, visitors, goals }) => `${variant} ${people(goals)} of ${people(visitors)}`)
    .join(', ');
  return [
    ...(differ ? wrapped(`Were nobody taken for a machine, over all mature days: ${all}.`, 96) : []),
    ...(approximate
      ? ["Approximate denominator: some visitors are known from the edge's logs, which are best effort."]
      : []),
    ...(differ || approximate ? [''] : []),
  ];
}

/** The staircase of one variant: a bar per rung, as long as the share of the assigned who come there. */
function ladderText(variant: VariantReport): string[] {
  const rows = variant.rungs.map((rung) => {
    if (variant.counted === 0) return [`  ${rung.rung}`, rung.name, '0', '–', '–', '', ''];
    const length = Math.round(Math.sqrt(rung.reach.mean) * BAR);
    return [
      `  ${rung.rung}`,
      rung.name,
      people(rung.reached),
      percent(rung.reach.mean),
      rung.observed && rung.momentum ? percent(rung.momentum.mean) : 'not counted',
      rung.worst === null ? '' : chance(rung.worst),
      '█'.repeat(Math.max(length, rung.reached > 0 ? 1 : 0)),
    ];
  });
  const start = ['  0', 'assigned', people(variant.counted), '', '', '', '█'.repeat(variant.counted === 0 ? 0 : BAR)];
  return [
    `${variant.name}${variant.control ? ' (control)' : ''}: ${people(variant.assigned)} assigned${variant.redirected > 0 ? `, ${people(variant.arrived)} seen to arrive` : ''}`,
    ...columns(
      [['   ', 'rung', 'reached', 'of all', 'momentum', 'worst step', ''], start, ...rows],
      ['l', 'l', 'r', 'r', 'r', 'r', 'l'],
    ),
    '',
  ];
}

function goalTable(report: Report): string[] {
  const comparable = isComparable(report);
  const rows = report.variants.map(({ name, control, counted, goals, goalRate, best, expectedLoss, uplift }) => [
    `  ${name}`,
    people(goals),
    counted > 0 ? percent(goalRate.mean) : '–',
    counted > 0 ? range(goalRate) : '–',
    comparable ? chance(best) : '–',
    comparable ? percent(expectedLoss) : '–',
    control ? 'control' : uplift && comparable ? range(uplift.interval) : '–',
  ]);
  return columns(
    [['  Goal', 'goals', 'rate', '95 % interval', 'P(best)', 'expected loss', 'against control'], ...rows],
    ['l', 'r', 'r', 'r', 'r', 'r', 'r'],
  );
}

/** Steps that all variants share, per visitor assigned; the goal has its own table above. */
function anchorTable({ anchors, variants }: Report): string[] {
  const rows = anchors
    .filter(({ goal }) => !goal)
    .flatMap(({ name, comparisons }) =>
      comparisons.map(({ variant, difference, beatsControl }) => [
        `  ${name}`,
        nameOf({ variants }, variant),
        points(difference.mean),
        `${points(difference.low)} to ${points(difference.high)}`,
        chance(beatsControl),
      ]),
    );
  if (rows.length === 0) return [];
  return [
    ...columns(
      [['  Shared step', 'variant', 'difference', '95 % interval', 'P(higher)'], ...rows],
      ['l', 'l', 'r', 'r', 'r'],
    ),
    '',
  ];
}

/** A difference of two rates, in percentage points. */
const points = (difference: number): string => `${difference > 0 ? '+' : ''}${(difference * 100).toFixed(3)} pp`;
