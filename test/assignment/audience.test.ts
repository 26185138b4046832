import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inAudience } from '#shared/assignment/audience.ts';
import { Condition } from '#shared/experiment/condition.ts';
import type { Attributes, PackedCondition } from '#shared/experiment/packed.ts';

type Operator = PackedCondition['operator'];
type Given = string | number | boolean | undefined;
const holds = (operator: Operator, values: PackedCondition['values'], given: Given): boolean =>
  inAudience([{ attribute: 'a', operator, values }], given === undefined ? {} : { a: given });

const CASES: readonly [Operator, PackedCondition['values'], Given, boolean][] = [
  ['is', ['CH'], 'CH', true],
  ['is', ['CH'], 'ch', false],
  ['is', ['CH'], undefined, false],
  ['is', [1], 1, true],
  ['is', [1], '1', false],
  ['is', [true], true, true],
  ['is', [true], 'true', false],
  ['is', [false], undefined, false],
  ['is', [''], '', true],
  ['is', [0], -0, true],
  ['is-not', ['CH'], 'CH', false],
  ['is-not', ['CH'], 'DE', true],
  ['is-not', [1], '1', true],
  ['is-not', ['CH'], undefined, true],
  ['one-of', ['CH', 'DE'], 'DE', true],
  ['one-of', ['CH', 'DE'], 'FR', false],
  ['one-of', ['CH', 1], 1, true],
  ['one-of', ['CH', 'DE'], undefined, false],
  ['none-of', ['CH', 'DE'], 'DE', false],
  ['none-of', ['CH', 'DE'], 'FR', true],
  ['none-of', ['CH', 'DE'], undefined, true],
  ['at-least', [18], 18, true],
  ['at-least', [18], 17.999, false],
  ['at-least', [18], '18', false],
  ['at-least', [0], undefined, false],
  ['at-least', [0], true, false],
  ['less-than', [18], 17.999, true],
  ['less-than', [18], 18, false],
  ['less-than', [18], '17', false],
  ['less-than', [18], undefined, false],
  ['starts-with', ['/shop'], '/shop/1', true],
  ['starts-with', ['/shop'], 'a/shop', false],
  ['starts-with', ['1'], 1, false],
  ['starts-with', ['u'], undefined, false],
  ['contains', ['shop'], 'a/shop', true],
  ['contains', ['shop'], 'a/sho', false],
  ['contains', ['1'], 10, false],
  ['contains', ['u'], undefined, false],
  ['present', [], '', true],
  ['present', [], false, true],
  ['present', [], 0, true],
  ['present', [], undefined, false],
  ['missing', [], undefined, true],
  ['missing', [], '', false],
];

describe('inAudience', () => {
  it.each(CASES)('says of "%s" %j, given %j: %s', (operator, values, given, expected) => {
    expect(holds(operator, values, given)).toBe(expected);
  });

  it('has a case for every operator that a definition accepts', () => {
    const accepted = Condition.def.options.flatMap((option) => Object.values(option.def.shape.operator.def.entries));
    expect(new Set(CASES.map(([operator]) => operator))).toEqual(new Set(accepted));
  });

  it('takes everyone when there are no conditions', () => {
    expect(inAudience([], {})).toBe(true);
  });

  it('takes those for whom every condition holds', () => {
    const audience = [
      { attribute: 'a', operator: 'present', values: [] },
      { attribute: 'b', operator: 'is', values: [1] },
    ] as const;
    expect(inAudience(audience, { a: 'x', b: 1 })).toBe(true);
    expect(inAudience(audience, { a: 'x', b: 2 })).toBe(false);
    expect(inAudience(audience, { b: 1 })).toBe(false);
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'does not take %s for an attribute that was given',
    (attribute) => {
      expect(inAudience([{ attribute, operator: 'present', values: [] }], {})).toBe(false);
      expect(inAudience([{ attribute, operator: 'missing', values: [] }], {})).toBe(true);
      const given = JSON.parse(`{"${attribute}":"x"}`) as Attributes;
      expect(inAudience([{ attribute, operator: 'is', values: ['x'] }], given)).toBe(true);
    },
  );

  it('takes nobody by an operator it does not know', () => {
    const newer = { attribute: 'a', operator: 'matches', values: ['x'] } as unknown as PackedCondition;
    expect(inAudience([newer], { a: 'x' })).toBe(false);
  });

  it('lets one of a condition and its opposite hold, for anything given or not', () => {
    const given = fc.oneof(fc.string(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(undefined));
    const values = fc.array(fc.oneof(fc.string(), fc.double({ noNaN: true }), fc.boolean()), { minLength: 1 });
    fc.assert(
      fc.property(given, values, (attribute, list) => {
        expect(holds('is', list.slice(0, 1), attribute)).toBe(!holds('is-not', list.slice(0, 1), attribute));
        expect(holds('one-of', list, attribute)).toBe(!holds('none-of', list, attribute));
        expect(holds('present', [], attribute)).toBe(!holds('missing', [], attribute));
      }),
    );
  });
});
