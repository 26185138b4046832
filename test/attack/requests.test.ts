import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '#shared/contracts/routes.ts';
import { anyCall, type Call, type Operation, operations, validBody } from '../openapi/call.ts';
import { expectDocumented } from '../openapi/documented.ts';
import { openTarget, type Target } from '../openapi/target.ts';
import { mutantOf, TEXT_MUTATIONS } from './mutant.ts';

/** How long each goes on. More by hand: FUZZ_SECONDS=600 npx vitest run test/attack/requests.test.ts */
const SECONDS = Number(process.env.FUZZ_SECONDS ?? 4);
const PATIENCE = 5;

let target: Target;
let valid: readonly { readonly operation: Operation; readonly values: readonly unknown[] }[];
beforeAll(async () => {
  target = await openTarget();
  // The same draws every time: what matters of these is that no pair of mutation and endpoint is left out.
  valid = operations
    .filter(({ requestBody }) => requestBody !== undefined)
    .map((operation) => ({
      operation,
      values: fc.sample(validBody(operation, target.names), { numRuns: 2, seed: 9 }),
    }));
});
afterAll(() => target?.site.stop());

const STACK = /\bat (?:async )?[\w.<>]+ \(|node_modules|node:internal|\.ts:\d+|\.js:\d+:\d+/;
const CLEAN = Object.getOwnPropertyNames(Object.prototype);

async function expectSafe(call: Call): Promise<number> {
  const answer = await target.send(call);
  const told = `${call.operation.operationId} ${call.body?.slice(0, 200)}: ${answer.text.slice(0, 300)}`;
  expect(target.bugs, told).toEqual([]);
  expect(answer.status, told).toBeLessThan(500);
  expectDocumented(call, answer);
  expect(answer.text).not.toMatch(STACK);
  const ofrep = call.operation.operationId.startsWith('evaluate');
  const page = ['redirect', 'openLink'].includes(call.operation.operationId);
  if (answer.status >= 400)
    expect(answer.type, told).toBe(
      ofrep ? 'application/json' : page ? 'text/html; charset=utf-8' : 'application/problem+json',
    );
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(CLEAN);
  return answer.status;
}

describe('a request with one thing wrong', () => {
  it(
    'is answered as documented by every endpoint: never a 5xx, never a stack, never a trace on other objects',
    async () => {
      const calls = anyCall(target.names, (operation) =>
        mutantOf(validBody(operation, target.names)).map((body) => ({ body, isBase64Encoded: false })),
      );
      let refused = 0;
      const spoilt = fc.asyncProperty(calls, async (call) => {
        if ((await expectSafe(call)) >= 400) refused += 1;
      });
      // A machine that has other work to do gets more time to meet some refusals.
      for (let round = 0; round < PATIENCE && refused < 20; round++)
        await fc.assert(spoilt, {
          numRuns: 1_000_000,
          interruptAfterTimeLimit: SECONDS * 1000,
          markInterruptAsFailure: false,
          endOnFailure: true,
        });
      expect(refused).toBeGreaterThanOrEqual(20);
    },
    (SECONDS * PATIENCE + 40) * 1000,
  );

  it.each(Object.keys(TEXT_MUTATIONS))('may have %s, at every endpoint that takes a body', async (name) => {
    for (const { operation, values } of valid)
      for (const value of values)
        await expectSafe({
          operation,
          path: routes[operation.operationId].path.replace(/\{\w+\}/g, 'shop'),
          query: '',
          headers: { authorization: `Bearer ${target.names.bearer?.[0]}` },
          body: TEXT_MUTATIONS[name]?.(JSON.stringify(value ?? {}), 3) ?? '',
          isBase64Encoded: false,
        });
  });
});
