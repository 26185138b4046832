import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { isPermissive, licencesPage, productionPackages, readLockfile } from '../../infra/licences.ts';
import { ROOT } from '../../local/graph/source-files.ts';

const lockfile = readLockfile();
const production = productionPackages(lockfile);
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** What of CycloneDX 1.5 a reader of ours relies on. */
const Sbom = z.object({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.string().check(z.regex(/^1\.[4-9]$/)),
  serialNumber: z.string().check(z.regex(/^urn:uuid:[0-9a-f-]{36}$/)),
  metadata: z.object({ component: z.object({ name: z.string(), version: z.string() }) }),
  components: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      purl: z.string().check(z.regex(/^pkg:npm\/\S+@\S+$/)),
      hashes: z.optional(
        z.array(z.object({ alg: z.literal('SHA-512'), content: z.string().check(z.regex(/^[0-9a-f]{128}$/)) })),
      ),
    }),
  ),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()) })),
});

describe('what runs in production', () => {
  it('is under licences that ask for no more than their notice', () => {
    expect(production.length).toBeGreaterThan(50);
    expect(production.filter(({ licence }) => !isPermissive(licence))).toEqual([]);
  });

  it.each([
    ['GPL-3.0-only', false],
    ['AGPL-3.0-or-later', false],
    ['MPL-2.0', false],
    ['MIT AND GPL-2.0-only', false],
    ['SEE LICENSE IN LICENSE', false],
    ['UNLICENSED', false],
    ['', false],
    [undefined, false],
    ['(MIT OR GPL-3.0-or-later)', true],
    ['Apache-2.0 AND MIT', true],
  ])('would not be let in under any licence: %s is %s', (licence, expected) => {
    expect(isPermissive(licence)).toBe(expected);
  });

  it('is listed with its licences, as the command lists it now', () => {
    expect(read('docs/licences.md')).toBe(licencesPage(lockfile));
  });

  it('is under the licence that was read by hand where a package does not say', () => {
    expect(read('node_modules/jstat/LICENSE')).toContain('Permission is hereby granted, free of charge');
  });

  it('is written down for scanners, every package of it', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: { sbom: string } };
    const [command = '', ...flags] = scripts.sbom.split(' ');
    const sbom = z.parse(Sbom, JSON.parse(execFileSync(command, flags, { cwd: ROOT, encoding: 'utf8' })));
    const listed = new Set(sbom.components.map(({ name, version }) => `${name}@${version}`));
    const missing = production.filter(({ name, version }) => !listed.has(`${name}@${version}`));
    expect(missing.map(({ name }) => name)).toEqual([]);
    // What comes inside another package is under that one's digest.
    const inside = new Set(production.filter(({ bundled }) => bundled).map(({ name }) => name));
    const bare = sbom.components.filter(({ name, hashes }) => hashes === undefined && !inside.has(name));
    expect(bare.map(({ name }) => name)).toEqual([]);
  });
});

describe('the lockfile', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { integrity?: string; inBundle?: boolean; resolved?: string; hasInstallScript?: boolean }>;
  };
  const all = Object.entries(packages).filter(([path]) => path !== '');

  it('holds the digest of every package, and the address of none', () => {
    expect(all.filter(([, { integrity, inBundle }]) => !inBundle && !integrity?.startsWith('sha512-'))).toEqual([]);
    expect(all.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  it('holds no package that runs anything when it is installed, but what is told not to', () => {
    const scripted = all.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path);
    const { allowScripts } = JSON.parse(read('package.json')) as { allowScripts: Record<string, boolean> };
    expect(scripted).toEqual(Object.keys(allowScripts).map((name) => `node_modules/${name}`));
    expect(Object.values(allowScripts)).toEqual([false]);
  });

  it('pins every package that is asked for by name to one version', () => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read('package.json'));
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }))
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
  });
});
