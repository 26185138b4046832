import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A package that runs in production or makes it: what `dependencies` leads to, and what those packages carry inside. */
export type Package = {
  readonly name: string;
  readonly version: string;
  /** As SPDX writes it; absent where the package does not say. */
  readonly licence: string | undefined;
  /** Comes inside another package. */
  readonly bundled: boolean;
};

type Locked = {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly inBundle?: boolean;
};
export type Lockfile = { readonly packages: Readonly<Record<string, Locked>> };

/** Packages that have a licence and no field that says so, and where it was read. */
const READ_BY_HAND: Readonly<Record<string, string>> = {
  // Its LICENSE file is the text of MIT.
  jstat: 'MIT',
};

/** Licences that ask for their notice to be kept, or for nothing. None asks that other code be published. */
const PERMISSIVE = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
  'Unlicense',
]);

/** Whether a licence, or one of those to choose from, asks for no more than its notice. */
export const isPermissive = (licence: string | undefined): boolean =>
  (licence ?? '')
    .replace(/^\(|\)$/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((each) => PERMISSIVE.has(each)));

/** The production packages of a lockfile by name, each version once. */
export function productionPackages({ packages }: Lockfile): Package[] {
  const found = Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional)
    .map(([path, { version = '', license, inBundle = false }]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      return { name, version, licence: license ?? READ_BY_HAND[name], bundled: inBundle };
    });
  const once = new Map(found.map((each) => [`${each.name}@${each.version}`, each]));
  return [...once.values()].sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1,
  );
}

/** The page of all licences. */
export function licencesPage(lockfile: Lockfile): string {
  const packages = productionPackages(lockfile);
  const counts = new Map<string, number>();
  for (const { licence = 'none' } of packages) counts.set(licence, (counts.get(licence) ?? 0) + 1);
  const summary = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return `# Licences of what runs in production

Made by \`npm run licences\` from the lockfile; a test holds that it is up to date, and that none of them asks for more than its notice.
Stepladder itself is under the [MIT licence](../LICENSE). \`npm run sbom\` writes the same as a CycloneDX document.

${summary.map(([licence, count]) => `${licence}: ${count}`).join(' · ')}

| package | version | licence |
|---|---|---|
${packages.map(({ name, version, licence = 'none', bundled }) => `| ${name}${bundled ? ' (inside another)' : ''} | ${version} | ${licence} |`).join('\n')}
`;
}

const LOCKFILE = new URL('../package-lock.json', import.meta.url);
export const readLockfile = (): Lockfile => JSON.parse(readFileSync(LOCKFILE, 'utf8')) as Lockfile;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  writeFileSync(fileURLToPath(new URL('../docs/licences.md', import.meta.url)), licencesPage(readLockfile()));
