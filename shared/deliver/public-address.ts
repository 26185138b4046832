import { lookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';

export type Address = { readonly address: string; readonly family: 4 | 6 };
export type Resolve = (host: string) => Promise<readonly Address[]>;

const resolveAll: Resolve = async (host) =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address, family }) => ({
    address,
    family: family === 6 ? 6 : 4,
  }));

/**
 * The address a webhook may connect to, or a refusal. Every address of the name must be a public one, and the caller connects
 * to the very address that was checked: a name that answers differently the second time gets nowhere.
 */
export async function publicAddress(url: URL, resolve: Resolve = resolveAll): Promise<Address> {
  if (url.protocol !== 'https:') throw new Error(`a webhook needs https, not ${url.protocol}`);
  if (url.username || url.password) throw new Error('a webhook has no user in its address');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const addresses = ipaddr.isValid(host)
    ? [{ address: host, family: host.includes(':') ? (6 as const) : (4 as const) }]
    : await resolve(host);
  const [first] = addresses;
  if (first === undefined) throw new Error(`${host} has no address`);
  const inside = addresses.find(({ address }) => !isPublic(address));
  if (inside) throw new Error(`${host} leads to ${inside.address}, which is not a public address`);
  return first;
}

/** Where the addresses of the internet's hosts are; all else of IPv6 is for something else, or for nothing yet. */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

/**
 * Neither private, loopback, link-local (where cloud credentials live), multicast nor reserved. IPv4 inside IPv6 counts as IPv4
 * where it is mapped, and is refused in every other form: NAT64, 6to4, Teredo, and `::127.0.0.1`, which no range names.
 */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return parsed.range() === 'unicast' && (parsed.kind() === 'ipv4' || parsed.match(GLOBAL_UNICAST));
}
