import { fileURLToPath } from 'node:url';
import { buildSync, type Metafile } from 'esbuild';

/** What CloudFront takes. */
const LIMIT_BYTES = 10_240;

const HANDLER = fileURLToPath(new URL('handler.ts', import.meta.url));

export type EdgeBundle = { readonly code: string; readonly bytes: number; readonly inputs: readonly string[] };

/**
 * The edge function as one file in the subset of JavaScript that CloudFront Functions run (runtime 2.0).
 *
 * ES5 with a list of what is supported beyond it makes the bundler a linter: classes, destructuring, for-of and default
 * arguments fail the build, and so does the library that is missing there. The conformance run in test/edge finds the rest.
 */
export function edgeBundle(entry = HANDLER): EdgeBundle {
  const { outputFiles, metafile, warnings } = buildSync({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es5',
    external: ['cloudfront', 'crypto'],
    supported: {
      'const-and-let': true,
      'async-await': true,
      arrow: true,
      'template-literal': true,
      'rest-argument': true,
      'exponent-operator': true,
      'regexp-named-capture-groups': true,
    },
    treeShaking: true,
    minifyIdentifiers: false,
    minifyWhitespace: true,
    // Off, because it may move an `await` into the arguments of a call, which the runtime refuses.
    minifySyntax: false,
    charset: 'ascii',
    legalComments: 'none',
    metafile: true,
    logLevel: 'silent',
  });
  if (warnings[0]) throw new Error(`the edge bundle: ${warnings[0].text}`);
  return { ...deployable(outputFiles[0]?.text ?? ''), inputs: inputsOf(metafile) };
}

/** Called or asked for a property: what the runtime does not have, or, as `Object.hasOwn`, is not sure to have. */
const MISSING =
  /\b(Map|Set|WeakMap|WeakSet|Proxy|Reflect|BigInt|Intl|URL|URLSearchParams|fetch|setTimeout|setInterval|queueMicrotask|structuredClone|require|process)\b(?=[(.[])|\bObject\.(hasOwn|fromEntries|groupBy)\b/;

/** CloudFront calls the function by its name and refuses `export`. */
export function deployable(bundled: string): { code: string; bytes: number } {
  const code = bundled.replace(/export\s*\{\s*handler\s*\};?\s*$/, '');
  if (code === bundled) throw new Error('the edge bundle does not end by exporting handler');
  if (/\bexport\b/.test(code)) throw new Error('the edge bundle exports more than handler');
  const missing = MISSING.exec(code)?.[0];
  if (missing) throw new Error(`the edge bundle uses ${missing}, which the runtime does not have`);
  const bytes = Buffer.byteLength(code);
  if (bytes > LIMIT_BYTES) throw new Error(`the edge bundle has ${bytes} bytes; CloudFront takes ${LIMIT_BYTES}`);
  return { code, bytes };
}

const inputsOf = ({ outputs }: Metafile): string[] =>
  Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
