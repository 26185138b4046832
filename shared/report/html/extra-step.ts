import { chance, percent } from '../../verdict/words.ts';
import { extraStepSentence } from '../extra-step-sentence.ts';
import type { ExtraSteps } from '../extra-steps.ts';
import type { Report } from '../report.ts';
import { nameOf, range } from '../say.ts';
import { html, type Markup } from './markup.ts';
import { section } from './section.ts';
import { table } from './table.ts';

/** Does asking more bring more? Judged at the goal; what happens at the step explains, and never decides. */
export function extraStepSection(report: Report): Markup | null {
  const { extraSteps, variants } = report;
  if (extraSteps.length === 0 || variants.some(({ counted }) => counted === 0)) return null;
  const plural = extraSteps.some(({ steps }) => steps.length > 1);
  return section(
    'extra-step',
    plural ? 'Do the extra steps earn their place?' : 'Does the extra step earn its place?',
    extraSteps.map((each) => one(report, each)),
  );
}

function one(report: Report, extra: ExtraSteps): Markup {
  const [shorter, longer] = [nameOf(report, extra.shorter), nameOf(report, extra.longer)];
  return html`<p>${extraStepSentence(report, extra)}</p>
${table(
  `The goal rate of ${longer} against that of ${shorter}`,
  ['', 'Probability'],
  [
    [`more than ${percent(extra.delta)} higher: the asking earns its place`, chance(extra.probabilityEarns)],
    [`within ${percent(extra.delta)}: it makes no practical difference`, chance(extra.probabilityEquivalent)],
    [`more than ${percent(extra.delta)} lower: the asking costs`, chance(extra.probabilityCosts)],
  ],
)}
${atTheStep(extra, shorter, longer)}`;
}

function atTheStep({ atTheStep: at, steps }: ExtraSteps, shorter: string, longer: string): Markup {
  const [step] = steps;
  if (at === null)
    return steps.length === 1
      ? html`<p class="quiet">“${step?.name}” itself was not counted, so nothing is said about who stops there.</p>`
      : html`<p class="quiet">With several extra steps there is no single place to point at; the ladder of ${longer} shows where people stop.</p>`;
  const pays = at.breakEven.rate <= 1;
  return html`<ul>
<li><b>Friction.</b> ${percent(at.friction.estimate)} of those who come to “${step?.name}” stop there (95 % interval ${range(at.friction.interval)}).</li>
<li><b>Lift.</b> Those who take it reach the goal ${times(at.lift.estimate)} as often as those at the same place in ${shorter} (${range(at.lift.interval, times)}). They chose to go on, so part of this is who they are.</li>
<li><b>Break-even.</b> ${pays ? `The step pays if more than ${percent(at.breakEven.rate)} take it; ${percent(at.breakEven.observed)} do.` : `Even if everyone took it, it would not pay: those who do reach the goal less often. ${percent(at.breakEven.observed)} take it.`}</li>
</ul>`;
}

const times = (ratio: number): string => `${ratio.toFixed(2)} times`;
