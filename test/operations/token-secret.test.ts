import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoSecrets } from '#shared/store/dynamo/secrets.ts';
import { signToken, TOKEN_LIFETIME_MS, type Token, type TokenSecret, verifyToken } from '#shared/token/token.ts';
import type { Secrets } from '#shared/usecases/ports.ts';
import { createTables, type Engine, startEngine } from '../../local/stand-ins/engine.ts';
import { NOON } from '../support/an-experiment.ts';

const MINUTE = 60_000;
let engine: Engine;
let drawn = 0;
const time = { now: NOON };
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine?.stop());

/** Functions that run at the same time: each holds what it has read, on one clock. */
async function functions(count: number): Promise<Secrets[]> {
  const table = `catalog-${drawn++}`;
  await createTables(engine.client, { catalog: table, journeys: `${table}-journeys` });
  const clock = () => time.now;
  const made = Array.from({ length: count }, () =>
    dynamoSecrets(engine.client, table, { newSecret: () => `drawn-${drawn++}-`, elapsed: clock, clock }),
  );
  await made[0]?.prepare();
  return made;
}
const token = (): Token => ({
  kind: 'visit',
  experiment: 'checkout',
  visitor: 'v',
  variant: 'ladder',
  issuedAt: time.now,
});

describe('rotateTokenSecret', () => {
  it('loses no visitor: whatever one function signs at any minute, every other accepts until the token is too old', async () => {
    const [admin, early, late] = await functions(3);
    if (!admin || !early || !late) throw new Error('there are three');
    const signed: { text: string; at: number }[] = [];
    for (let minute = -3; minute < 30; minute++) {
      time.now = NOON + minute * MINUTE;
      if (minute === 0) await admin.rotateTokenSecret('due');
      // The one signs every minute, the other every second one, so that they hold secrets of different ages.
      for (const signer of minute % 2 === 0 ? [early, late] : [early]) {
        const secret: TokenSecret = await signer.tokenSecret();
        signed.push({ text: signToken(token(), secret), at: time.now });
      }
      for (const reader of [early, late, admin])
        for (const { text } of signed)
          expect(verifyToken(text, await reader.tokenSecret(), time.now).kind, `minute ${minute}`).toBe('valid');
    }
    expect(
      new Set(await Promise.all([early, late, admin].map(async (each) => (await each.tokenSecret()).current))).size,
    ).toBe(1);
    time.now = NOON + TOKEN_LIFETIME_MS - 3 * MINUTE;
    expect(verifyToken(signed[0]?.text ?? '', await late.tokenSecret(), time.now).kind).toBe('valid');
  });

  it('refuses a second time while tokens under the secret before may be about, and says until when', async () => {
    const [admin] = await functions(1);
    time.now = NOON;
    await admin?.rotateTokenSecret('due');
    time.now = NOON + TOKEN_LIFETIME_MS;
    await expect(admin?.rotateTokenSecret('due')).rejects.toThrow('good until 2026-01-22T12:15:00.000Z');
    time.now = NOON + TOKEN_LIFETIME_MS + 15 * MINUTE;
    await expect(admin?.rotateTokenSecret('due')).resolves.toEqual({ signsFrom: time.now + 10 * MINUTE });
  });

  it('after a leak refuses all that was signed, from every function within five minutes', async () => {
    const [admin, running] = await functions(2);
    time.now = NOON;
    const stolen = signToken(token(), (await running?.tokenSecret()) ?? { current: '', previous: undefined });
    await admin?.rotateTokenSecret('due');
    expect(await admin?.rotateTokenSecret('leaked')).toEqual({ signsFrom: NOON });
    time.now = NOON + 5 * MINUTE;
    for (const each of [admin, running])
      expect(
        verifyToken(stolen, (await each?.tokenSecret()) ?? { current: '', previous: undefined }, time.now).kind,
      ).toBe('forged');
  });

  it('lets one of two win who rotate at once', async () => {
    const [one, other] = await functions(2);
    time.now = NOON;
    const outcomes = await Promise.allSettled([one?.rotateTokenSecret('due'), other?.rotateTokenSecret('due')]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('leaves the secret of recipients alone, whose links are opened years later', async () => {
    const [admin] = await functions(1);
    const before = await admin?.recipientSecret();
    await admin?.rotateTokenSecret('leaked');
    time.now += 10 * MINUTE;
    expect(await admin?.recipientSecret()).toBe(before);
  });
});
