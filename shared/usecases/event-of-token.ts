import { type TokenSecret, verifyToken } from '../token/token.ts';
import type { VisitorEvent } from './visitor-event.ts';

/** An event as it came: of a token, or of an experiment and a visitor by name. */
export type SentEvent = Omit<VisitorEvent, 'experiment' | 'visitor' | 'served'> & {
  readonly token?: string | undefined;
  readonly experiment?: string | undefined;
  readonly visitor?: string | undefined;
};
export type TokenRefusal = {
  readonly status: 'refused';
  readonly code: 'token-expired' | 'token-forged' | 'visitor-uncounted';
  readonly message: string;
};

/** The event with its experiment and visitor, taken from the token where there is one; or why the token is refused. */
export function eventOfToken(sent: SentEvent, secret: TokenSecret, now: number): VisitorEvent | TokenRefusal {
  const { token: text, ...event } = sent;
  if (text === undefined) return { ...event, experiment: event.experiment ?? '', visitor: event.visitor ?? '' };
  const verified = verifyToken(text, secret, now);
  switch (verified.kind) {
    case 'expired':
      return refused('token-expired', 'the token is more than a week old; assign the visitor anew');
    case 'forged':
      return refused('token-forged', 'the token was not signed here');
    case 'valid': {
      const { kind, experiment, visitor, variant, issuedAt, step } = verified.token;
      if (kind === 'uncounted')
        return refused(
          'visitor-uncounted',
          'this visitor was shown the page without being counted, so neither is what they do on it',
        );
      const served = { variant, at: issuedAt };
      // Someone who moves a pointer on the page an e-mail's link led to is the person who opened that link.
      if (event.type === 'interaction' && step !== undefined)
        return { ...event, experiment, visitor, served, step, at: issuedAt };
      return { ...event, experiment, visitor, served };
    }
  }
}

const refused = (code: TokenRefusal['code'], message: string): TokenRefusal => ({ status: 'refused', code, message });
