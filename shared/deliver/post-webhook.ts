import { request } from 'node:https';
import { SIGNATURE_HEADER, signWebhook } from '../token/sign-webhook.ts';
import type { Webhook } from '../usecases/delivery.ts';
import { type Address, publicAddress, type Resolve } from './public-address.ts';

/** From the connection to the status: a receiver that sends a byte now and then holds nobody up for longer. */
const TIMEOUT_MS = 10_000;

/** Posts to public addresses only, follows no redirect and reads no more of the answer than its status. */
export function postWebhook(clock: () => number, resolve?: Resolve): Webhook {
  return async ({ url: text, body, secret }) => {
    const url = new URL(text);
    const address = await publicAddress(url, resolve);
    const status = await postTo(address, url, body, { [SIGNATURE_HEADER]: signWebhook(body, secret, clock()) });
    if (status < 200 || status >= 300) throw new Error(`${url.host} answered ${status}`);
  };
}

/** Posts to the very address that was checked, whatever the name says by now, and gives back the status of the answer. */
export function postTo(
  { address, family }: Address,
  url: URL,
  body: string,
  headers: Readonly<Record<string, string>>,
  timeoutMs = TIMEOUT_MS,
): Promise<number> {
  return new Promise((done, fail) => {
    const sending = request(
      url,
      {
        method: 'POST',
        signal: AbortSignal.timeout(timeoutMs),
        lookup: (_host, options, found) =>
          options.all ? found(null, [{ address, family }]) : found(null, address, family),
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'Stepladder',
          ...headers,
        },
      },
      (response) => {
        response.destroy();
        done(response.statusCode ?? 0);
      },
    );
    sending.on('error', (error) =>
      fail(error.name === 'AbortError' ? new Error(`no answer within ${timeoutMs / 1000} seconds`) : error),
    );
    sending.end(body);
  });
}
