/**
 * Inverse and log-determinant of a small symmetric positive definite matrix, by Gauss and Jordan without pivoting (which
 * such matrices do not need).
 *
 * For a dozen rows; throws where the matrix is singular.
 * @example inverse([[2, 0], [0, 4]]) // { inverse: [[0.5, 0], [0, 0.25]], logDeterminant: log 8 }
 */
export function inverse(matrix: readonly (readonly number[])[]): {
  readonly inverse: readonly (readonly number[])[];
  readonly logDeterminant: number;
} {
  const size = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  let logDeterminant = 0;
  for (let i = 0; i < size; i += 1) {
    const pivotRow = rows[i] ?? [];
    const pivot = pivotRow[i] ?? 0;
    if (!(pivot > 0)) throw new RangeError(`inverse requires a positive definite matrix, got a pivot of ${pivot}`);
    logDeterminant += Math.log(pivot);
    const scaled = pivotRow.map((value) => value / pivot);
    rows.forEach((row, k) => {
      const factor = row[i] ?? 0;
      rows[k] = k === i ? scaled : row.map((value, j) => value - factor * (scaled[j] ?? 0));
    });
  }
  return { inverse: rows.map((row) => row.slice(size)), logDeterminant };
}
