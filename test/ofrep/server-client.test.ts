import { OFREPProvider } from '@openfeature/ofrep-provider';
import { ErrorCode, OpenFeature, StandardResolutionReasons } from '@openfeature/server-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KeyedSite, openKeyedSite } from '../support/keyed-site.ts';

let site: KeyedSite;
beforeAll(async () => {
  site = await openKeyedSite();
  await site.started({ id: 'shop' });
  await site.started({ id: 'paused', status: 'paused' });
  await site.started({ id: 'shipped', status: 'concluded', ship: 'ladder' });
  await site.started({ id: 'forced', forced: { vip: 'ladder' } });
  await site.started({ id: 'elsewhere', project: 'other' });
});
afterAll(async () => {
  await OpenFeature.close();
  await site?.stop();
});

/** The official client, as its documentation shows it. */
async function clientWith(headers: [string, string][]) {
  const domain = `stepladder-${Math.random()}`;
  await OpenFeature.setProviderAndWait(domain, new OFREPProvider({ baseUrl: site.origin, headers }));
  return OpenFeature.getClient(domain);
}
const bearer = async () => clientWith([['Authorization', `Bearer ${await site.issue()}`]]);

describe('@openfeature/server-sdk with @openfeature/ofrep-provider', () => {
  it('gets the variant, the reason and the metadata of an experiment', async () => {
    const client = await bearer();
    const details = await client.getStringDetails('shop', 'one-ask', { targetingKey: 'ada' });
    expect(details).toMatchObject({
      flagKey: 'shop',
      reason: StandardResolutionReasons.SPLIT,
      variant: details.value,
      flagMetadata: { experiment: 'shop', sequenceVersion: 1, exposed: false, exposureToken: expect.any(String) },
    });
    expect(details.errorCode).toBeUndefined();
    expect(await client.getStringValue('shop', 'x', { targetingKey: 'ada' })).toBe(details.value);
  });

  it('gets the ladder as an object', async () => {
    const client = await clientWith([['X-API-Key', await site.issue()]]);
    const ladder = await client.getObjectValue('forced.sequence', { steps: [] }, { targetingKey: 'vip' });
    expect(ladder).toMatchObject({ variant: 'ladder', steps: [{ id: 'question' }, { id: 'plan' }, { id: 'buy' }] });
  });

  it('gets what was shipped of a concluded experiment, and keeps its own default for a paused one', async () => {
    const client = await bearer();
    expect(await client.getStringDetails('shipped', 'mine', { targetingKey: 'ada' })).toMatchObject({
      value: 'ladder',
      reason: StandardResolutionReasons.STATIC,
    });
    // This release is older than answers without a value (ADR-0006 of the protocol): it does the right thing and calls it an error.
    expect(await client.getStringDetails('paused', 'mine', { targetingKey: 'ada' })).toMatchObject({
      value: 'mine',
      errorCode: ErrorCode.GENERAL,
    });
  });

  it.each([
    { name: 'an unknown flag', flag: 'nowhere', context: { targetingKey: 'ada' }, code: ErrorCode.FLAG_NOT_FOUND },
    { name: 'no targeting key', flag: 'shop', context: {}, code: ErrorCode.TARGETING_KEY_MISSING },
    {
      name: 'an e-mail address',
      flag: 'shop',
      context: { targetingKey: 'a@b.example' },
      code: ErrorCode.INVALID_CONTEXT,
    },
    {
      name: 'a flag of another type',
      flag: 'shop.sequence',
      context: { targetingKey: 'ada' },
      code: ErrorCode.TYPE_MISMATCH,
    },
    { name: 'a flag of another project', flag: 'elsewhere', context: { targetingKey: 'ada' }, code: ErrorCode.GENERAL },
  ])('hears of $name as $code', async ({ flag, context, code }) => {
    const client = await bearer();
    expect(await client.getStringDetails(flag, 'mine', context)).toMatchObject({ value: 'mine', errorCode: code });
  });

  it('keeps its default with a wrong key', async () => {
    const client = await clientWith([['Authorization', 'Bearer nonsense']]);
    expect(await client.getStringDetails('shop', 'mine', { targetingKey: 'ada' })).toMatchObject({
      value: 'mine',
      errorCode: ErrorCode.GENERAL,
    });
  });

  it('waits as long as a refused burst says, and goes on', async () => {
    const client = await clientWith([['Authorization', `Bearer ${await site.issue({ requestsPerSecond: 1 })}`]]);
    const ask = () => client.getStringDetails('shop', 'mine', { targetingKey: 'ada' });
    const burst = [await ask(), await ask(), await ask()];
    expect(burst.map(({ errorCode }) => errorCode)).toEqual([undefined, undefined, ErrorCode.GENERAL]);
    site.elapsed.now += 5_000;
    expect(await ask()).toMatchObject({ errorCode: ErrorCode.GENERAL });
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect((await ask()).errorCode).toBeUndefined();
  });

  it('counts a visitor in with the token, or with $expose', async () => {
    const client = await bearer();
    const key = await site.issue();
    const { flagMetadata } = await client.getStringDetails('shop', 'one-ask', { targetingKey: 'shown' });
    expect(await site.deps.journeys.find('shop', 'shown')).toBeUndefined();
    await site.ask('/v1/events', { key, body: { type: 'exposure', token: flagMetadata.exposureToken } });
    expect(await site.deps.journeys.find('shop', 'shown')).toBeDefined();
    const at = { targetingKey: 'at-once', $expose: true };
    expect((await client.getStringDetails('shop', 'one-ask', at)).flagMetadata.exposed).toBe(true);
    expect(await site.deps.journeys.find('shop', 'at-once')).toBeDefined();
  });
});
