import { pathToFileURL } from 'node:url';
import { type Bundle, bundle } from './bundle.ts';
import type { FunctionName } from './function-names.ts';

/** The most bytes a cold start may read and compile; what a bundle imports late is not among them. Raising one is a decision, not a fix. */
export const BUDGETS: Readonly<Record<FunctionName, number>> = {
  redirect: 245_000,
  site: 290_000,
  admin: 345_000,
  tally: 230_000,
  /** Nobody waits for it: once a day. */
  report: 320_000,
  exposures: 230_000,
};

export const overBudget = (bundles: readonly Bundle[]): Bundle[] =>
  bundles.filter(({ name, bytes }) => bytes > BUDGETS[name]);

export function budgetTable(bundles: readonly Bundle[]): string {
  const number = (value: number) => value.toLocaleString('en').padStart(9);
  const rows = bundles.map(
    ({ name, bytes }) =>
      `${name.padEnd(10)}${number(bytes)}${number(BUDGETS[name])}${number(BUDGETS[name] - bytes)}${bytes > BUDGETS[name] ? '  over' : ''}`,
  );
  return [`${'function'.padEnd(10)}${'bytes'.padStart(9)}${'budget'.padStart(9)}${'left'.padStart(9)}`, ...rows].join(
    '\n',
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const bundles = bundle();
  console.log(budgetTable(bundles));
  if (overBudget(bundles).length > 0) process.exitCode = 1;
}
