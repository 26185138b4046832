import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { visitorOf } from '#shared/http/redirect-visit.ts';
import { recipientOf, signRecipient } from '#shared/token/recipient.ts';
import { signWebhook, webhookSecret } from '#shared/token/sign-webhook.ts';
import { signToken, TOKEN_LIFETIME_MS, type Token, verifyToken } from '#shared/token/token.ts';
import { authenticate, issueKey } from '#shared/usecases/api-keys.ts';
import type { ApiKey } from '#shared/usecases/ports.ts';

/** Every comparison of secrets that was made in constant time; the comparison itself is Node's own. */
const compared = vi.hoisted(() => [] as number[]);
vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>();
  return {
    ...crypto,
    timingSafeEqual: (a: Buffer, b: Buffer) => {
      compared.push(a.length);
      return crypto.timingSafeEqual(a, b);
    },
  };
});
beforeEach(() => {
  compared.length = 0;
});

const NOW = 1_760_000_000_000;
const SECRET = { current: 'the secret of now', previous: 'the secret before' };
const id = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
const token: fc.Arbitrary<Token> = fc.record({
  kind: fc.constantFrom('visit' as const, 'exposure' as const, 'uncounted' as const),
  experiment: id,
  visitor: fc.string({ minLength: 1, maxLength: 40 }),
  variant: id,
  issuedAt: fc.constant(NOW),
});

const aToken: Token = { kind: 'visit', experiment: 'checkout', visitor: 'ada', variant: 'ladder', issuedAt: NOW };

/** The text with one bit of one of its characters turned. */
const flipped = (text: string, place: number, bit: number): string => {
  const bytes = Buffer.from(text, 'latin1');
  const at = place % bytes.length;
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit % 7));
  return bytes.toString('latin1');
};

