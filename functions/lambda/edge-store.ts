import { readEnvironment } from '#shared/contracts/environment.ts';
import type { EdgeStore } from '#shared/usecases/ports.ts';

/**
 * The store that the edge reads, where this installation has one. Its client is a chunk of its own beside the bundle and is loaded
 * with the first change of an experiment: most calls change none.
 */
export function edgeStore(): EdgeStore | undefined {
  const { EDGE_STORE_ARN } = readEnvironment(process.env);
  if (!EDGE_STORE_ARN) return undefined;
  const store = async () => (await import('#shared/store/cloudfront/client.ts')).edgeStoreOf(EDGE_STORE_ARN);
  return {
    put: async (key, value) => (await store()).put(key, value),
    remove: async (key) => (await store()).remove(key),
  };
}
