import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { destination } from '#shared/assignment/destination.ts';
import { strayDestinations } from '#shared/experiment/destination-hosts.ts';
import { signRecipient } from '#shared/token/recipient.ts';
import { signToken } from '#shared/token/token.ts';
import { aDefinition, NOON, withAddresses } from '../support/an-experiment.ts';
import { type KeyedSite, openKeyedSite } from '../support/keyed-site.ts';

let site: KeyedSite;
let recipient: string;
beforeAll(async () => {
  site = await openKeyedSite();
  await site.started({ id: 'shop', variants: withAddresses() });
  await site.deps.links.put({ id: 'link', experiment: 'shop', step: 'buy', createdAt: NOON });
  recipient = signRecipient('ada', await site.deps.secrets.recipientSecret());
});
afterAll(() => site?.stop());
afterEach(() => expect(site.bugs).toEqual([]));

/** How sites name where to go next; none of it means anything here. */
const NAMES = [
  'url',
  'uri',
  'next',
  'redirect',
  'redirect_uri',
  'redirect_to',
  'return',
  'returnTo',
  'return_url',
  'continue',
  'dest',
  'destination',
  'go',
  'goto',
  'target',
  'to',
  'out',
  'view',
  'r',
  'u',
  'q',
  'location',
  'callback',
  'checkout_url',
  'image_url',
  'stepladder_variant',
  'stepladder_token',
  'stepladder_consent',
  'variant',
  'step',
  'host',
  'origin',
  '__proto__',
  'constructor',
];
const ELSEWHERE = [
  'https://evil.example',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  'https:evil.example',
  'https:/evil.example',
  'javascript:alert(1)',
  'data:text/html,x',
  '%2f%2fevil.example',
  'https%3a%2f%2fevil.example',
  'https://shop.example@evil.example',
  'https://shop.example.evil.example',
  'https://evil.example#shop.example',
  '@evil.example',
  '.evil.example',
  ':80@evil.example',
  '/..//evil.example',
  '\t//evil.example',
  '\r\nLocation: https://evil.example',
  '%0d%0aLocation:%20https://evil.example',
  '%E5%98%8A%E5%98%8DLocation:evil.example',
  'https://evil.example\u3002com',
  '/%09/evil.example',
];

const pair = fc.record({ name: fc.constantFrom(...NAMES), value: fc.constantFrom(...ELSEWHERE), coded: fc.boolean() });
/** A query as it could stand in a request: printable, without a space or a fragment; everything else a client has to encode. */
const asSent = (text: string) => text.replace(/[^\x21-\x7e]|#/g, encodeURIComponent);
const query = fc
  .array(pair, { minLength: 1, maxLength: 4 })
  .map((pairs) =>
    pairs.map(({ name, value, coded }) => `${name}=${coded ? encodeURIComponent(value) : asSent(value)}`).join('&'),
  );

const lands = (location: string) => {
  const { protocol, host, username, pathname } = new URL(location);
  return { protocol, host, username, pathname };
};
const AT_SHOP = { protocol: 'https:', host: 'shop.example', username: '' };

describe('where a visitor is sent', () => {
  it.each([
    { way: 'a redirect', path: () => '/go/shop' },
    { way: 'the link of an e-mail', path: () => `/l/link/${recipient}` },
    { way: 'the link of an e-mail with a forged recipient', path: () => '/l/link/ada.AAAAAAAAAAAAAAAA' },
  ])('is a step of their variant for $way, whatever the query and the headers say', async ({ path }) => {
    await fc.assert(
      fc.asyncProperty(query, fc.constantFrom(...ELSEWHERE), async (sent, elsewhere) => {
        const printable = asSent(elsewhere);
        const { status, headers } = await site.ask(`${path()}?${sent}`, {
          method: 'GET',
          headers: {
            'x-forwarded-host': 'evil.example',
            'x-original-url': '//evil.example/',
            'x-rewrite-url': '//evil.example/',
            forwarded: 'host=evil.example',
            referer: 'https://evil.example/',
            cookie: `stepladder=${printable.replaceAll(';', '')}; next=${printable.replaceAll(';', '')}`,
          },
        });
        expect(status).toBe(302);
        const landed = lands(headers.get('location') ?? '');
        expect(landed).toMatchObject(AT_SHOP);
        expect(['/buy', '/question', '/plan']).toContain(landed.pathname);
      }),
      { numRuns: 30 },
    );
  });

  it('is not read from a token, a signed one either: it names a variant and no address', async () => {
    const secret = await site.deps.secrets.tokenSecret();
    const statement = {
      kind: 'visit',
      experiment: 'shop',
      visitor: 'ada',
      variant: '//evil.example',
      issuedAt: NOON,
    } as const;
    const old = signToken({ ...statement, issuedAt: NOON - 60_000 }, secret);
    const { headers } = await site.ask(`/go/shop?stepladder_token=${old}`, { method: 'GET' });
    expect(lands(headers.get('location') ?? '')).toMatchObject(AT_SHOP);
  });

  it('keeps scheme, host and path of the experiment for any query at all', () => {
    const bases = [
      'https://shop.example',
      'https://shop.example/',
      'https://shop.example/a?b=c',
      'https://shop.example?x#y',
      'http://shop.example:8080/#',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...bases),
        fc.oneof(query, fc.string({ unit: 'binary', maxLength: 60 })),
        (base, sent) => {
          const location = destination(base, sent, 'stepladder_token=x.y');
          expect(lands(location)).toEqual(lands(base));
          expect(location).toMatch(/^[\x21-\x7e]+$/);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    '//evil.example',
    'https:evil.example',
    'https://shop.example@evil.example/',
    'https://shop.example\\@evil.example/',
    'https://evil.example\r\nset-cookie: a=b',
    'https:// evil.example',
    'file:///etc/passwd',
    '/relative',
    'https://',
    'https://shop.example/\u202e',
    ' https://shop.example/',
  ])('is never %s, not even in a definition', (url) => {
    const variants = withAddresses().map((variant) => ({
      ...variant,
      steps: variant.steps.map((step) => ({ ...step, url })),
    }));
    expect(() => aDefinition({ variants })).toThrow();
  });

  it.each([
    ['shop.example', 'https://shop.example/a', true],
    ['shop.example', 'https://SHOP.example:8443/a', true],
    ['shop.example', 'https://a.shop.example/', false],
    ['shop.example', 'https://shop.example./', false],
    ['shop.example', 'https://evilshop.example/', false],
    ['shop.example', 'https://shop.example.evil.example/', false],
    ['*.shop.example', 'https://a.b.shop.example/', true],
    ['*.shop.example', 'https://shop.example/', false],
    ['*.shop.example', 'https://evilshop.example/', false],
    ['*', 'https://anywhere.example/', true],
  ])('is on a host that the installation allows: %s covers %s, %s', (allowed, url, covered) => {
    const definition = aDefinition({
      variants: withAddresses().map((variant) => ({
        ...variant,
        steps: variant.steps.map((step) => ({ ...step, url })),
      })),
    });
    expect(strayDestinations(definition, [allowed])).toHaveLength(covered ? 0 : 4);
    expect(strayDestinations(definition, ['elsewhere.example', allowed])).toHaveLength(covered ? 0 : 4);
  });
});
