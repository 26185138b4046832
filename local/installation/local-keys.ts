import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { issueKey } from '#shared/usecases/api-keys.ts';
import type { Deps } from '#shared/usecases/deps.ts';

/** The two keys of one machine: what its administrator sends, and what pages on localhost may use. */
export type LocalKeys = { readonly admin: string; readonly site: string };

const FILE = 'local-keys.json';
const newAdminKey = (): string => `sl_local_${randomBytes(32).toString('base64url')}`;

/** The keys in a folder, made on first use and readable by their owner alone; without a folder, new ones. */
export async function localKeys(deps: Deps, folder?: string): Promise<LocalKeys> {
  const file = folder && join(folder, FILE);
  const known = file && existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as LocalKeys) : undefined;
  if (known) return known;
  const wishes = {
    kind: 'publishable',
    name: 'pages on this machine',
    projects: ['main'],
    origins: ['http://localhost:*'],
    requestsPerSecond: 1_000,
  } as const;
  const keys = { admin: newAdminKey(), site: (await issueKey(deps, wishes, 'npm start')).text };
  if (folder && file) {
    await mkdir(folder, { recursive: true });
    await writeFile(file, JSON.stringify(keys, null, 2), { mode: 0o600 });
  }
  return keys;
}

/** What the command line sends: the key of the installation in the folder, if there is one. */
export function adminKeyIn(folder: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(join(folder, FILE), 'utf8')) as LocalKeys).admin;
  } catch {
    return undefined;
  }
}
