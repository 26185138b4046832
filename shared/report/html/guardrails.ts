import { chance, level, listed, percent } from '../../verdict/words.ts';
import { GUARDRAIL_WORDS } from '../guardrail-sentence.ts';
import type { Report } from '../report.ts';
import { capital, nameOf } from '../say.ts';
import { html, type Markup } from './markup.ts';
import { section } from './section.ts';
import { table } from './table.ts';

/** The lines no variant may cross on its way to the goal. */
export function guardrailsSection(report: Report): Markup | null {
  const { guardrails = [] } = report;
  if (guardrails.length === 0) return null;
  const of = (outcome: keyof typeof GUARDRAIL_WORDS) => guardrails.filter((each) => each.outcome === outcome);
  const told = (each: (typeof guardrails)[number]) => `“${each.name}” by ${nameOf(report, each.variant)}`;
  const [crossed, warned] = [of('crossed'), of('warned')];
  return section(
    'guardrails',
    'Guardrails',
    html`<p>${
      crossed.length > 0
        ? `Crossed: ${listed(crossed.map(told))}. No winner is named while a guardrail is crossed.`
        : warned.length > 0
          ? `Nothing is crossed, but look at ${listed(warned.map(told))}.`
          : 'Nothing says that a variant does harm.'
    }${crossed.length > 0 && warned.length > 0 ? ` Look also at ${listed(warned.map(told))}.` : ''}</p>`,
    table(
      'Every treatment against the control, among everyone so far',
      [
        'Guardrail',
        'Variant',
        'Outcome',
        'Control',
        'Variant has',
        'Tolerated',
        'P(worse), one look',
        'Evidence, to 1',
      ],
      guardrails.map((each) => [
        capital(each.name),
        nameOf(report, each.variant),
        GUARDRAIL_WORDS[each.outcome],
        each.control === null ? '–' : level(each.kind, each.control),
        each.treatment === null ? '–' : `${level(each.kind, each.treatment)}${changeOf(each.ratio)}`,
        `${each.margin === 0 ? 'no' : percent(each.margin)} ${each.better === 'higher' ? 'less' : 'more'}`,
        each.outcome === 'unknown' ? '–' : chance(each.probabilityOfHarm),
        each.outcome === 'unknown' ? '–' : times(each.logEvidence),
      ]),
    ),
    html`<p class="quiet">Read of everyone who came so far, windows open or closed: visitors of one day were watched equally long in both variants, so an open window favours neither, and a harm shows before its visitors are mature. The levels are comparable with each other and with no other number here. The evidence is made to be read every day, and only it warns or stops${acts(guardrails)}: of experiments without harm, at most one in twenty ever sees a false warning, and at most one in twenty a false stop. The probability is for a single look, such as the one before a winner is shipped.</p>`,
  );
}

/** What the evidence must reach, by action. */
function acts(guardrails: NonNullable<Report['guardrails']>): string {
  const asked = (['warn', 'stop'] as const).flatMap((action) => {
    const found = guardrails.find((each) => each.action === action);
    return found ? [`${action === 'warn' ? 'a warning' : 'a stop'} asks for ${times(found.needed)} to 1`] : [];
  });
  return ` (${listed(asked)})`;
}

const changeOf = (ratio: number | null): string =>
  ratio === null ? '' : ` (${ratio < 1 ? '−' : '+'}${percent(Math.abs(ratio - 1))})`;

function times(logEvidence: number): string {
  const odds = Math.exp(Math.min(logEvidence, 700));
  if (odds >= 1e6) return 'over a million';
  return odds >= 10 ? odds.toFixed(0) : odds >= 0.1 ? odds.toFixed(1) : 'under 0.1';
}
