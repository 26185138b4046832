import { ADVICE_TITLES } from '../advice/titles.ts';
import type { Report } from '../report.ts';
import { html, type Markup } from './markup.ts';
import { section } from './section.ts';

/** What might be tried next on the ladders themselves. Advice, never a verdict. */
export function adviceSection({ advice = [] }: Report): Markup | null {
  if (advice.length === 0) return null;
  return section(
    'advice',
    'Advice on the ladders',
    html`<p>From rules that are written down, with the number behind each. They look at the ladders, not at the winner, and decide nothing; each is a guess worth an experiment.</p>`,
    html`<ul class="advice">${advice.map(({ rule, found, attempt }) => html`<li><b>${ADVICE_TITLES[rule]}.</b> ${found} <em>${attempt}</em></li>`)}</ul>`,
  );
}
