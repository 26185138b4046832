/** Remembers the worst error of each quantity against its references, for the table in the test output. */
export function worstErrors(title: string) {
  const worst = new Map<string, { error: number; allowed: number; cases: number }>();
  return {
    /** Notes an error and says whether it is allowed. A value that is not a number never is. */
    allows(quantity: string, error: number, allowed: number): boolean {
      const known = worst.get(quantity) ?? { error: 0, allowed, cases: 0 };
      worst.set(quantity, { error: Math.max(known.error, Math.abs(error)), allowed, cases: known.cases + 1 });
      return Math.abs(error) <= allowed;
    },
    table(): string {
      const width = Math.max(...[...worst.keys()].map((quantity) => quantity.length));
      const rows = [...worst].map(
        ([quantity, { error, allowed, cases }]) =>
          `  ${quantity.padEnd(width)}  ${error.toExponential(1).padStart(8)}  (allowed ${allowed.toExponential(0)}, ${cases} values)`,
      );
      return [title, ...rows].join('\n');
    },
  };
}

/** Relative error, or the absolute one where the reference is zero. */
export const relativeError = (actual: number, reference: number): number =>
  reference === 0 ? actual : (actual - reference) / reference;
