import { holdsBack } from '../verdict/guardrail-standing.ts';
import { chance, listed, people, percent, plural } from '../verdict/words.ts';
import type { Report } from './report.ts';
import { between, controlOf, nameOf } from './say.ts';

/** The verdict in a few words, for a label, a subject line, a list. */
export function verdictLabel(report: Report): string {
  const { verdict } = report;
  const name = verdict.variant === undefined ? '' : nameOf(report, verdict.variant);
  const isControl = verdict.variant === controlOf(report)?.id;
  const labels = {
    collecting: 'Still collecting',
    invalid: 'Do not read this result',
    'keep-running': pastPlan(report) ? 'No clear winner' : 'Keep running',
    winner: isControl ? `Keep ${name}` : `Winner: ${name}`,
    equivalent: `No practical difference: take ${name}`,
    'stopped-by-guardrail':
      report.experiment.status === 'running' ? 'A guardrail is crossed' : 'Stopped by a guardrail',
  } as const;
  return labels[verdict.kind];
}

/** What to do next, most important first; never empty. */
export function nextSteps(report: Report): string[] {
  return [...decision(report), ...weigh(report), ...repairs(report), ...whereToLook(report)];
}

const pastPlan = ({ verdict, experiment }: Report): boolean =>
  experiment.status === 'concluded' ||
  verdict.reasons.some(({ check, outcome }) => check === 'planned-end' && outcome !== 'noted');

function decision(report: Report): string[] {
  const { verdict, experiment } = report;
  const concluded = experiment.status === 'concluded';
  const serves = concluded ? `It is concluded; everyone gets ${nameOf(report, experiment.shipped ?? '')}.` : undefined;
  const chosen = verdict.variant === undefined ? '' : nameOf(report, verdict.variant);
  switch (verdict.kind) {
    case 'winner':
    case 'equivalent':
      if (!concluded) return [`Conclude the experiment and give everyone ${chosen}.`];
      return experiment.shipped === verdict.variant
        ? [serves ?? '']
        : [`${serves} The verdict is for ${chosen}: give everyone that instead, or write down why not.`];
    case 'invalid':
      return [
        'Do not use these numbers. Find out why visitors were not assigned as the weights ask: a redirect that fails for one variant, a page cached with one variant in it, a filter that drops one kind of visitor, or two systems assigning at once.',
        'Then start again as a new experiment: what was counted under the fault cannot be mended.',
      ];
    case 'stopped-by-guardrail':
      return [
        concluded
          ? experiment.shipped === controlOf(report)?.id
            ? `${serves} A guardrail is crossed, and the control is what crosses none.`
            : `${serves} A guardrail is crossed: give everyone the control instead, or write down why not.`
          : experiment.status === 'paused'
            ? 'It is paused, and everyone gets the control. Look at the guardrail that is crossed before anything else. Whoever resumes it takes that on: the same guardrail does not stop it again.'
            : 'Give everyone the control, and look at the guardrail that is crossed before anything else. The nightly run pauses an experiment once for each; one that runs on has been resumed by somebody who knew.',
      ];
    case 'collecting':
      return [
        concluded
          ? `${serves} It ended before there was enough to judge.`
          : 'Leave it running, and do not read the rates yet: this early they say more about chance than about the ladders.',
        ...forecast(report),
      ];
    case 'keep-running':
      return pastPlan(report)
        ? undecided(report, serves)
        : ['Leave it running to its planned end.', ...forecast(report)];
  }
}

