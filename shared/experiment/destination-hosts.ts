import type { Definition } from './definition.ts';
import type { Refusal } from './lifecycle.ts';

/**
 * Steps whose address is on a host that the installation does not allow. `allowed` holds host names; `*.example.com` stands for
 * every host below it, and `*` for any host at all.
 */
export function strayDestinations(definition: Definition, allowed: readonly string[]): Refusal[] {
  return definition.variants.flatMap(({ steps }, variant) =>
    steps.flatMap(({ url }, step) => {
      if (url === undefined || allowed.some((pattern) => covers(pattern, new URL(url).hostname))) return [];
      const field = `variants.${variant}.steps.${step}.url`;
      return [
        { field, message: `is on a host this installation does not send visitors to; allowed: ${allowed.join(', ')}` },
      ];
    }),
  );
}

const covers = (pattern: string, host: string): boolean =>
  pattern === '*' || pattern === host || (pattern.startsWith('*.') && host.endsWith(pattern.slice(1)));
