import type { EdgeStore } from '#shared/usecases/ports.ts';

/** Stands in for CloudFront's store. One machine has no edge, but publishing to one can be tried and its outcome read. */
export function memoryEdgeStore(): EdgeStore & { readonly values: ReadonlyMap<string, string> } {
  const values = new Map<string, string>();
  return {
    values,
    put: async (key, value) => {
      values.set(key, value);
    },
    remove: async (key) => {
      values.delete(key);
    },
  };
}
