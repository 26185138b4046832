import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activityOfKey, commitmentKey, readReplyKey, replyKey } from '#shared/journey/commitment.ts';

const anActivity = fc.constantFrom('post', 'a-visit', 'constructor');

describe('commitmentKey', () => {
  it('is as documented', () => {
    expect(commitmentKey('post', 'p-1')).toBe('post#1hfemrp98k7aw');
  });

  it('tells activities and events apart, and is the same for the same', () => {
    const ids = Array.from({ length: 20_000 }, (_, i) => `event-${i}`);
    expect(new Set(ids.map((id) => commitmentKey('post', id))).size).toBe(ids.length);
    expect(commitmentKey('visit', 'p-1')).not.toBe(commitmentKey('post', 'p-1'));
    expect(commitmentKey('post', 'p-1')).toBe(commitmentKey('post', 'p-1'));
  });

  it('is short and holds nothing of the event id, whatever that is', () => {
    fc.assert(
      fc.property(anActivity, fc.string({ unit: 'grapheme', maxLength: 64 }), (activity, eventId) => {
        expect(commitmentKey(activity, eventId)).toMatch(new RegExp(`^${activity}#[0-9a-z]{1,13}$`));
        expect(activityOfKey(commitmentKey(activity, eventId))).toBe(activity);
      }),
    );
  });
});

describe('replyKey', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(anActivity, fc.string(), fc.integer({ min: 1, max: 50 }), (activity, to, depth) => {
        expect(readReplyKey(replyKey(activity, to, depth))).toEqual({ commitment: commitmentKey(activity, to), depth });
      }),
    );
  });
});
