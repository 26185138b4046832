import type { Definition } from '../experiment/definition.ts';
import type { Attributes } from '../experiment/packed.ts';

/** The declared segments of a visitor at assignment. Values nobody declared are `other`, so the tallies cannot grow without bound. */
export function frozenSegments(definition: Definition, attributes: Attributes): Record<string, string> {
  return Object.fromEntries(
    definition.segments.map(({ attribute, values }) => {
      const given = Object.hasOwn(attributes, attribute) ? attributes[attribute] : undefined;
      if (given === undefined) return [attribute, 'unknown'];
      return [attribute, values.includes(String(given)) ? String(given) : 'other'];
    }),
  );
}
