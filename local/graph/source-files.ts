import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A source file as the architecture sees it: its path from the root, and all it imports, types included. */
export type SourceFile = {
  readonly path: string;
  readonly text: string;
  /** Paths from the root for our own files, names for packages. */
  readonly imports: readonly string[];
  /** The same without what is imported for its types only. */
  readonly running: readonly string[];
};

/** Every TypeScript file under a folder of the project. */
export function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'))
    .map((name) => join(folder, name))
    .sort()
    .map((path) => {
      const text = readFileSync(join(ROOT, path), 'utf8');
      const importsIn = (code: string) => importsOf(code).map((from) => resolved(path, from));
      return { path, text, imports: importsIn(text), running: importsIn(text.replace(TYPES_ONLY, '')) };
    });
}

const TYPES_ONLY = /^\s*(?:import|export) type\b[^;]*;/gm;

const importsOf = (text: string): string[] => [
  ...[...text.matchAll(/^\s*(?:import|export)\b[^;'"]*?\bfrom\s*['"]([^'"]+)['"]/gm)].map(([, from = '']) => from),
  ...[...text.matchAll(/^\s*import\s*['"]([^'"]+)['"]/gm)].map(([, from = '']) => from),
  ...[...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)].map(([, from = '']) => from),
];

function resolved(path: string, from: string): string {
  if (from.startsWith('#')) return from.slice(1);
  if (from.startsWith('.')) return relative(ROOT, join(ROOT, dirname(path), from));
  return from;
}

/** The text without comments, so that a sentence about the clock is no use of it. Good enough for code that biome formats. */
export const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
