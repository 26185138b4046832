import { createServer } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { postTo, postWebhook } from '#shared/deliver/post-webhook.ts';
import { isPublic, publicAddress } from '#shared/deliver/public-address.ts';

const octet = fc.nat(255);
const hex = (high: number, low: number) => ((high << 8) | low).toString(16);

/** IPv4 that is nobody's on the internet, with the metadata service of clouds among it. */
const insideIpv4 = fc.oneof(
  fc.constant([169, 254, 169, 254] as const),
  fc.tuple(fc.constantFrom(0, 10, 127, 224, 240, 255), octet, octet, octet),
  fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet),
  fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
  fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
  fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), octet, octet),
);

/** Every way to write an IPv4 address into an IPv6 one. */
const EMBEDDED: Readonly<Record<string, (a: number, b: number, c: number, d: number) => string>> = {
  mapped: (a, b, c, d) => `::ffff:${a}.${b}.${c}.${d}`,
  'mapped, in hexadecimal': (a, b, c, d) => `::ffff:${hex(a, b)}:${hex(c, d)}`,
  'compatible, as before 2006': (a, b, c, d) => `::${hex(a, b)}:${hex(c, d)}`,
  translated: (a, b, c, d) => `::ffff:0:${hex(a, b)}:${hex(c, d)}`,
  'NAT64, well known': (a, b, c, d) => `64:ff9b::${hex(a, b)}:${hex(c, d)}`,
  'NAT64, local': (a, b, c, d) => `64:ff9b:1::${hex(a, b)}:${hex(c, d)}`,
  '6to4': (a, b, c, d) => `2002:${hex(a, b)}:${hex(c, d)}::1`,
  Teredo: (a, b, c, d) => `2001:0:${hex(a, b)}:${hex(c, d)}::1`,
};

/** What browsers and libc take for one IPv4 address. */
const spellings = ([a, b, c, d]: readonly [number, number, number, number]) => {
  const whole = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  return [
    `${a}.${b}.${c}.${d}`,
    `${a}.${b}.${c}.${d}.`,
    String(whole),
    `0x${whole.toString(16)}`,
    `0${whole.toString(8)}`,
    `0x${a.toString(16)}.0${b.toString(8)}.${(c << 8) | d}`,
    `${a}.${((b << 16) | (c << 8) | d) >>> 0}`,
    [...`${a}.${b}.${c}.${d}`]
      .map((digit) => (digit === '.' ? '。' : String.fromCodePoint(0xff10 + Number(digit))))
      .join(''),
    `%${a.toString().charCodeAt(0).toString(16)}${a.toString().slice(1)}.${b}.${c}.${d}`,
  ];
};

const never = async () => {
  throw new Error('a literal address was looked up');
};

describe('the address of a webhook', () => {
  it.each(Object.keys(EMBEDDED))('is no address inside, written into IPv6: %s', (form) => {
    fc.assert(fc.property(insideIpv4, ([a, b, c, d]) => !isPublic(EMBEDDED[form]?.(a, b, c, d) ?? '1.1.1.1')));
  });

  it('is no IPv6 address outside of what hosts of the internet have', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 }),
        ([first = 0, ...rest]) => {
          const address = [first, ...rest].map((group) => group.toString(16)).join(':');
          return first >> 13 === 1 || !isPublic(address);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('is no address inside, however its host is spelt', async () => {
    await fc.assert(
      fc.asyncProperty(insideIpv4, async (address) => {
        for (const host of spellings(address))
          await expect(publicAddress(new URL(`https://${host}/`), never), host).rejects.toThrow(/not a public address/);
      }),
      { numRuns: 60 },
    );
  });

  it.each(['not an address', '', '1.1.1.1 ', '1.1.1.1/8', 'fe80::1%eth0'])(
    'is not “%s”, should a name lead there',
    (address) => {
      expect(isPublic(address)).toBe(false);
    },
  );

  it('is asked for once, so that a name that leads elsewhere the second time gets nowhere', async () => {
    const answers = ['10.0.0.7', '1.1.1.1'];
    let asked = 0;
    const rebinding = async () => [{ address: answers[asked++ % 2] ?? '', family: 4 as const }];
    const post = postWebhook(Date.now, rebinding);
    await expect(post({ url: 'https://rebind.example/', body: '{}', secret: 's' })).rejects.toThrow(/10\.0\.0\.7/);
    expect(asked).toBe(1);
  });

  it('is where the connection goes, not where the name of the host leads', async () => {
    const reached: string[] = [];
    const server = createServer((socket) => {
      reached.push(String(socket.localPort));
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    await expect(
      postTo({ address: '127.0.0.1', family: 4 }, new URL(`https://nowhere.invalid:${port}/`), '{}', {}),
    ).rejects.toThrow();
    expect(reached).toEqual([String(port)]);
    server.close();
  });
});

describe('a receiver of webhooks', () => {
  it('that answers byte by byte holds nobody up', async () => {
    const server = createServer((socket) => {
      // The beginning of a TLS record that never ends.
      const record = [0x16, 0x03, 0x03, 0x3f, 0xff];
      const dripping = setInterval(() => socket.write(Buffer.from([record.shift() ?? 0])), 20);
      socket.on('error', () => undefined).on('close', () => clearInterval(dripping));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const url = new URL(`https://slow.example:${port}/`);
    await expect(postTo({ address: '127.0.0.1', family: 4 }, url, '{}', {}, 300)).rejects.toThrow(
      'no answer within 0.3 seconds',
    );
    server.close();
  });
});
