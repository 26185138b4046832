import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classOf, SIGNALS, type Signal } from '#shared/journey/signal.ts';

describe('classOf', () => {
  it.each<{ signals: Signal[]; visitor: string }>([
    { signals: [], visitor: 'human' },
    { signals: ['interaction'], visitor: 'human' },
    { signals: ['burst'], visitor: 'suspect' },
    { signals: ['too-fast'], visitor: 'suspect' },
    { signals: ['no-cookie'], visitor: 'suspect' },
    { signals: ['burst', 'no-cookie', 'too-fast'], visitor: 'suspect' },
    { signals: ['burst', 'interaction'], visitor: 'human' },
    { signals: ['declared-bot'], visitor: 'machine' },
    { signals: ['declared-bot', 'interaction'], visitor: 'machine' },
    { signals: ['burst', 'declared-bot'], visitor: 'machine' },
  ])('calls a visitor with the signals $signals a $visitor', ({ signals, visitor }) => {
    expect(classOf(signals)).toBe(visitor);
  });

  it('does not depend on the order of the signals', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...SIGNALS]), (signals) => classOf(signals) === classOf([...signals].sort())),
    );
  });
});
