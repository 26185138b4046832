import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withAddresses } from '../support/an-experiment.ts';
import { type KeyedSite, openKeyedSite } from '../support/keyed-site.ts';

let site: KeyedSite;
beforeAll(async () => {
  site = await openKeyedSite();
  await site.started({
    id: 'shop',
    variants: withAddresses(),
    segments: [{ attribute: 'plan', values: ['free', 'paid'] }],
  });
});
afterAll(() => site?.stop());

const everythingIn = async (table: string): Promise<string> =>
  JSON.stringify((await site.engine.client.send(new ScanCommand({ TableName: table }))).Items);

describe('whoever reads the journeys', () => {
  it('finds no address, no browser, no page, no query and no attribute that the definition does not name', async () => {
    const key = await site.issue();
    const telling = {
      'user-agent': 'Mozilla/5.0 (TellTale 7.3) Gecko/20100101 Firefox/140.0',
      referer: 'https://telltale.example/inbox',
      'x-forwarded-for': '198.51.100.77',
      'accept-language': 'tt-TELL',
    };
    const attributes = { plan: 'paid', email: 'ada@telltale.example', city: 'Telltale' };
    await site.ask('/v1/assign', { key, headers: telling, body: { experiment: 'shop', visitor: 'ada', attributes } });
    await site.ask('/v1/events', {
      key,
      headers: telling,
      body: { events: [{ experiment: 'shop', visitor: 'ada', step: 'buy', attributes }] },
    });
    await site.ask('/go/shop?gclid=telltale&email=ada%40telltale.example', { method: 'GET', headers: telling });
    const journeys = await everythingIn('journeys');
    expect(journeys).toContain('ada');
    expect(journeys).toContain('paid');
    expect(journeys).not.toMatch(/tell|198\.51|127\.0\.0\.1|mozilla|firefox/i);
    expect(site.bugs).toEqual([]);
  });
});
