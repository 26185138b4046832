import type { Report } from '../report.ts';
import { sentence } from '../say.ts';
import { html, type Markup } from './markup.ts';
import { section } from './section.ts';

const WORDS = { passed: 'Passed', failed: 'Not met', noted: 'Noted' } as const;

/** Everything that was looked at on the way to the verdict, what failed first. */
export function checksSection({ verdict }: Report): Markup {
  const order = ['failed', 'noted', 'passed'] as const;
  const reasons = order.flatMap((outcome) => verdict.reasons.filter((reason) => reason.outcome === outcome));
  const failed = reasons.filter(({ outcome }) => outcome === 'failed').length;
  return section(
    'checks',
    'Checks',
    html`<p>${failed === 0 ? 'Everything the policy asks for is met.' : `Of what the policy asks for, ${failed === 1 ? 'one thing is' : `${failed} things are`} not met.`}</p>`,
    html`<ul class="checks">${reasons.map(({ outcome, text }) => html`<li class="${outcome}"><b>${WORDS[outcome]}</b><span>${sentence(text)}</span></li>`)}</ul>`,
  );
}
