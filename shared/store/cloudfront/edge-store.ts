import type { EdgeStore } from '../../usecases/ports.ts';

/** The calls of the KeyValueStore API, as `CloudFrontKeyValueStore` of the SDK has them. */
export type KeyValueStoreCalls = {
  describeKeyValueStore(input: { KvsARN: string }): Promise<{ ETag: string | undefined }>;
  putKey(input: { KvsARN: string; Key: string; Value: string; IfMatch: string }): Promise<unknown>;
  deleteKey(input: { KvsARN: string; Key: string; IfMatch: string }): Promise<unknown>;
};

/** Every write names the version of the whole store it was made for, so writers of other experiments conflict too. */
const ATTEMPTS = 6;

/** CloudFront's KeyValueStore. A conflict is tried again with the version that won; what fails for any other reason fails. */
export function cloudFrontEdgeStore(
  calls: KeyValueStoreCalls,
  KvsARN: string,
  pause: (attempt: number) => Promise<void> = backOff,
): EdgeStore {
  return {
    put: (Key, Value) => write((IfMatch) => calls.putKey({ KvsARN, Key, Value, IfMatch })),
    remove: (Key) =>
      write((IfMatch) => calls.deleteKey({ KvsARN, Key, IfMatch })).catch((error: unknown) => {
        if (nameOf(error) !== 'ResourceNotFoundException') throw error;
      }),
  };

  async function write(call: (version: string) => Promise<unknown>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const { ETag } = await calls.describeKeyValueStore({ KvsARN });
      if (ETag === undefined) throw new Error('the key-value store told no version of itself');
      try {
        await call(ETag);
        return;
      } catch (error) {
        if (nameOf(error) !== 'ConflictException' || attempt === ATTEMPTS) throw error;
        await pause(attempt);
      }
    }
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');

/** Of two writers that met, one should come later than the other the next time. */
const backOff = (attempt: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, 50 * 2 ** attempt * (0.5 + Math.random())));
