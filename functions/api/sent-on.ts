import { destination } from '#shared/assignment/destination.ts';
import { apology } from '#shared/http/apology.ts';
import type { Reply } from '#shared/http/reply.ts';
import { signToken, type Token, type TokenSecret } from '#shared/token/token.ts';
import type { LiveExperiment } from '#shared/usecases/live-experiments.ts';

/** The landing page reads this; see client/. */
export const TOKEN = 'stepladder_token';

/**
 * The answer that sends a visitor on: to a step of their variant, or to its first step where the variant has no such step or
 * the step no address. With a token, so that a site on another host can go on with the same visitor.
 */
export function sentOn(
  { experiment, packed }: LiveExperiment,
  step: string | undefined,
  rawQuery: string,
  token: Omit<Token, 'experiment'>,
  secret: TokenSecret,
  cookies: readonly string[] = [],
): Reply {
  const { variants, control } = experiment.definition;
  const variant = variants.find(({ id }) => id === token.variant) ?? variants.find(({ id }) => id === control);
  const url = variant?.steps.find(({ id }) => id === step)?.url ?? variant?.steps[0]?.url;
  if (url === undefined) return apology(404);
  const signed = signToken({ ...token, experiment: packed.id }, secret);
  return {
    statusCode: 302,
    headers: { location: destination(url, rawQuery, `${TOKEN}=${signed}`), 'cache-control': 'private, no-store' },
    cookies: [...cookies],
    body: '',
  };
}
