import { createHash, timingSafeEqual } from 'node:crypto';
import { HOUR_MS } from '../experiment/time.ts';
import { Problem } from '../problem/problem.ts';
import { held } from './held.ts';
import type { ApiKey, ApiKeys, Clock, KeySecret } from './ports.ts';

export type HeldKeys = (id: string) => Promise<ApiKey | undefined>;

/** Every check of every request reads these, so a revoked key goes on for at most `maxAgeMs` on an instance that knew it. */
export const heldKeys = (apiKeys: ApiKeys, clock: Clock, maxAgeMs: number): HeldKeys =>
  held((id) => apiKeys.find(id), clock, maxAgeMs);

type Deps = {
  readonly apiKeys: ApiKeys;
  readonly clock: Clock;
  /** 128 random bits as text. */
  readonly newId: () => string;
};

/** A key with the text that is handed out once and kept nowhere. */
export type Issued = { readonly key: ApiKey; readonly text: string };

export type KeyWishes = Pick<ApiKey, 'kind' | 'name' | 'projects' | 'origins' | 'requestsPerSecond'>;

export async function issueKey({ apiKeys, clock, newId }: Deps, wishes: KeyWishes, by: string): Promise<Issued> {
  const at = clock();
  const secret = newId() + newId();
  const key: ApiKey = {
    ...wishes,
    // Hexadecimal, because the parts of a key are told apart by underscores.
    id: hashOf(newId()).toString('hex').slice(0, 16),
    secrets: [{ hash: hashOf(secret).toString('hex'), since: at }],
    revision: 1,
    createdAt: at,
    createdBy: by,
  };
  await apiKeys.create(key);
  return { key, text: textOf(key, secret) };
}

/**
 * Gives a key a new secret. The one before is good for `graceHours` more, so that pages and servers can change over without
 * a gap; one that was being phased out already ends now.
 */
export async function rotateKey({ apiKeys, clock, newId }: Deps, id: string, graceHours: number): Promise<Issued> {
  const before = await findKey(apiKeys, id);
  if (before.revokedAt !== undefined) throw new Problem('key.revoked', `the key ${id} is revoked; create another`);
  const at = clock();
  const secret = newId() + newId();
  const fresh: KeySecret = { hash: hashOf(secret).toString('hex'), since: at };
  const outgoing = before.secrets.slice(0, graceHours > 0 ? 1 : 0);
  const key: ApiKey = {
    ...before,
    revision: before.revision + 1,
    secrets: [fresh, ...outgoing.map((each) => ({ ...each, until: at + graceHours * HOUR_MS }))],
  };
  await apiKeys.replace(key);
  return { key, text: textOf(key, secret) };
}

/** Ends a key and all its secrets. Its entry stays, so that one can see what there was. */
export async function revokeKey({ apiKeys, clock }: Deps, id: string, by: string): Promise<ApiKey> {
  const before = await findKey(apiKeys, id);
  if (before.revokedAt !== undefined) return before;
  const key = { ...before, revision: before.revision + 1, secrets: [], revokedAt: clock(), revokedBy: by };
  await apiKeys.replace(key);
  return key;
}

/** What an id nobody has is compared with, so that it takes the same path as a wrong secret. No text is known to have this hash. */
const NOBODYS: readonly KeySecret[] = [{ hash: '0'.repeat(64), since: 0 }];

/** The key a text is, if it is one, is good now, and has the secret it says. Takes as long whether the secret or the id is wrong. */
export async function authenticate(heldKey: HeldKeys, text: string, now: number): Promise<ApiKey | undefined> {
  const [, kind = '', id = '', secret = ''] = SHAPE.exec(text) ?? [];
  if (id === '') return undefined;
  const key = await heldKey(id);
  const claimed = hashOf(secret);
  const secrets = key === undefined || key.secrets.length === 0 ? NOBODYS : key.secrets;
  const good = secrets.map(
    ({ hash, until = Infinity }) => timingSafeEqual(Buffer.from(hash, 'hex'), claimed) && now < until,
  );
  return key !== undefined && key.kind === KINDS[kind] && good.includes(true) ? key : undefined;
}

const KINDS: Readonly<Record<string, ApiKey['kind']>> = { pub: 'publishable', sec: 'secret' };
const SHAPE = /^sl_(pub|sec)_([0-9a-f]{16})_([A-Za-z0-9_-]{1,64})$/;

const textOf = ({ kind, id }: ApiKey, secret: string): string =>
  `sl_${kind === 'secret' ? 'sec' : 'pub'}_${id}_${secret}`;

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

async function findKey(apiKeys: ApiKeys, id: string): Promise<ApiKey> {
  const key = await apiKeys.find(id);
  if (key === undefined) throw new Problem('key.not-found', `there is no key ${id}`);
  return key;
}
