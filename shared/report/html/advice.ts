import type { Report } from '../report.ts';
import { html, type Markup } from './markup.ts';
import { section } from './section.ts';

const TITLES = {
  'first-ask': 'The first ask is big',
  'no-value-first': 'Nothing is given before the ask',
  'leads-nowhere': 'A step that leads nowhere',
  'unearned-step': 'More steps than earn their place',
  'repeated-ask': 'An ask that repeats',
} as const;

/** What might be tried next on the ladders themselves. Advice, never a verdict. */
export function adviceSection({ advice = [] }: Report): Markup | null {
  if (advice.length === 0) return null;
  return section(
    'advice',
    'Advice on the ladders',
    html`<p>From rules that are written down, with the number behind each. They look at the ladders, not at the winner, and decide nothing; each is a guess worth an experiment.</p>`,
    html`<ul class="advice">${advice.map(({ rule, found, attempt }) => html`<li><b>${TITLES[rule]}.</b> ${found} <em>${attempt}</em></li>`)}</ul>`,
  );
}
