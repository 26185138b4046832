import { describe, expect, it } from 'vitest';
import { intentOf } from '#shared/assignment/intent.ts';
import type { Intent } from '#shared/experiment/intent.ts';

const intent: Intent = {
  rules: [
    { stage: 'late', when: [{ attribute: 'utm_term', operator: 'contains', value: 'buy' }] },
    {
      stage: 'late',
      when: [
        { attribute: 'returning', operator: 'is', value: true },
        { attribute: 'utm_medium', operator: 'one-of', values: ['cpc', 'email'] },
      ],
    },
    { stage: 'mid', when: [{ attribute: 'returning', operator: 'is', value: true }] },
  ],
  otherwise: 'early',
};

describe('intentOf', () => {
  it.each([
    { attributes: {}, stage: 'early' },
    { attributes: { utm_term: 'buy shoes' }, stage: 'late' },
    { attributes: { utm_term: 'shoes', utm_medium: 'cpc' }, stage: 'early' },
    { attributes: { returning: true, utm_medium: 'cpc' }, stage: 'late' },
    { attributes: { returning: true }, stage: 'mid' },
    { attributes: { returning: 'true' }, stage: 'early' },
    { attributes: { returning: false }, stage: 'early' },
  ])('is $stage of $attributes: the first rule that holds, with the types of an audience', ({ attributes, stage }) => {
    expect(intentOf(intent, attributes)).toBe(stage);
  });

  it('is what the definition says of whoever no rule speaks of', () => {
    expect(intentOf({ ...intent, otherwise: 'mid' }, {})).toBe('mid');
  });
});
