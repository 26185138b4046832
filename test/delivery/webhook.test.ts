import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { postWebhook } from '#shared/deliver/post-webhook.ts';
import { isPublic, publicAddress } from '#shared/deliver/public-address.ts';
import { signWebhook, webhookSecret } from '#shared/token/sign-webhook.ts';

describe('isPublic', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '198.18.0.1',
    '192.0.2.1',
    '::1',
    '::',
    'fe80::1',
    'fd00:ec2::254',
    'ff02::1',
    '::ffff:169.254.169.254',
    '::ffff:10.0.0.1',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::',
    '2001:db8::1',
  ])('is not so of %s', (address) => expect(isPublic(address)).toBe(false));
  it.each(['1.1.1.1', '93.184.215.14', '2606:4700:4700::1111'])('is so of %s', (address) =>
    expect(isPublic(address)).toBe(true),
  );
});

describe('publicAddress', () => {
  const names =
    (...addresses: string[]) =>
    async () =>
      addresses.map((address) => ({ address, family: address.includes(':') ? (6 as const) : (4 as const) }));

  it.each([
    ['http://hooks.example.com/a', names('1.1.1.1'), /needs https/],
    ['https://user:secret@hooks.example.com/a', names('1.1.1.1'), /no user/],
    ['https://hooks.example.com/a', names('1.1.1.1', '10.0.0.7'), /10\.0\.0\.7, which is not a public address/],
    ['https://hooks.example.com/a', names(), /no address/],
    ['https://169.254.169.254/latest/meta-data', names('1.1.1.1'), /not a public address/],
    ['https://[::1]/', names('1.1.1.1'), /not a public address/],
    ['https://0x7f000001/', names('1.1.1.1'), /not a public address/],
    ['https://2130706433/', names('1.1.1.1'), /not a public address/],
  ])('refuses %s', async (url, resolve, why) => {
    await expect(publicAddress(new URL(url), resolve)).rejects.toThrow(why);
  });

  it('answers with the address that was checked', async () => {
    expect(await publicAddress(new URL('https://hooks.example.com/a'), names('1.1.1.1'))).toEqual({
      address: '1.1.1.1',
      family: 4,
    });
  });
});

describe('postWebhook', () => {
  it('opens no connection to a name that leads inside', async () => {
    const post = postWebhook(Date.now, async () => [{ address: '127.0.0.1', family: 4 }]);
    await expect(post({ url: 'https://inside.example.com/', body: '{}', secret: 's' })).rejects.toThrow(
      /not a public address/,
    );
  });
});

describe('signWebhook', () => {
  it('signs the time with the body, so that neither can be changed', () => {
    const signature = signWebhook('{"text":"hi"}', 'secret', 1_700_000_000_999);
    expect(signature).toBe(
      `t=1700000000,v1=${createHmac('sha256', 'secret').update('1700000000.{"text":"hi"}').digest('hex')}`,
    );
  });

  it('uses another secret for every experiment', () => {
    expect(webhookSecret('root', 'a')).not.toBe(webhookSecret('root', 'b'));
    expect(webhookSecret('root', 'a')).toBe(webhookSecret('root', 'a'));
  });
});
