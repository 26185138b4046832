import * as z from 'zod/mini';
import { slug } from './slug.ts';

/**
 * A slice of a layer. Experiments of one layer share its line of visitors and each has a slice of its own, so that no visitor is
 * in two of them. Shares of the line in [0, 1], half open: `until` of one may be `from` of the next.
 */
export const LayerSlice = z
  .strictObject({
    name: slug('a layer'),
    from: z.number().check(z.minimum(0), z.lt(1)),
    until: z.number().check(z.positive(), z.maximum(1)),
  })
  .check((context) => {
    const { from, until } = context.value;
    if (from >= until)
      context.issues.push({
        code: 'custom',
        input: context.value,
        path: ['until'],
        message: `must be above from, ${from}`,
      });
  });
export type LayerSlice = z.output<typeof LayerSlice>;
