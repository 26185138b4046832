/** A share seen in `runs` independent runs. */
export type Measured = { readonly share: number; readonly runs: number };

/** One line of a calibration table: the setting, what was measured in it, and what was promised. */
export type Line = { readonly what: string; readonly measured: readonly Measured[]; readonly promised: string };

/** The Monte Carlo standard error of a share. */
export const standardError = (share: number, runs: number): number => Math.sqrt((share * (1 - share)) / runs);

/** The table as aligned text, for the output of the tests. */
export function calibrationTable(title: string, columns: readonly string[], lines: readonly Line[]): string {
  const width = Math.max(...lines.map(({ what }) => what.length));
  const head = `  ${''.padEnd(width)} ${columns.map((column) => column.padStart(17)).join(' ')}`;
  const rows = lines.map(({ what, measured, promised }) => {
    const cells = measured.map(({ share, runs }) => {
      const error = (standardError(share, runs) * 100).toFixed(2);
      return `${(share * 100).toFixed(2)} % ± ${error}`.padStart(17);
    });
    return `  ${what.padEnd(width)} ${cells.join(' ')}   ${promised}`;
  });
  return [`${title} (± one Monte Carlo standard error)`, head, ...rows].join('\n');
}
