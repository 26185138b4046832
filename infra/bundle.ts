import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync, type Metafile } from 'esbuild';
import { FUNCTIONS, type FunctionName } from './function-names.ts';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(ROOT, 'dist');

/** Where the code of a function is once it is bundled: what its Lambda asset is made of. */
export const bundleOf = (name: FunctionName, dist = DIST): string => join(dist, name);

export type Bundle = { readonly name: FunctionName; readonly bytes: number; readonly inputs: readonly string[] };

/**
 * Bundles every function in one call, SDK included: the Lambda runtime's own SDK is loaded from many small files and makes cold
 * starts longer. Source maps stay beside the bundles and out of the assets; they explain a stack trace without being deployed.
 */
export function bundle(dist = DIST): Bundle[] {
  for (const name of FUNCTIONS) rmSync(bundleOf(name, dist), { recursive: true, force: true });
  const { metafile } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: Object.fromEntries(FUNCTIONS.map((name) => [`${name}/index`, `functions/lambda/${name}.ts`])),
    outdir: dist,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // The SDK's ES modules shake; its CommonJS half as large again does not.
    mainFields: ['module', 'main'],
    alias: { '@aws-sdk/credential-provider-node': './infra/lambda-credentials.ts' },
    minify: true,
    legalComments: 'none',
    sourcemap: 'external',
    sourcesContent: false,
    metafile: true,
    // CommonJS inside an ES module bundle asks for `require`, which ES modules do not have.
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    logLevel: 'warning',
  });
  writeFileSync(join(dist, 'metafile.json'), JSON.stringify(metafile));
  return FUNCTIONS.map((name) => bundled(metafile, name));
}

function bundled(metafile: Metafile, name: FunctionName): Bundle {
  const output = Object.entries(metafile.outputs).find(([path]) => path.endsWith(`${name}/index.mjs`))?.[1];
  if (output === undefined) throw new Error(`esbuild made no bundle for ${name}`);
  // An input whose every byte was shaken off is listed too, and is not in the bundle.
  const inputs = Object.entries(output.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return { name, bytes: output.bytes, inputs: inputs.map(([path]) => path) };
}
