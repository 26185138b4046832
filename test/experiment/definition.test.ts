import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { Definition, LIMITS } from '#shared/experiment/definition.ts';
import '#shared/http/parsed.ts';
import { type DefinitionInput, definitionInput, steps } from '../support/an-experiment.ts';

type Json = { [key: string]: unknown };
type Edit = (definition: Json & { variants: (Json & { steps: Json[] })[] }) => void;

const edited = (edit: Edit): unknown => {
  const definition = structuredClone(definitionInput()) as unknown as Parameters<Edit>[0];
  edit(definition);
  return definition;
};
const refusals = (value: unknown): string[] => {
  const result = z.safeParse(Definition, value);
  return result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
};
const policy =
  (field: string, value: unknown): Edit =>
  (d) => {
    d.policy = { [field]: value };
  };
const set =
  (field: string, value: unknown): Edit =>
  (d) => {
    d[field] = value;
  };
const variant =
  (index: number, field: string, value: unknown): Edit =>
  (d) => {
    Object.assign(d.variants[index] ?? {}, { [field]: value });
  };
const step =
  (index: number, field: string, value: unknown): Edit =>
  (d) => {
    Object.assign(d.variants[1]?.steps[index] ?? {}, { [field]: value });
  };
const many = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const aVariant = (i: number) => ({ id: `v${i}`, name: `V${i}`, steps: steps('buy') });
const SLUG = /lower-case letters, digits and inner hyphens, 64 characters at most/;

