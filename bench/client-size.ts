import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { BUNDLE_NAMES, bundle, gzipBytes } from '../client/build.ts';

/**
 * The weight of a browser client: what a page needs to be told a variant and to report what happened. Each peer is bundled
 * from the one thing its own quick start imports, so that what can be shaken off is shaken off.
 */
const PEERS = [
  { name: 'unleash-proxy-client', imports: '{ UnleashClient }', note: 'a server evaluates' },
  { name: '@growthbook/growthbook', imports: '{ GrowthBook }', note: 'assigns here; reporting is yours' },
  { name: 'launchdarkly-js-client-sdk', imports: '{ initialize }', note: 'a server evaluates' },
  { name: '@statsig/js-client', imports: '{ StatsigClient }', note: 'a server evaluates' },
  { name: '@optimizely/optimizely-sdk', imports: '{ createInstance }', note: 'assigns here' },
  { name: '@eppo/js-client-sdk-common', imports: '{ EppoClient }', note: 'assigns here; the core alone' },
  { name: 'posthog-js', imports: 'posthog', note: 'analytics too' },
] as const;

const FOLDER = join(import.meta.dirname, 'client-size');

async function peerBytes(name: string, imports: string): Promise<number> {
  const local = imports.replace(/[{} ]/g, '');
  const { outputFiles } = await build({
    stdin: { contents: `import ${imports} from '${name}'; globalThis.used = ${local};`, resolveDir: FOLDER },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'error',
  });
  return gzipBytes(outputFiles[0]?.text ?? '');
}

const kilobytes = (bytes: number) => (bytes / 1000).toFixed(2).padStart(7);
const row = (name: string, size: string, note: string) => console.log(`${name.padEnd(36)} ${size}  ${note}`);

row('', ' KB, gz', '');
for (const name of BUNDLE_NAMES)
  row(
    `Stepladder ${name}`,
    kilobytes(gzipBytes(await bundle(name))),
    name.includes('api') ? 'the server assigns' : 'assigns here',
  );
for (const { name, imports, note } of PEERS) {
  const manifest = join(FOLDER, 'node_modules', name, 'package.json');
  if (!existsSync(manifest)) row(name, '      –', 'not installed');
  else {
    const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
    row(`${name} ${version}`, kilobytes(await peerBytes(name, imports)), note);
  }
}
