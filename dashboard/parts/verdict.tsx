/// <reference lib="dom" />
import { nextSteps, verdictLabel } from '#shared/report/next-steps.ts';
import type { Report } from '#shared/report/report.ts';
import { sentences } from '#shared/report/say.ts';
import type { VerdictKind } from '#shared/verdict/verdict.ts';
import { tight } from '../words.ts';

const TONES: Readonly<Partial<Record<VerdictKind, string>>> = {
  winner: 'decided',
  equivalent: 'decided',
  invalid: 'bad',
  'stopped-by-guardrail': 'bad',
};

/** The verdict in a few words, by its colour whether there is something to do. */
export const VerdictLabel = ({ kind, children }: { kind: VerdictKind; children: string }) => (
  <span class={`label ${TONES[kind] ?? ''}`}>{children}</span>
);

/** What it comes to, in a sentence, and what to do. */
export function Verdict({ report }: { report: Report }) {
  const [said = '', ...more] = sentences(report.verdict.sentence);
  const [next = ''] = nextSteps(report);
  return (
    <section class="verdict" aria-label="Verdict" aria-live="polite">
      <VerdictLabel kind={report.verdict.kind}>{verdictLabel(report)}</VerdictLabel>
      <p class="said">{tight(said)}</p>
      {more.length > 0 && <p class="lead">{tight(more.join(' '))}</p>}
      <p class="next">{tight(next)}</p>
    </section>
  );
}