describe('a token', () => {
  it('is forged with any one bit of it turned', () => {
    fc.assert(
      fc.property(token, fc.nat(), fc.nat(6), (each, place, bit) => {
        const text = flipped(signToken(each, SECRET), place, bit);
        expect(verifyToken(text, SECRET, NOW).kind).toBe('forged');
      }),
      { numRuns: 2_000 },
    );
  });

  it('is forged cut short anywhere, or with anything behind it', () => {
    fc.assert(
      fc.property(token, fc.nat(), fc.string({ minLength: 1, maxLength: 5 }), (each, length, more) => {
        const text = signToken(each, SECRET);
        expect(verifyToken(text.slice(0, length % text.length), SECRET, NOW).kind).toBe('forged');
        expect(verifyToken(text + more, SECRET, NOW).kind).toBe('forged');
      }),
    );
  });

  it('is forged when it was signed with another secret, with none, or with the name of an algorithm', () => {
    const each = { kind: 'visit', experiment: 'shop', visitor: 'ada', variant: 'ladder', issuedAt: NOW } as const;
    const [statement = ''] = signToken(each, SECRET).split('.');
    for (const text of [
      signToken(each, { current: 'another' }),
      signToken(each, { current: '' }),
      `${statement}.`,
      statement,
      `${statement}.${statement}.`,
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${statement}.`,
      `${statement}.${createHmac('md5', SECRET.current).update(statement).digest('base64url')}`,
      `${statement}.${createHmac('sha256', SECRET.current).update(statement).digest('base64url')}`,
      `${statement}.${createHmac('sha256', SECRET.current).update(statement).digest('hex')}`,
    ])
      expect(verifyToken(text, SECRET, NOW).kind, text).toBe('forged');
  });

  it('says nothing any more after a week, nor before it was signed, nor once its secret has been rotated out', () => {
    const each = { kind: 'visit', experiment: 'shop', visitor: 'ada', variant: 'ladder', issuedAt: NOW } as const;
    const text = signToken(each, SECRET);
    expect(verifyToken(text, SECRET, NOW + TOKEN_LIFETIME_MS).kind).toBe('valid');
    expect(verifyToken(text, SECRET, NOW + TOKEN_LIFETIME_MS + 1).kind).toBe('expired');
    expect(verifyToken(text, SECRET, NOW - 600_000).kind).toBe('forged');
    expect(verifyToken(text, { current: 'newer', previous: SECRET.current }, NOW).kind).toBe('valid');
    expect(verifyToken(text, { current: 'newest', previous: 'newer' }, NOW).kind).toBe('forged');
  });

  it('is not even read where it is longer than any that we sign, however well it is signed', () => {
    const long = (visitor: number) => signToken({ ...aToken, visitor: 'v'.repeat(visitor) }, SECRET);
    expect([long(600).length > 1024, verifyToken(long(600), SECRET, NOW).kind]).toEqual([false, 'valid']);
    compared.length = 0;
    expect([long(800).length > 1024, verifyToken(long(800), SECRET, NOW).kind]).toEqual([true, 'forged']);
    expect(compared).toEqual([]);
  });

  it('has one spelling: base64 of the same bytes in another is forged', () => {
    const text = signToken({ kind: 'visit', experiment: 'a', visitor: 'b', variant: 'c', issuedAt: NOW }, SECRET);
    const [statement = '', signature = ''] = text.split('.');
    const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const sameBytes = [...last]
      .map((character) => signature.slice(0, -1) + character)
      .filter(
        (each) => each !== signature && Buffer.from(each, 'base64url').equals(Buffer.from(signature, 'base64url')),
      );
    expect(sameBytes.length).toBeGreaterThan(0);
    for (const each of [...sameBytes, `${signature}=`, `${signature}==`, ` ${signature}`, `${signature}!`])
      expect(verifyToken(`${statement}.${each}`, SECRET, NOW).kind, each).toBe('forged');
  });
});

describe('a signature of one purpose', () => {
  it('is none of another: token, recipient and webhook, even with one secret behind all', () => {
    fc.assert(
      fc.property(id, fc.string({ maxLength: 40 }), (name, body) => {
        const { current } = SECRET;
        const tokenText = signToken(
          { kind: 'visit', experiment: name, visitor: name, variant: name, issuedAt: NOW },
          SECRET,
        );
        const recipient = signRecipient(name, current);
        const webhook = signWebhook(body, current, NOW);
        const ofBody = webhook.split('v1=')[1] ?? '';
        expect(verifyToken(recipient, SECRET, NOW).kind).toBe('forged');
        expect(verifyToken(`${name}.${recipient.split('.')[1]}`, SECRET, NOW).kind).toBe('forged');
        expect(verifyToken(webhook, SECRET, NOW).kind).toBe('forged');
        for (const bytes of [12, 16, 32]) {
          const cut = Buffer.from(ofBody, 'hex').subarray(0, bytes).toString('base64url');
          expect(recipientOf(`${name}.${cut}`, current)).toBeUndefined();
          expect(verifyToken(`${name}.${cut}`, SECRET, NOW).kind).toBe('forged');
        }
        expect(recipientOf(tokenText, current)).toBeUndefined();
        const [statement = '', signature = ''] = tokenText.split('.');
        expect(recipientOf(`${statement.slice(0, 64)}.${signature.slice(0, 16)}`, current)).toBeUndefined();
        expect(recipientOf(`${name}.${webhookSecret(current, name).slice(0, 16)}`, current)).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });
});

describe('a recipient', () => {
  it('is nobody with any one bit turned, cut short, or with the signature of another', () => {
    fc.assert(
      fc.property(id, id, fc.nat(), fc.nat(6), (name, other, place, bit) => {
        fc.pre(name !== other);
        const text = signRecipient(name, 'root');
        expect(recipientOf(text, 'root')).toBe(name);
        expect(recipientOf(flipped(text, place, bit), 'root')).toBeUndefined();
        expect(recipientOf(text.slice(0, place % text.length), 'root')).toBeUndefined();
        expect(recipientOf(`${other}.${text.split('.')[1]}`, 'root')).toBeUndefined();
        expect(recipientOf(text, 'another root')).toBeUndefined();
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a key', () => {
  const keys = new Map<string, ApiKey>();
  const apiKeys = {
    find: async (each: string) => keys.get(each),
    list: async () => [...keys.values()],
    create: async (key: ApiKey) => void keys.set(key.id, key),
    replace: async (key: ApiKey) => void keys.set(key.id, key),
  };
  const issued = async () => {
    let ids = 0;
    const deps = { apiKeys, clock: () => NOW, newId: () => `random-${ids++}-0123456789abc` };
    return issueKey(
      deps,
      { kind: 'secret', name: 'a', projects: ['main'], origins: [], requestsPerSecond: 1 },
      'a test',
    );
  };

  it.each([
    { name: 'its own secret', spoil: (text: string) => text, good: true },
    {
      name: 'a wrong secret',
      spoil: (text: string) => text.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')),
      good: false,
    },
    {
      name: 'an id nobody has',
      spoil: (text: string) => text.replace(/_[0-9a-f]{16}_/, `_${'0'.repeat(16)}_`),
      good: false,
    },
    { name: 'a revoked id', spoil: (text: string) => text, revoked: true, good: false },
  ])(
    'is looked at in one way: $name is compared as a hash, once, in constant time',
    async ({ spoil, revoked, good }) => {
      const { key, text } = await issued();
      if (revoked) keys.set(key.id, { ...key, secrets: [], revokedAt: NOW });
      expect((await authenticate(apiKeys.find, spoil(text), NOW)) !== undefined).toBe(good);
      expect(compared).toEqual([32]);
    },
  );

  it('is none with any one bit of it turned, or cut short', async () => {
    const { text } = await issued();
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(6), async (place, bit) => {
        expect(await authenticate(apiKeys.find, flipped(text, place, bit), NOW)).toBeUndefined();
        expect(await authenticate(apiKeys.find, text.slice(0, place % text.length), NOW)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });
});

describe('a cookie', () => {
  it('names a visitor only in the alphabet of ours, whatever else a browser was made to send', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 90, unit: 'binary' }), { maxLength: 5 }), (values) => {
        const visitor = visitorOf(values.map((value) => `stepladder=${value}`));
        expect(visitor ?? 'a-visitor').toMatch(/^[A-Za-z0-9_-]{8,64}$/);
      }),
      { numRuns: 1_000 },
    );
    for (const value of [
      'ada@example.com',
      'a'.repeat(65),
      'short',
      'with space',
      'a\r\nset-cookie: x',
      '__proto__.x',
      '%61bcdefgh',
    ])
      expect(visitorOf([`stepladder=${value}`]), value).toBeUndefined();
  });
});
