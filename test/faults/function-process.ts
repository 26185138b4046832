import type { Context } from 'aws-lambda';
import { handler as redirect } from '#functions/lambda/redirect.ts';
import { handler as site } from '#functions/lambda/site.ts';
import { handler as tally } from '#functions/lambda/tally.ts';

// What runs in a process of its own, which a test kills: the functions as they are on AWS, and the least of a runtime.

const handlers: Readonly<Record<string, (event: never, context: Context) => Promise<unknown>>> = {
  redirect,
  site,
  tally,
};

process.on('message', ({ id, name, event }: { id: number; name: string; event: never }) => {
  handlers[name]?.(event, {} as Context).then(
    (answer) => process.send?.({ id, answer }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  );
});
process.send?.('ready');
