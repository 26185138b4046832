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
 * arguments fail the build. It does not see what is missing from the library, such as Map; the conformance run in test/edge does.
 */
export function edgeBundle(entry = HANDLER): EdgeBundle {
  const { outputFiles, metafile } = buildSync({
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
  return { ...deployable(outputFiles[0]?.text ?? ''), inputs: inputsOf(metafile) };
}

/** CloudFront calls the function by its name and refuses `export`. */
export function deployable(bundled: string): { code: string; bytes: number } {
  const code = bundled.replace(/export\s*\{\s*handler\s*\};?\s*$/, '');
  if (code === bundled) throw new Error('the edge bundle does not end by exporting handler');
  if (/\bexport\b/.test(code)) throw new Error('the edge bundle exports more than handler');
  const bytes = Buffer.byteLength(code);
  if (bytes > LIMIT_BYTES) throw new Error(`the edge bundle has ${bytes} bytes; CloudFront takes ${LIMIT_BYTES}`);
  return { code, bytes };
}

const inputsOf = ({ outputs }: Metafile): string[] =>
  Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
