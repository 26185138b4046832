import type { Findings } from './audit.ts';
import type { Heard } from './callers.ts';

export type Row = {
  readonly what: string;
  readonly heard: Heard;
  /** How often each thing went wrong. */
  readonly faults: Readonly<Record<string, number>>;
  readonly findings: Findings;
};

/** What was put through and what came of it, one line a scenario: for whoever reads the output of the suite. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map(({ what, heard, faults, findings }) => {
    const kinds = Object.entries(faults).filter(([, times]) => times > 0);
    const repeated = heard.failed + heard.busy + heard.unanswered;
    return [
      what,
      heard.told.length,
      heard.requests,
      kinds.reduce((sum, [, times]) => sum + times, 0),
      repeated,
      findings.lost,
      findings.double,
      findings.lies,
      findings.drift,
      kinds.map(([kind, times]) => `${kind} ${times}`).join(', '),
    ].map(String);
  });
  const head = ['', 'events', 'requests', 'faults', 'repeated', 'lost', 'double', 'untrue', 'drift', 'faults by kind'];
  const widths = head.map((name, i) => Math.max(name.length, ...cells.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (i === 0 || i === row.length - 1 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return [head, ...cells].map(line).join('\n');
}
