import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { BUNDLING, bundle, bundleOf, ROOT } from '../infra/bundle.ts';
import { FUNCTIONS } from '../infra/function-names.ts';
import { ENVIRONMENT } from '../shared/contracts/environment.ts';
import { median } from './support/quantile.ts';

/**
 * What a cold start pays for a function's code: the processor time that a fresh process takes to load the bundle, until its handler
 * is there. Every bundle in turn, and again, so that whatever else the machine is doing falls on all of them alike; medians. Starting
 * the runtime is not in it: that is the same for all, and Lambda's.
 */
const ROUNDS = Number(process.argv[2] ?? 21);

const folder = mkdtempSync(join(tmpdir(), 'stepladder-cold-start-'));
const kb = (bytes: number) => Math.round(bytes / 1_000);

type Contestant = { readonly name: string; readonly entry: string; readonly kb: number };

/** A few lines, bundled by a function's own rules or by esbuild's defaults. */
function small(name: string, contents: string, options: object): Contestant {
  const outfile = join(folder, `${name.replace(/\W+/g, '-')}.mjs`);
  buildSync({
    absWorkingDir: ROOT,
    stdin: { contents, resolveDir: ROOT },
    bundle: true,
    outfile,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
    ...options,
  });
  return { name, entry: outfile, kb: kb(statSync(outfile).size) };
}

const CLIENT = `import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
const client = new DynamoDBClient({}); export const handler = () => client.send(new UpdateItemCommand({}));`;
const { mainFields, alias, minify, banner } = BUNDLING;

try {
  mkdirSync(folder, { recursive: true });
  const bundles = bundle(join(folder, 'dist'));
  const contestants: Contestant[] = [
    small('an empty handler', 'export const handler = () => {};', { minify }),
    small('a DynamoDB client, esbuild’s defaults', CLIENT, { minify, banner }),
    small('the same, bundled as ours', CLIENT, { minify, mainFields, alias, banner }),
    ...FUNCTIONS.map((name) => ({
      name,
      entry: join(bundleOf(name, join(folder, 'dist')), 'index.mjs'),
      kb: kb(bundles.find((each) => each.name === name)?.bytes ?? 0),
    })),
  ];
  const times = contestants.map((): { cpu: number; wall: number }[] => []);
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, { entry }] of contestants.entries()) times[i]?.push(loaded(entry));
  const floor = median(times[0]?.map(({ cpu }) => cpu) ?? []);
  console.log('| bundle | kB at once | processor ms | x an empty handler | wall ms |\n|---|---:|---:|---:|---:|');
  for (const [i, { name, kb: size }] of contestants.entries()) {
    const cpu = median(times[i]?.map((each) => each.cpu) ?? []);
    const wall = median(times[i]?.map((each) => each.wall) ?? []);
    console.log(`| ${name} | ${size} | ${cpu.toFixed(1)} | ${(cpu / floor).toFixed(1)} | ${wall.toFixed(1)} |`);
  }
} finally {
  rmSync(folder, { recursive: true });
}

function loaded(entry: string): { cpu: number; wall: number } {
  const script = `const before = process.cpuUsage(), began = performance.now();
    const { handler } = await import(${JSON.stringify(entry)});
    const { user, system } = process.cpuUsage(before);
    console.log(typeof handler === 'function' ? JSON.stringify({ cpu: (user + system) / 1000, wall: performance.now() - began }) : '');`;
  const env = {
    ...Object.fromEntries(ENVIRONMENT.map((name) => [name, 'a-table'])),
    PATH: process.env.PATH,
    AWS_REGION: 'eu-central-1',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { env, encoding: 'utf8' }));
}
