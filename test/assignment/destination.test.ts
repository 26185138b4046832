import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { destination } from '#shared/assignment/destination.ts';

const SHOP = 'https://shop.example/buy';
const long = `gclid=${'x'.repeat(8_000)}`;

describe('destination', () => {
  it.each<{ name: string; url?: string; query: string; location: string }>([
    { name: 'leaves the address alone when there is no query', query: '', location: SHOP },
    {
      name: 'appends the query byte for byte',
      query: 'utm_source=a&gclid=B',
      location: `${SHOP}?utm_source=a&gclid=B`,
    },
    { name: 'keeps repeated keys, in order', query: 'tag=1&x=0&tag=2', location: `${SHOP}?tag=1&x=0&tag=2` },
    { name: 'keeps a key without a value', query: 'flag', location: `${SHOP}?flag` },
    { name: 'keeps a key with an empty value apart from one without', query: 'a=&a', location: `${SHOP}?a=&a` },
    { name: 'keeps percent encoding as it came', query: 'a=%20%2F%c3%A9', location: `${SHOP}?a=%20%2F%c3%A9` },
    { name: 'keeps a plus', query: 'a=b+c', location: `${SHOP}?a=b+c` },
    { name: 'keeps percent encoding that is broken', query: 'a=%zz&%=1', location: `${SHOP}?a=%zz&%=1` },
    { name: 'keeps 8 KB', query: long, location: `${SHOP}?${long}` },
    { name: 'keeps a second question mark', query: 'a=?b', location: `${SHOP}?a=?b` },
    { name: 'keeps an equals sign in a value', query: 'a=b=c', location: `${SHOP}?a=b=c` },
    { name: 'encodes what is not ASCII', query: 'stadt=Zürich', location: `${SHOP}?stadt=Z%C3%BCrich` },
    { name: 'encodes a space', query: 'a=b c', location: `${SHOP}?a=b%20c` },
    {
      name: 'encodes line breaks, so that no header can be added',
      query: 'a=1\r\nSet-Cookie: x=1',
      location: `${SHOP}?a=1%0D%0ASet-Cookie:%20x=1`,
    },
    { name: 'encodes a hash, which would begin a fragment', query: 'a=1#b', location: `${SHOP}?a=1%23b` },
    { name: 'replaces half a character by U+FFFD', query: 'a=\ud800', location: `${SHOP}?a=%EF%BF%BD` },
    {
      name: 'keeps whole characters beside half a one',
      query: 'a=é\ud800ü',
      location: `${SHOP}?a=%C3%A9%EF%BF%BD%C3%BC`,
    },
    { name: 'takes //evil for a key', query: '//evil.example', location: `${SHOP}?//evil.example` },
    { name: 'takes javascript: for a key', query: 'javascript:alert(1)', location: `${SHOP}?javascript:alert(1)` },
    { name: 'takes @evil for a key', query: '@evil.example', location: `${SHOP}?@evil.example` },
    {
      name: 'never reads a destination from the query',
      query: 'url=https://evil.example',
      location: `${SHOP}?url=https://evil.example`,
    },
    { name: 'drops empty pairs', query: '&&a=1&', location: `${SHOP}?a=1` },
    { name: 'leaves the address alone when only separators came', query: '&&', location: SHOP },
    { name: 'keeps the fragment at the end', url: `${SHOP}#plans`, query: 'a=1', location: `${SHOP}?a=1#plans` },
    {
      name: 'keeps a fragment with a question mark whole',
      url: `${SHOP}#/a?b=1`,
      query: 'b=2',
      location: `${SHOP}?b=2#/a?b=1`,
    },
    { name: 'keeps the fragment when there is no query', url: `${SHOP}#plans`, query: '', location: `${SHOP}#plans` },
    { name: 'appends behind the own query', url: `${SHOP}?v=2`, query: 'a=1', location: `${SHOP}?v=2&a=1` },
    { name: 'appends behind an own question mark', url: `${SHOP}?`, query: 'a=1', location: `${SHOP}?a=1` },
    { name: 'lets the own keys win', url: `${SHOP}?v=2`, query: 'v=1&a=1&v=3', location: `${SHOP}?v=2&a=1` },
    { name: 'lets an own key without a value win', url: `${SHOP}?v`, query: 'v=1', location: `${SHOP}?v` },
    {
      name: 'lets own keys win in another spelling',
      url: `${SHOP}?utm_source=own`,
      query: 'utm%5Fsource=theirs&a=1',
      location: `${SHOP}?utm_source=own&a=1`,
    },
    {
      name: 'lets own keys win whose plus is a space',
      url: `${SHOP}?my+key=own`,
      query: 'my%20key=theirs',
      location: `${SHOP}?my+key=own`,
    },
    { name: 'tells keys apart by case', url: `${SHOP}?V=2`, query: 'v=1', location: `${SHOP}?V=2&v=1` },
    {
      name: 'takes no key for one by its beginning',
      url: `${SHOP}?utm=1`,
      query: 'utm_source=a',
      location: `${SHOP}?utm=1&utm_source=a`,
    },
    { name: 'stands on a bare host', url: 'https://shop.example', query: 'a=1', location: 'https://shop.example?a=1' },
  ])('$name', ({ url = SHOP, query, location }) => {
    expect(destination(url, query)).toBe(location);
  });

  const aQuery = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .array(fc.tuple(fc.stringMatching(/^[\w%+.~-]{0,6}$/), fc.option(fc.stringMatching(/^[\w%+.~=?-]{0,6}$/))), {
        maxLength: 8,
      })
      .map((pairs) => pairs.map(([key, value]) => (value === null ? key : `${key}=${value}`)).join('&')),
  );
  const anAddress = fc.constantFrom(
    SHOP,
    `${SHOP}?v=2&utm_source=own`,
    `${SHOP}?`,
    `${SHOP}#top`,
    `${SHOP}?a&b=#top?a=1`,
  );

  it('holds printable ASCII only and goes where the experiment says, whatever the query', () => {
    fc.assert(
      fc.property(anAddress, aQuery, (url, query) => {
        const location = destination(url, query);
        expect(location).toMatch(/^[\x21-\x7e]+$/);
        const [from, to] = [new URL(url), new URL(location)];
        expect([to.origin, to.pathname, to.hash, to.username]).toEqual([from.origin, from.pathname, from.hash, '']);
        expect(location.startsWith(url.split(/[?#]/, 1)[0] ?? '?')).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('keeps the pairs of a plain query as they came, in order, without those the destination names', () => {
    const plain = fc
      .array(
        fc.tuple(
          fc.constantFrom('tag', 'gclid', 'utm_source', 'v', 'flag'),
          fc.option(fc.stringMatching(/^[\w%+~-]{0,5}$/)),
        ),
        { minLength: 1 },
      )
      .map((pairs) => pairs.map(([key, value]) => (value === null ? key : `${key}=${value}`)));
    fc.assert(
      fc.property(plain, (pairs) => {
        const location = destination(`${SHOP}?v=2`, pairs.join('&'));
        const kept = location.slice(`${SHOP}?v=2`.length).split('&').slice(1);
        expect(kept).toEqual(pairs.filter((pair) => pair.split('=')[0] !== 'v'));
      }),
    );
  });
});
