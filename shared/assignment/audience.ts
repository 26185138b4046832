import type { Condition } from '../experiment/condition.ts';
import type { Attributes, PackedCondition } from '../experiment/packed.ts';
import { hasOwn } from './has-own.ts';

/** A condition in the one shape that is read. */
export function packCondition(condition: Condition): PackedCondition {
  const values = 'values' in condition ? condition.values : 'value' in condition ? [condition.value] : [];
  return { attribute: condition.attribute, operator: condition.operator, values };
}

/** True when every condition holds; no conditions means everyone. */
export function inAudience(audience: readonly PackedCondition[], attributes: Attributes): boolean {
  for (let i = 0; i < audience.length; i++) if (!holds(audience[i] as PackedCondition, attributes)) return false;
  return true;
}

function holds(condition: PackedCondition, attributes: Attributes): boolean {
  const given = hasOwn(attributes, condition.attribute) ? attributes[condition.attribute] : undefined;
  const values = condition.values;
  const value = values[0];
  switch (condition.operator) {
    case 'is':
    case 'one-of':
      return given !== undefined && values.indexOf(given) >= 0;
    case 'is-not':
    case 'none-of':
      return given === undefined || values.indexOf(given) < 0;
    case 'at-least':
      return typeof given === 'number' && typeof value === 'number' && given >= value;
    case 'less-than':
      return typeof given === 'number' && typeof value === 'number' && given < value;
    case 'starts-with':
      return typeof given === 'string' && given.indexOf(value as string) === 0;
    case 'contains':
      return typeof given === 'string' && given.indexOf(value as string) >= 0;
    case 'present':
      return given !== undefined;
    case 'missing':
      return given === undefined;
    default:
      // Packed by newer code than this: serving nobody is the safe reading of a condition nobody here knows.
      return false;
  }
}
