import * as z from 'zod/mini';

const attribute = z
  .string()
  .check(
    z.regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/, 'an attribute name starts with a letter and has 64 characters at most'),
  );
const text = z.string().check(z.maxLength(256));
const scalar = z.union([text, z.number(), z.boolean()]);

/**
 * One condition on one attribute. A missing attribute satisfies only `missing`, `is-not` and `none-of`:
 * "country is not FR" is true of a visitor whose country nobody knows.
 *
 * | operator | true when the attribute |
 * |---|---|
 * | `is`, `is-not` | equals the value, with its type; or does not |
 * | `one-of`, `none-of` | is among the values; or is not |
 * | `at-least`, `less-than` | is a number on that side of the value |
 * | `starts-with`, `contains` | is text that does |
 * | `present`, `missing` | was given; or was not |
 */
export const Condition = z.discriminatedUnion('operator', [
  z.strictObject({ attribute, operator: z.enum(['is', 'is-not']), value: scalar }),
  z.strictObject({
    attribute,
    operator: z.enum(['one-of', 'none-of']),
    values: z.array(scalar).check(z.minLength(1), z.maxLength(50)),
  }),
  z.strictObject({ attribute, operator: z.enum(['at-least', 'less-than']), value: z.number() }),
  z.strictObject({ attribute, operator: z.enum(['starts-with', 'contains']), value: text.check(z.minLength(1)) }),
  z.strictObject({ attribute, operator: z.enum(['present', 'missing']) }),
]);
export type Condition = z.output<typeof Condition>;
