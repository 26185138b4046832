import { intentOf } from '../assignment/intent.ts';
import type { Definition } from '../experiment/definition.ts';
import { INTENT_SEGMENT } from '../experiment/intent-stage.ts';
import type { Attributes } from '../experiment/packed.ts';

/**
 * The declared segments of a visitor at assignment, and their intent where the definition tells it. Values nobody declared are
 * `other`, so the tallies cannot grow without bound.
 */
export function frozenSegments({ segments, intent }: Definition, attributes: Attributes): Record<string, string> {
  const declared = segments.map(({ attribute, values }) => {
    const given = Object.hasOwn(attributes, attribute) ? attributes[attribute] : undefined;
    if (given === undefined) return [attribute, 'unknown'];
    return [attribute, values.includes(String(given)) ? String(given) : 'other'];
  });
  return { ...Object.fromEntries(declared), ...(intent && { [INTENT_SEGMENT]: intentOf(intent, attributes) }) };
}