/** The planned end is over and the difference still unclear: that is a result too, and it has a price tag. */
function undecided(report: Report, serves: string | undefined): string[] {
  const control = controlOf(report);
  const ranges = report.variants.flatMap(({ name, uplift }) =>
    uplift ? [`${name} brings ${between(uplift.interval)}`] : [],
  );
  const what =
    ranges.length > 0
      ? ` What is known: at the goal, ${listed(ranges)} than ${control?.name ?? 'the control'} (95 % interval).`
      : '';
  return [
    `${serves ? `${serves} ` : ''}The difference, if there is one, is too small for this many visitors to show.${what}`,
    serves
      ? 'If a difference of that size would matter, plan a new and longer experiment for it; otherwise the shorter ladder costs visitors less.'
      : 'Either conclude and keep the shorter ladder, or decide that a difference of that size matters and plan a longer experiment for it.',
    ...(serves ? [] : forecast(report)),
  ];
}

function forecast({ outlook }: Report): string[] {
  if (outlook === null) return [];
  const end =
    outlook.plannedEndInDays === null ? '' : ` The planned end is in ${plural(outlook.plannedEndInDays, 'day')}.`;
  return outlook.likelyInDays === null
    ? [
        `If it goes on like this, a decision within ${plural(outlook.lookedAtDays, 'day')} has a chance of ${percent(outlook.decidedByThen)}.${end}`,
      ]
    : [
        `If it goes on like this, a decision is more likely than not within ${plural(outlook.likelyInDays, 'day')}.${end}`,
      ];
}

/** What should be weighed before anyone acts on the verdict. */
function weigh(report: Report): string[] {
  const { guardrails = [], intent, verdict } = report;
  // A doubt is one look's, and matters once there is something to ship; a warning is there whenever it is read.
  const weighed = guardrails.filter(
    (each) => each.outcome === 'warned' || (each.outcome === 'clear' && verdict.kind === 'winner' && holdsBack(each)),
  );
  return [
    ...weighed.map(
      ({ name, variant, probabilityOfHarm, outcome }) =>
        `Weigh the guardrail “${name}” first: ${nameOf(report, variant)} is worse there than is tolerated with probability ${chance(probabilityOfHarm)} at this look. It is a ${outcome === 'warned' ? 'warning' : 'doubt, which a single look may raise by chance,'} and no stop, and it holds back the automatic conclusion.`,
    ),
    ...(intent?.verdict === 'per-stage' && (verdict.kind === 'winner' || verdict.kind === 'keep-running')
      ? [
          `One variant for all is not the best there is: ${listed(intent.stages.map(({ stage, best }) => `${nameOf(report, best ?? '')} for ${stage} visitors`))} would bring more. Send them apart by what tells the stages apart.`,
        ]
      : []),
  ];
}

function repairs(report: Report): string[] {
  const { verdict, drift, approximate, experiment } = report;
  return [
    ...(verdict.reasons.some(({ check, outcome }) => check === 'redirect-loss' && outcome === 'failed')
      ? [
          'The redirect loses visitors of some variants on the way. The comparison still stands, because everyone assigned is in it; the loss itself is worth mending.',
        ]
      : []),
    ...(drift !== 0
      ? [
          `The live counts are ${people(drift)} off the recount this report is made from. Unless visitors are coming in right now, repair the tallies.`,
        ]
      : []),
    ...(approximate && experiment.status !== 'concluded'
      ? ['Part of the visitors were counted by the edge, whose logs may miss a few: read the rates as approximate.']
      : []),
  ];
}

/** Where each ladder that is still climbed loses most, where that is known. Descriptive. */
function whereToLook({ variants, verdict, experiment }: Report): string[] {
  if (verdict.kind === 'invalid' || verdict.kind === 'collecting' || verdict.kind === 'stopped-by-guardrail') return [];
  const climbed = experiment.status === 'concluded' ? variants.filter(({ id }) => id === experiment.shipped) : variants;
  return climbed.flatMap(({ name, rungs }) => {
    const worst = rungs.find((rung) => (rung.worst ?? 0) >= 0.95);
    if (worst?.momentum === undefined || worst.momentum === null) return [];
    return [
      `To improve ${name}, look first at “${worst.name}”: of those who come to it ${percent(worst.momentum.mean)} take it, the largest loss of that ladder.`,
    ];
  });
}
