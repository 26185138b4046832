import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ENVIRONMENT } from '#shared/contracts/environment.ts';
import { BUDGETS, budgetTable, overBudget } from '../../infra/budgets.ts';
import { bundle, bundleOf } from '../../infra/bundle.ts';
import { FUNCTIONS, type FunctionName } from '../../infra/function-names.ts';

const dist = mkdtempSync(join(tmpdir(), 'stepladder-bundles-'));
afterAll(() => rmSync(dist, { recursive: true }));
const bundles = bundle(dist);
const of = (name: FunctionName) => {
  const found = bundles.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no bundle of ${name}`);
  return found;
};

describe('bundles', () => {
  it('are within their budgets, none of which is above 420 kB', () => {
    expect(overBudget(bundles), budgetTable(bundles)).toEqual([]);
    expect(Math.max(...Object.values(BUDGETS))).toBeLessThanOrEqual(420_000);
  });

  it('make the redirect the smallest of the functions that someone waits for', () => {
    expect(of('redirect').bytes).toBeLessThan(of('site').bytes);
    expect(of('redirect').bytes).toBeLessThan(of('admin').bytes);
  });

  it('leave zod out of the redirect, which reads no body', () => {
    expect(of('redirect').inputs.filter((path) => path.includes('node_modules/zod/'))).toEqual([]);
  });

  it.each(FUNCTIONS)('leave every language of zod but English out of %s', (name) => {
    expect(of(name).inputs.filter((path) => /zod\/.*locales\/(?!en\.|index)/.test(path))).toEqual([]);
  });

  it.each(FUNCTIONS)('hold one SDK client for %s, and no way to credentials but the environment', (name) => {
    const clients = of(name).inputs.flatMap((path) => /@aws-sdk\/(client-[\w-]+)/.exec(path)?.[1] ?? []);
    expect([...new Set(clients)]).toEqual(['client-dynamodb']);
    expect(of(name).inputs.filter((path) => /credential-provider|nested-clients/.test(path))).toEqual([]);
  });

  it.each(FUNCTIONS)('load in a fresh process and hand out the handler of %s, with two parameters at most', (name) => {
    // Node 24 on Lambda refuses to start a handler with a third parameter: it takes it for a callback.
    const script = `const { handler } = await import(${JSON.stringify(join(bundleOf(name, dist), 'index.mjs'))}); console.log(typeof handler, handler.length <= 2)`;
    const environment = Object.fromEntries(ENVIRONMENT.map((variable) => [variable, 'a-table']));
    const env = {
      ...environment,
      PATH: process.env.PATH,
      AWS_REGION: 'eu-central-1',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    };
    expect(execFileSync(process.execPath, ['--input-type=module', '-e', script], { env, encoding: 'utf8' })).toBe(
      'function true\n',
    );
  });

  it('come with source maps beside them, which no bundle points to', () => {
    for (const name of FUNCTIONS) {
      expect(JSON.parse(readFileSync(join(bundleOf(name, dist), 'index.mjs.map'), 'utf8'))).toHaveProperty('mappings');
      expect(readFileSync(join(bundleOf(name, dist), 'index.mjs'), 'utf8')).not.toContain('sourceMappingURL');
    }
  });
});