describe('Definition', () => {
  it('accepts what a person would write', () => {
    expect(refusals(definitionInput())).toEqual([]);
  });

  it('fills in what was left out', () => {
    const definition = z.parse(Definition, definitionInput());
    expect(definition).toMatchObject({
      traffic: 1,
      audience: [],
      segments: [],
      forced: {},
      enrolment: {},
      windowDays: 7,
      retentionDays: 395,
    });
    expect(definition.variants.map(({ weight }) => weight)).toEqual([1, 1]);
    expect(definition.variants[1]?.steps.map(({ observed }) => observed)).toEqual([true, true, true]);
    expect(definition.policy).toEqual({
      probability: 0.95,
      expectedLoss: 0.01,
      equivalence: 0.01,
      effect: 0.1,
      falseWinnerRate: 0.05,
      minimumDays: 7,
      wholeWeeks: true,
      minimumGoals: 20,
      plannedDays: 28,
      scepticism: 0.1,
    });
  });

  it('is its own input: what it gives back, it accepts and leaves alone', () => {
    const definition = z.parse(Definition, definitionInput({ policy: { minimumDays: 3 } }));
    expect(z.parse(Definition, definition)).toEqual(definition);
  });

  it.each<{ name: string; edit: Edit; field: string; why: RegExp; also?: string[] }>([
    { name: 'a missing id', edit: (d) => delete d.id, field: 'id', why: /expected string/ },
    { name: 'an id with capitals', edit: set('id', 'Checkout'), field: 'id', why: SLUG },
    { name: 'an id that begins with a hyphen', edit: set('id', '-a'), field: 'id', why: SLUG },
    { name: 'an id that ends with a hyphen', edit: set('id', 'a-'), field: 'id', why: SLUG },
    { name: 'an id with a hash, which separates keys', edit: set('id', 'a#b'), field: 'id', why: SLUG },
    { name: 'an id of 65 characters', edit: set('id', 'a'.repeat(65)), field: 'id', why: SLUG },
    { name: 'an id with a line break behind it', edit: set('id', 'a\n'), field: 'id', why: SLUG },
    { name: 'an empty name', edit: set('name', ''), field: 'name', why: /1 characters?/ },
    { name: 'a name of 121 characters', edit: set('name', 'x'.repeat(121)), field: 'name', why: /120/ },
    {
      name: 'a hypothesis of 2,001 characters',
      edit: set('hypothesis', 'x'.repeat(2001)),
      field: 'hypothesis',
      why: /2000/,
    },
    { name: 'a field nobody knows', edit: set('colour', 'red'), field: '', why: /colour/ },
    {
      name: 'a goal that is no slug',
      edit: set('goal', 'Buy!'),
      field: 'goal',
      why: SLUG,
      also: ['variants.0.steps.0.id', 'variants.1.steps.2.id'],
    },
    {
      name: 'a control that names no variant',
      edit: set('control', 'three'),
      field: 'control',
      why: /names no variant; the variants are one-ask, ladder/,
    },
    {
      name: 'a ramp that begins below the traffic',
      edit: (d) => Object.assign(d, { traffic: 0.5, ramp: [{ at: '2026-03-01T00:00:00Z', traffic: 0.4 }] }),
      field: 'ramp.0.traffic',
      why: /must not be less than before: a share that shrinks would cut off visitors/,
    },
    {
      name: 'a ramp whose steps are not in order, compared as instants',
      edit: (d) =>
        Object.assign(d, {
          traffic: 0,
          ramp: [
            { at: '2026-03-01T00:00:00Z', traffic: 0.1 },
            { at: '2026-03-01T01:00:00+02:00', traffic: 1 },
          ],
        }),
      field: 'ramp.1.at',
      why: /must be later than 2026-03-01T00:00:00Z/,
    },
    {
      name: 'a slice of a layer that ends where it begins',
      edit: set('layer', { name: 'checkout', from: 0.5, until: 0.5 }),
      field: 'layer.until',
      why: /must be above from, 0.5/,
    },
    {
      name: 'a slice in per cent',
      edit: set('layer', { name: 'checkout', from: 0, until: 50 }),
      field: 'layer.until',
      why: /<=1/,
    },
    {
      name: 'a segment with the name of the intent',
      edit: (d) =>
        Object.assign(d, {
          segments: [{ attribute: 'intent', values: ['late'] }],
          intent: { rules: [{ stage: 'late', when: [{ attribute: 'returning', operator: 'is', value: true }] }] },
        }),
      field: 'segments.0.attribute',
      why: /is the name under which the intent is kept/,
    },
    {
      name: 'a rule of intent without a condition',
      edit: set('intent', { rules: [{ stage: 'late', when: [] }] }),
      field: 'intent.rules.0.when',
      why: />=1 items/,
    },
    { name: 'one variant', edit: (d) => d.variants.pop(), field: 'variants', why: />=2 items/ },
    {
      name: 'eleven variants',
      edit: set('variants', many(LIMITS.variants + 1, aVariant)),
      field: 'variants',
      why: /<=10 items/,
    },
    {
      name: 'two variants of one id',
      edit: variant(1, 'id', 'one-ask'),
      field: 'variants.1.id',
      why: /is used by two variants: one-ask/,
    },
    {
      name: 'no positive weight',
      edit: (d) =>
        d.variants.forEach((v) => {
          v.weight = 0;
        }),
      field: 'variants',
      why: /need at least one positive weight/,
    },
    {
      name: 'a weight that is no integer',
      edit: variant(0, 'weight', 0.5),
      field: 'variants.0.weight',
      why: /expected int/,
    },
    { name: 'a negative weight', edit: variant(0, 'weight', -1), field: 'variants.0.weight', why: />=0/ },
    {
      name: 'a weight above 100,000',
      edit: variant(0, 'weight', 100_001),
      field: 'variants.0.weight',
      why: /<=100000/,
    },
    { name: 'a variant without steps', edit: variant(1, 'steps', []), field: 'variants.1.steps', why: />=1 items/ },
    {
      name: 'thirteen steps',
      edit: variant(1, 'steps', [...steps(...many(12, (i) => `s${i}`)), ...steps('buy')]),
      field: 'variants.1.steps',
      why: /<=12 items/,
    },
    {
      name: 'two steps of one id in a variant',
      edit: step(1, 'id', 'question'),
      field: 'variants.1.steps.1.id',
      why: /is used by two steps of ladder: question/,
    },
    {
      name: 'a ladder that does not end at the goal',
      edit: step(2, 'id', 'pay'),
      field: 'variants.1.steps.2.id',
      why: /must be the goal buy: every ladder ends there/,
    },
    {
      name: 'a goal that nobody counts',
      edit: step(2, 'observed', false),
      field: 'variants.1.steps.2.observed',
      why: /must be true: a goal nobody counts decides nothing/,
    },
    { name: 'a step id that is no slug', edit: step(0, 'id', 'a b'), field: 'variants.1.steps.0.id', why: SLUG },
    { name: 'a stage nobody knows', edit: step(0, 'stage', 'middle'), field: 'variants.1.steps.0.stage', why: /hook/ },
    {
      name: 'a step window of zero days',
      edit: step(0, 'windowDays', 0),
      field: 'variants.1.steps.0.windowDays',
      why: />0/,
    },
    {
      name: 'a relative address',
      edit: step(1, 'url', '/buy'),
      field: 'variants.1.steps.1.url',
      why: /needs an absolute http or https address/,
    },
    {
      name: 'an address without a scheme',
      edit: step(1, 'url', '//evil.example'),
      field: 'variants.1.steps.1.url',
      why: /absolute/,
    },
    {
      name: 'a javascript address',
      edit: step(1, 'url', 'javascript:alert(1)'),
      field: 'variants.1.steps.1.url',
      why: /absolute/,
    },
    {
      name: 'an address with a user in it',
      edit: step(1, 'url', 'https://shop.example@evil.example/'),
      field: 'variants.1.steps.1.url',
      why: /absolute/,
    },
    {
      name: 'an address with a line break',
      edit: step(1, 'url', 'https://shop.example/a\nb'),
      field: 'variants.1.steps.1.url',
      why: /absolute/,
    },
    {
      name: 'an address with a backslash in its host',
      edit: step(1, 'url', 'https:\\\\evil.example'),
      field: 'variants.1.steps.1.url',
      why: /absolute/,
    },
    {
      name: 'an address with a control character, which no header may hold',
      edit: step(1, 'url', 'https://shop.example/\u0001'),
      field: 'variants.1.steps.1.url',
      why: /./,
    },
    {
      name: 'an address that is not ASCII, which no header may hold',
      edit: step(1, 'url', 'https://shop.example/überblick'),
      field: 'variants.1.steps.1.url',
      why: /./,
    },
    {
      name: 'an address that no browser can read',
      edit: step(1, 'url', 'https://shop.example:99999/'),
      field: 'variants.1.steps.1.url',
      why: /./,
    },
    {
      name: 'an address for some variants only',
      edit: (d) => Object.assign(d.variants[0]?.steps[0] ?? {}, { url: 'https://shop.example/buy' }),
      field: 'variants.1.steps.0.url',
      why: /is missing while other variants have one/,
    },
    { name: 'traffic above one', edit: set('traffic', 1.01), field: 'traffic', why: /<=1/ },
    { name: 'negative traffic', edit: set('traffic', -0.1), field: 'traffic', why: />=0/ },
    {
      name: 'an operator nobody knows',
      edit: set('audience', [{ attribute: 'a', operator: 'matches', value: 'x' }]),
      field: 'audience.0.operator',
      why: /./,
    },
    {
      name: 'a condition without its value',
      edit: set('audience', [{ attribute: 'a', operator: 'is' }]),
      field: 'audience.0.value',
      why: /./,
    },
    {
      name: 'a condition without values',
      edit: set('audience', [{ attribute: 'a', operator: 'one-of', values: [] }]),
      field: 'audience.0.values',
      why: />=1 items/,
    },
    {
      name: 'a threshold that is no number',
      edit: set('audience', [{ attribute: 'a', operator: 'at-least', value: '18' }]),
      field: 'audience.0.value',
      why: /expected number/,
    },
    {
      name: 'an empty text to look for',
      edit: set('audience', [{ attribute: 'a', operator: 'contains', value: '' }]),
      field: 'audience.0.value',
      why: />=1 characters/,
    },
    {
      name: 'a value where none belongs',
      edit: set('audience', [{ attribute: 'a', operator: 'present', value: 1 }]),
      field: 'audience.0',
      why: /value/,
    },
    {
      name: 'an attribute name with a space',
      edit: set('audience', [{ attribute: 'a b', operator: 'present' }]),
      field: 'audience.0.attribute',
      why: /starts with a letter/,
    },
    {
      name: 'twenty-one conditions',
      edit: set(
        'audience',
        many(21, () => ({ attribute: 'a', operator: 'present' })),
      ),
      field: 'audience',
      why: /<=20 items/,
    },
    {
      name: 'a segment declared twice',
      edit: set('segments', [
        { attribute: 'a', values: ['x'] },
        { attribute: 'a', values: ['y'] },
      ]),
      field: 'segments.1.attribute',
      why: /is declared twice: a/,
    },
    {
      name: 'four segments',
      edit: set(
        'segments',
        many(4, (i) => ({ attribute: `a${i}`, values: ['x'] })),
      ),
      field: 'segments',
      why: /<=3 items/,
    },
    {
      name: 'thirteen values of a segment',
      edit: set('segments', [{ attribute: 'a', values: many(13, String) }]),
      field: 'segments.0.values',
      why: /<=12 items/,
    },
    {
      name: 'segments whose keys outgrow a sort key',
      edit: set(
        'segments',
        many(3, (i) => ({ attribute: `a${i}`, values: ['東'.repeat(64)] })),
      ),
      field: 'segments',
      why: /./,
    },
    {
      name: 'a forced visitor of no variant',
      edit: set('forced', { me: 'three' }),
      field: 'forced.me',
      why: /names no variant: three/,
    },
    {
      name: 'fifty-one forced visitors',
      edit: set('forced', Object.fromEntries(many(51, (i) => [`v${i}`, 'ladder']))),
      field: 'forced',
      why: /has more than 50 visitors/,
    },
    {
      name: 'a date without a zone',
      edit: set('enrolment', { from: '2026-01-31T00:00:00' }),
      field: 'enrolment.from',
      why: /needs a date and time with zone/,
    },
    {
      name: 'an enrolment that ends before it begins',
      edit: set('enrolment', { from: '2026-02-01T00:00:00Z', until: '2026-01-31T00:00:00Z' }),
      field: 'enrolment.until',
      why: /must be later than from/,
    },
    {
      name: 'an enrolment that ends as it begins, in another zone',
      edit: set('enrolment', { from: '2026-02-01T00:00:00Z', until: '2026-02-01T01:00:00+01:00' }),
      field: 'enrolment.until',
      why: /must be later than from/,
    },
    { name: 'a window of zero days', edit: set('windowDays', 0), field: 'windowDays', why: />0/ },
    { name: 'a window of more than a year', edit: set('windowDays', 366), field: 'windowDays', why: /<=365/ },
    { name: 'a retention of no day', edit: set('retentionDays', 0), field: 'retentionDays', why: />=1/ },
    {
      name: 'a retention shorter than the window, which would delete what still counts',
      edit: (d) => Object.assign(d, { windowDays: 30, retentionDays: 7 }),
      field: 'retentionDays',
      why: /window/,
    },
    { name: 'a probability of one', edit: policy('probability', 1), field: 'policy.probability', why: /<1/ },
    { name: 'an expected loss of zero', edit: policy('expectedLoss', 0), field: 'policy.expectedLoss', why: />0/ },
    { name: 'an effect above ten', edit: policy('effect', 11), field: 'policy.effect', why: /<=10/ },
    { name: 'a half day', edit: policy('minimumDays', 0.5), field: 'policy.minimumDays', why: /./ },
    { name: 'no goals', edit: policy('minimumGoals', 0), field: 'policy.minimumGoals', why: />=1/ },
    { name: 'a policy field nobody knows', edit: policy('alpha', 0.05), field: 'policy', why: /alpha/ },
  ])('refuses $name, and says that it is in $field', ({ edit, field, why, also = [] }) => {
    const found = refusals(edited(edit));
    const fields = new Set(found.map((refusal) => refusal.split(': ', 1)[0]));
    expect(fields).toEqual(new Set([field, ...also]));
    expect(found.find((refusal) => refusal.startsWith(`${field}: `))?.slice(field.length + 2)).toMatch(why);
  });

  it('says all that is wrong at once', () => {
    const wrong = edited((d) => {
      d.control = 'three';
      Object.assign(d.variants[1]?.steps[2] ?? {}, { id: 'pay' });
      d.forced = { me: 'four' };
    });
    expect(refusals(wrong)).toHaveLength(3);
  });

  it.each<{ name: string; input: Partial<DefinitionInput> }>([
    {
      name: 'a variant of weight zero beside another',
      input: {
        variants: [
          { id: 'one-ask', name: 'A', weight: 0, steps: steps('buy') },
          { id: 'ladder', name: 'B', weight: 100_000, steps: steps('buy') },
        ],
      },
    },
    {
      name: 'ids of one character and of 64',
      input: {
        id: 'a',
        goal: 'b',
        control: 'c',
        variants: [
          { id: 'c', name: 'C', steps: steps('b') },
          { id: 'd'.repeat(64), name: 'D', steps: steps('b') },
        ],
      },
    },
    {
      name: 'one step id in two variants: an anchor',
      input: {
        variants: [
          { id: 'one-ask', name: 'A', steps: steps('plan', 'buy') },
          { id: 'ladder', name: 'B', steps: steps('question', 'plan', 'buy') },
        ],
      },
    },
    { name: 'no traffic at all', input: { traffic: 0 } },
    { name: 'half a day of window', input: { windowDays: 0.5 } },
  ])('accepts $name', ({ input }) => {
    expect(refusals(definitionInput(input))).toEqual([]);
  });
});
