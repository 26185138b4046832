/**
 * The element at an index that the loop around it keeps in range.
 * `noUncheckedIndexedAccess` would have every such read say `number | undefined`; it is said once, here.
 */
export const at = (values: Float64Array, index: number): number => values[index] as number;
