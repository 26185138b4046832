import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Plugin } from 'esbuild';

const HERE = import.meta.dirname;

/** What is built, and how many bytes of gzip -9 each may have: at most 2.5 KB where the browser assigns, 1.5 KB and a bit where the server does. */
export const BUNDLES = {
  'stepladder.js': { format: 'esm', entry: 'stepladder.ts', gzipBytes: 2500 },
  'stepladder.tag.js': { format: 'iife', entry: 'stepladder.tag.ts', gzipBytes: 2500 },
  'stepladder-api.js': { format: 'esm', entry: 'stepladder-api.ts', gzipBytes: 1540 },
  'stepladder-api.tag.js': { format: 'iife', entry: 'stepladder-api.tag.ts', gzipBytes: 1540 },
} as const;
export type BundleName = keyof typeof BUNDLES;
export const BUNDLE_NAMES = Object.keys(BUNDLES) as BundleName[];

/** The small hash of the same numbers; see murmur3.ts here. */
const smallHash: Plugin = {
  name: 'small-hash',
  setup: ({ onResolve }) => onResolve({ filter: /\/murmur3\.ts$/ }, () => ({ path: join(HERE, 'murmur3.ts') })),
};

export async function bundle(name: BundleName): Promise<string> {
  const { format, entry } = BUNDLES[name];
  const { outputFiles } = await build({
    entryPoints: [join(HERE, entry)],
    bundle: true,
    minify: true,
    write: false,
    format,
    target: 'es2022',
    // Without it esbuild puts "use strict" before a script, because our tsconfig is strict.
    tsconfigRaw: {},
    plugins: [smallHash],
  });
  return outputFiles[0]?.text ?? '';
}

/** The types of both modules. The files they come from hold nothing but types, so they are declarations as they stand. */
export async function declarations(): Promise<string> {
  const sources = await Promise.all(
    ['types.ts', '../shared/experiment/packed.ts'].map((file) => readFile(join(HERE, file), 'utf8')),
  );
  const types = sources.join('\n').replace(/^(import type|\/\/) .*\n+/gm, '');
  return `${types}
export declare const stepladder: (options?: Options) => Ladder;

declare global {
  /** What the script tag makes. */
  var Stepladder: Ladder;
}
`;
}

export const gzipBytes = (text: string): number => gzipSync(text, { level: 9 }).length;

/** Writes everything to a folder, and gives back the sizes. */
export async function writeClient(folder: string): Promise<Record<string, number>> {
  await mkdir(folder, { recursive: true });
  const sizes: Record<string, number> = {};
  for (const name of BUNDLE_NAMES) {
    const text = await bundle(name);
    await writeFile(join(folder, name), text);
    sizes[name] = gzipBytes(text);
  }
  const types = await declarations();
  for (const name of ['stepladder.d.ts', 'stepladder-api.d.ts']) await writeFile(join(folder, name), types);
  return sizes;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = join(HERE, '../dist/client');
  const sizes = await writeClient(folder);
  for (const name of BUNDLE_NAMES)
    console.log(`${name.padEnd(22)} ${String(sizes[name]).padStart(5)} bytes of ${BUNDLES[name].gzipBytes}`);
}
