import { createHmac } from 'node:crypto';

export const SIGNATURE_HEADER = 'stepladder-signature';

/**
 * The signature of a webhook: `t=<seconds>,v1=<hex HMAC-SHA256 of "t.body">`. The time is signed too, so that a receiver may
 * refuse what is old and replayed.
 */
export const signWebhook = (body: string, secret: string, atMs: number): string => {
  const seconds = Math.floor(atMs / 1000);
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
};

/** The secret of one experiment's webhooks, from one that is never rotated: known to its administrators and to no other experiment. */
export const webhookSecret = (root: string, experiment: string): string =>
  createHmac('sha256', root).update(`webhook\n${experiment}`).digest('base64url');
