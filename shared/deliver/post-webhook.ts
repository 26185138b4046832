import { request } from 'node:https';
import type { Webhook } from './ports.ts';
import { publicAddress, type Resolve } from './public-address.ts';
import { SIGNATURE_HEADER, signWebhook } from './sign-webhook.ts';

const TIMEOUT_MS = 10_000;

/** Posts to public addresses only, follows no redirect and reads no more of the answer than its status. */
export function postWebhook(clock: () => number, resolve?: Resolve): Webhook {
  return async ({ url: text, body, secret }) => {
    const url = new URL(text);
    const { address, family } = await publicAddress(url, resolve);
    const status = await new Promise<number>((done, fail) => {
      const sending = request(
        url,
        {
          method: 'POST',
          timeout: TIMEOUT_MS,
          // The address that was checked, whatever the name says by now.
          lookup: (_host, options, found) =>
            options.all ? found(null, [{ address, family }]) : found(null, address, family),
          headers: {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
            'user-agent': 'Stepladder',
            [SIGNATURE_HEADER]: signWebhook(body, secret, clock()),
          },
        },
        (response) => {
          response.destroy();
          done(response.statusCode ?? 0);
        },
      );
      sending.on('timeout', () => sending.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} seconds`)));
      sending.on('error', fail);
      sending.end(body);
    });
    if (status < 200 || status >= 300) throw new Error(`${url.host} answered ${status}`);
  };
}
