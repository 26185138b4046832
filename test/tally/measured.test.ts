import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currentSequence } from '#shared/experiment/experiment.ts';
import { matureAfterMs } from '#shared/experiment/sequence.ts';
import { type Journey, merge } from '#shared/journey/journey.ts';
import { measured } from '#shared/tally/measured.ts';
import { aJourney, anEvent, anExperiment, DAY, HOUR, NOON } from '../support/an-experiment.ts';
import { someNews } from '../support/arbitraries.ts';
import { EVERY_METRIC } from '../support/every-metric.ts';

const sequence = currentSequence(anExperiment({ windowDays: 7, metrics: EVERY_METRIC }));
const WEEK = 7 * DAY;
const of = (journey: Journey) =>
  Object.fromEntries(measured(journey, sequence).map(([{ id }, result]) => [id, result]));
const did = (activity: string, ...times: readonly number[]) =>
  Object.fromEntries(times.map((at, i) => [`${activity}#${i}`, { at: NOON + at }]));

describe('measured', () => {
  it('measures nothing of a sequence without metrics', () => {
    expect(measured(aJourney(), currentSequence(anExperiment()))).toEqual([]);
  });

  it('measures a visitor who did nothing', () => {
    expect(of(aJourney())).toEqual({
      revenue: { x: 0 },
      posts: { x: 0 },
      back: { x: 0, weeks: [] },
      silence: { x: 48 },
      answered: { x: 0, d: 0 },
      talk: { x: 0, d: 0 },
    });
  });

  it('adds up what steps of the own ladder and commitments were worth, up to the cap', () => {
    const value = (amount: number, at = NOON) => ({ at: NOON, value: { amount, at } });
    const steps = { question: value(100), buy: value(2_000), 'of-another-variant': value(77) };
    const commitments = { 'post#a': value(30), 'visit#b': value(4), 'post#late': value(900, NOON + WEEK + 1) };
    expect(of(aJourney({ steps, commitments })).revenue).toEqual({ x: 2_134 });
    expect(of(aJourney({ steps: { buy: value(4_000) }, commitments: { 'post#a': value(4_000) } })).revenue).toEqual({
      x: 5_000,
    });
  });

  it('counts commitments of its activity up to the horizon, at most the cap', () => {
    expect(of(aJourney({ commitments: { ...did('post', 0, WEEK, WEEK + 1), ...did('visit', 1) } })).posts).toEqual({
      x: 2,
    });
    expect(of(aJourney({ commitments: did('post', 1, 2, 3, 4, 5) })).posts).toEqual({ x: 3 });
  });

  it('counts a commitment that seems to be made shortly before the visitor entered, and none that was made earlier', () => {
    expect(of(aJourney({ commitments: did('post', -HOUR, -HOUR - 1, -DAY) })).posts).toEqual({ x: 1 });
  });

  it.each([
    { name: 'week 1 begins with the visitor', times: [0, WEEK - 1], weeks: [1] },
    { name: 'each week has its first instant and not its last', times: [WEEK, 3 * WEEK - 1], weeks: [2, 3] },
    { name: 'the last week ends where the fifth would begin', times: [4 * WEEK - 1, 4 * WEEK], weeks: [4] },
    { name: 'often in a week is once', times: [1, 2, 3, 2 * WEEK, 2 * WEEK + 1], weeks: [1, 3] },
  ])('counts weeks with a commitment: $name', ({ times, weeks }) => {
    expect(of(aJourney({ commitments: did('visit', ...times) })).back).toEqual({ x: weeks.length, weeks });
  });

  it.each([
    { name: 'from the entry to the first', times: [30 * HOUR, 40 * HOUR], gap: 30 },
    { name: 'between two', times: [5 * HOUR, 26 * HOUR, 30 * HOUR], gap: 21 },
    { name: 'from the last to the horizon', times: [HOUR, 2 * HOUR, 60 * HOUR], gap: 46 },
    { name: 'in whole hours', times: [24 * HOUR + 59 * 60_000, 48 * HOUR], gap: 24 },
  ])('finds the longest gap $name', ({ times, gap }) => {
    expect(of(aJourney({ commitments: did('visit', ...times) })).silence).toEqual({ x: gap });
  });

  it('counts commitments that were replied to in time, also after the horizon of the commitment', () => {
    const commitments = did('post', 0, HOUR, 2 * HOUR, WEEK, WEEK + 1);
    const replies = {
      'post#0#1': NOON + DAY,
      'post#1#1': NOON + HOUR + DAY + 1,
      'post#1#3': NOON + 4 * DAY,
      'post#2#2': NOON + HOUR,
      'post#3#1': NOON + WEEK + DAY,
      'post#4#1': NOON + WEEK + 2,
      'post#unheard-of#1': NOON,
    };
    expect(of(aJourney({ commitments, replies })).answered).toEqual({ x: 3, d: 4 });
  });

  it('adds up how deep the replies went up to the horizon', () => {
    const replies = {
      'post#0#1': NOON,
      'post#0#4': NOON + DAY,
      'post#0#9': NOON + WEEK + 1,
      'post#2#2': NOON + WEEK,
    };
    expect(of(aJourney({ commitments: did('post', 0, 1, 2), replies })).talk).toEqual({ x: 6, d: 3 });
  });

  it('is the same in whatever order and however often things are heard of', () => {
    fc.assert(
      fc.property(fc.array(someNews(), { minLength: 1, maxLength: 5 }), (events) => {
        const again = [...events, ...events].reverse();
        expect(measured(again.reduce(merge), sequence)).toEqual(measured(events.reduce(merge), sequence));
      }),
    );
  });

  it('never changes by what happens after a metric is mature', () => {
    const later = fc.integer({ min: 1, max: 90 * DAY });
    fc.assert(
      fc.property(fc.array(someNews(), { maxLength: 5 }), later, later, (events, gap, more) => {
        const known = events.reduce(merge, aJourney({ assignedAt: NOON - DAY }));
        for (const metric of sequence.metrics ?? []) {
          const at = NOON - DAY + matureAfterMs(metric) + gap;
          const value = { at: at + more, amount: 50 };
          const news = anEvent({
            commitments: { 'post#z': { at, value }, 'visit#z': { at, value }, 'post#a1': { at, value } },
            replies: { 'post#a1#50': at, 'post#b2#1': at, 'post#z#1': at + more },
            steps: { plan: { at, value } },
          });
          const find = (journey: Journey) => measured(journey, sequence).find(([{ id }]) => id === metric.id)?.[1];
          const after = merge(known, news);
          // What was said before of the same commitment stays; a commitment nobody had heard of is too late.
          expect(find(after)).toEqual(find(known));
        }
      }),
    );
  });
});
