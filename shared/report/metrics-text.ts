import { chance, level, listed, money, people, percent } from '../verdict/words.ts';
import { columns, wrapped } from './columns.ts';
import { intentSentence } from './intent-sentence.ts';
import type { Report } from './report.ts';
import { capital, controlOf, nameOf, range, times } from './say.ts';
import { spendSentence } from './spend-sentence.ts';

/** What was measured besides the ladder, for a terminal: each block only where there is something to tell. */
export const metricsText = (report: Report): string[] => [
  ...metricsTable(report),
  ...intentLines(report),
  ...spendTable(report),
  ...adviceLines(report),
];

function metricsTable(report: Report): string[] {
  const { metrics = [] } = report;
  if (metrics.length === 0) return [];
  const rows = metrics.flatMap((metric) => {
    // In a column whose neighbour names the unit, a range is two numbers.
    const figure = (amount: number) => level(metric.kind, amount).replace(' weeks', '');
    return [
      [`  ${capital(metric.name)}`, '', '', '', ''],
      ...metric.variants.map(({ variant, visitors, level: mean, comparison }) => [
        `    ${nameOf(report, variant)}`,
        people(visitors),
        mean ? level(metric.kind, mean.mean) : '–',
        mean ? range(mean, figure) : '–',
        comparison ? chance(comparison.better) : variant === controlOf(report)?.id ? 'control' : '–',
      ]),
    ];
  });
  const head = ['  Measured besides', 'visitors', 'level', '95 % interval', 'P(better)'];
  const weekly = metrics.flatMap((metric) =>
    (metric.weeks?.weeks ?? []).flatMap(({ week, variants }) =>
      wrapped(
        `${capital(metric.name)}, week ${week}: ${variants.map(({ variant, rate }) => `${nameOf(report, variant)} ${percent(rate.mean)}`).join(', ')}`,
        96,
      ).map((line) => `  ${line}`),
    ),
  );
  const fading = metrics.flatMap((metric) =>
    (metric.weeks?.novelty ?? [])
      .filter(({ verdict }) => verdict === 'fades')
      .map(({ variant }) => `  Novelty: what ${nameOf(report, variant)} does for “${metric.name}” wears off.`),
  );
  const rough = metrics.filter(({ variants }) => variants.some(({ trust }) => trust?.trusted === false));
  const warning =
    rough.length > 0
      ? wrapped(
          `Rough, because a few visitors make most of it and there are too few visitors for that: ${listed(rough.map(({ name }) => name))}.`,
          96,
        ).map((line) => `  ${line}`)
      : [];
  return [...columns([head, ...rows], ['l', 'r', 'r', 'r', 'r']), ...weekly, ...fading, ...warning, ''];
}

const intentLines = (report: Report): string[] =>
  report.intent ? [...wrapped(`Early, mid, late: ${intentSentence(report, report.intent)}`, 96), ''] : [];

/** Whoever would have bought anyway is no return on what was spent: only what lies beyond the control is. */
function spendTable(report: Report): string[] {
  const { spend } = report;
  if (!spend) return [];
  const said = wrapped(spendSentence(report, spend), 96);
  if (!spend.valued) return [...said, ''];
  const rows = spend.variants.map(({ variant, valuePerVisitor, costPerVisitor, profitPerVisitor, extra }) => [
    `  ${nameOf(report, variant)}`,
    money(valuePerVisitor.mean),
    money(costPerVisitor),
    money(profitPerVisitor.mean),
    range(profitPerVisitor, money),
    extra === null ? 'control' : extra.roi ? times(extra.roi.mean) : 'nothing more spent',
  ]);
  return [
    ...columns(
      [['  Per visitor', 'value', 'cost', 'profit', '95 % interval', 'beyond the control, return'], ...rows],
      ['l', 'r', 'r', 'r', 'r', 'r'],
    ),
    ...said.map((line) => `  ${line}`),
    '',
  ];
}

function adviceLines({ advice = [] }: Report): string[] {
  if (advice.length === 0) return [];
  return [
    'Advice',
    ...advice.flatMap(({ found, attempt }) =>
      wrapped(`${found} ${attempt}`, 94).map((line, i) => `  ${i === 0 ? '→' : ' '} ${line}`),
    ),
    '',
  ];
}
