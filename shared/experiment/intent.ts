import * as z from 'zod/mini';
import { Condition } from './condition.ts';
import { INTENTS } from './intent-stage.ts';

/**
 * How the intent of a visitor is told from what is known when they come in: campaign, placement, keyword, whether they were here
 * before (`returning`). The first rule whose conditions all hold says the stage. It is frozen with the assignment: what the
 * variant itself brings about must never move a visitor to another stage.
 */
export const Intent = z.strictObject({
  rules: z
    .array(
      z.strictObject({
        stage: z.enum(INTENTS),
        when: z.array(Condition).check(z.minLength(1), z.maxLength(10)),
      }),
    )
    .check(z.minLength(1), z.maxLength(10)),
  /** Of whoever no rule speaks of. */
  otherwise: z._default(z.enum(INTENTS), 'early'),
});
export type Intent = z.output<typeof Intent>;
