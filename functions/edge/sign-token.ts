// The runtime knows its modules by their bare names only.
// biome-ignore lint/style/useNodejsImportProtocol: see above
import crypto from 'crypto';

const SIGNATURE_HEX_DIGITS = 32;

/** The token of shared/token/token.ts, made with what this runtime has. A test verifies one with the other. */
export function signToken(
  kind: 'visit' | 'uncounted',
  experiment: string,
  visitor: string,
  variant: string,
  at: number,
  secret: string,
): string {
  const statement = JSON.stringify([kind === 'visit' ? 0 : 2, experiment, visitor, variant, Math.floor(at / 1000)]);
  const text = Buffer.from(statement).toString('base64url');
  const signature = crypto.createHmac('sha256', secret).update(text).digest('hex').slice(0, SIGNATURE_HEX_DIGITS);
  return `${text}.${Buffer.from(signature, 'hex').toString('base64url')}`;
}

/** An opaque id of 132 bits, the same for the same request: whoever repeats a request does not become two visitors. */
export function visitorOfRequest(requestId: string): string {
  return crypto.createHash('sha256').update(requestId).digest('base64url').slice(0, 22);
}
