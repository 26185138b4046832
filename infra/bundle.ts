import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';
import { openApi } from '../shared/contracts/openapi.ts';
import { FUNCTIONS, type FunctionName } from './function-names.ts';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(ROOT, 'dist');

/** Where the code of a function is once it is bundled: what its Lambda asset is made of. */
export const bundleOf = (name: FunctionName, dist = DIST): string => join(dist, name);

export type Bundle = {
  readonly name: FunctionName;
  /** What a cold start reads: the entry, and the chunks it imports at once. */
  readonly bytes: number;
  readonly inputs: readonly string[];
  /** What is read when it is first needed, if ever: behind an `import(…)`. */
  readonly lazyBytes: number;
};

/**
 * Bundles every function, SDK included: the Lambda runtime's own SDK is loaded from many small files and makes cold starts longer.
 * One folder each, so that what a function imports late lies beside it and is no other function's. Source maps stay beside the
 * bundles and out of the assets; they explain a stack trace without being deployed.
 */
export function bundle(dist = DIST): Bundle[] {
  const metafiles = FUNCTIONS.map((name) => [name, build(name, dist)] as const);
  writeFileSync(join(dist, 'metafile.json'), JSON.stringify(Object.fromEntries(metafiles)));
  writeFileSync(join(bundleOf('admin', dist), 'openapi.json'), JSON.stringify(openApi()));
  return metafiles.map(([name, metafile]) => bundled(metafile, name));
}

/** What makes a bundle small, and what lets it run. */
export const BUNDLING = {
  // The SDK's ES modules shake; its CommonJS half as large again does not.
  mainFields: ['module', 'main'],
  alias: { '@aws-sdk/credential-provider-node': './infra/lambda-credentials.ts' },
  minify: true,
  // CommonJS inside an ES module bundle asks for `require`, which ES modules do not have.
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
} satisfies BuildOptions;

function build(name: FunctionName, dist: string): Metafile {
  rmSync(bundleOf(name, dist), { recursive: true, force: true });
  const { metafile } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: { index: `functions/lambda/${name}.ts` },
    outdir: bundleOf(name, dist),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    ...BUNDLING,
    legalComments: 'none',
    sourcemap: 'external',
    sourcesContent: false,
    metafile: true,
    logLevel: 'warning',
  });
  return metafile;
}

function bundled({ outputs }: Metafile, name: FunctionName): Bundle {
  const code = Object.entries(outputs).filter(([path]) => path.endsWith('.mjs'));
  const entry = code.find(([path]) => path.endsWith(`${name}/index.mjs`))?.[0];
  if (entry === undefined) throw new Error(`esbuild made no bundle for ${name}`);
  const atOnce = new Set([entry]);
  for (const path of atOnce)
    for (const { path: imported, kind } of outputs[path]?.imports ?? [])
      if (kind === 'import-statement' && outputs[imported]) atOnce.add(imported);
  const [first, later] = [true, false].map((wanted) => code.filter(([path]) => atOnce.has(path) === wanted));
  const bytesOf = (chunks: typeof code = []) => chunks.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  // An input whose every byte was shaken off is listed too, and is not in the bundle.
  const inputs = (first ?? []).flatMap(([, chunk]) =>
    Object.entries(chunk.inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  return { name, bytes: bytesOf(first), inputs, lazyBytes: bytesOf(later) };
}
