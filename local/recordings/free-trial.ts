import { readFileSync } from 'node:fs';
import { DAY_MS, MINUTE_MS } from '#shared/experiment/time.ts';
import type { RecordedDay, RecordedVisitor, Recording } from './recording.ts';

export const FREE_TRIAL_START = Date.parse('2014-10-11T00:00:00Z');
export const FREE_TRIAL_END = Date.parse('2014-11-17T00:00:00Z');

const folder = new URL('../../samples/', import.meta.url);

export const freeTrialDefinition = (): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL('free-trial-screener.json', folder), 'utf8')) as Record<string, unknown>;

/** All of it, or one visitor in so many; the whole and its sample are two experiments, so that neither waters down the other. */
export function freeTrialRecording(oneIn = 1): Recording {
  const authored = freeTrialDefinition();
  const definition =
    oneIn === 1
      ? { ...authored, id: `${authored.id}-all` }
      : { ...authored, name: `${authored.name} (1 visitor in ${oneIn})` };
  return { definition, startedAt: FREE_TRIAL_START, concludedAt: FREE_TRIAL_END, days: recordedDays(oneIn) };
}

/**
 * The recorded days, visitor by visitor; with `oneIn`, every so-manieth of them, taken evenly from each day and each
 * outcome so that the shares stay what they were.
 */
export function recordedDays(oneIn: number): RecordedDay[] {
  const [, ...lines] = readFileSync(new URL('free-trial-screener.csv', folder), 'utf8').trim().split('\n');
  const days = new Map<string, RecordedVisitor[]>();
  const taken = new Map<string, number>();
  for (const line of lines.sort()) {
    const [date = '', variant = '', ...counts] = line.split(',');
    const [visitors = 0, clicks = 0, enrolments = 0, payments = 0] = counts.map(Number);
    const day = days.get(date) ?? [];
    for (let i = 0; i < visitors; i++) {
      const outcome = i < payments ? 3 : i < enrolments ? 2 : i < clicks ? 1 : 0;
      const key = `${variant} ${outcome}`;
      const nth = taken.get(key) ?? 0;
      taken.set(key, nth + 1);
      if (nth % oneIn === 0) day.push(recordedVisitor(variant, Date.parse(`${date}T00:00:00Z`), i, outcome));
    }
    days.set(date, day);
  }
  return [...days].map(([date, visitors]) => ({ date, visitors }));
}

/** The source has days, not hours: visitors are spread over the day by the golden ratio, evenly whatever they did. */
function recordedVisitor(variant: string, dayStart: number, index: number, outcome: number): RecordedVisitor {
  const enteredAt = dayStart + Math.floor(((index * 0.6180339887498949) % 1) * DAY_MS);
  const times = [
    { step: 'click', at: enteredAt + 2 * MINUTE_MS },
    { step: 'enrol', at: enteredAt + 10 * MINUTE_MS },
    // Paid when the trial of 14 days ends; the minute before, so that the window of 14 days from the page view holds it.
    { step: 'pay', at: enteredAt + 14 * DAY_MS - MINUTE_MS },
  ] as const;
  return { variant, enteredAt, steps: times.slice(0, outcome) };
}
