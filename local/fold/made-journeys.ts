import type { Sequence } from '#shared/experiment/sequence.ts';
import { DAY_MS } from '#shared/experiment/time.ts';
import type { Journey } from '#shared/journey/journey.ts';
import { seeded } from '../simulation/random.ts';

const DAYS = 28;
/** Journeys of one seed: small enough that work can be shared out, and any of it made again alone. */
export const BLOCK = 10_000;

/**
 * One block of made-up journeys, as JSON lines: four weeks of visitors who climb a rung with probability 0.6, a few machines, one
 * segment, a value at the goal. The same seed and number give the same block on every machine.
 */
export function madeJourneys(sequence: Sequence, seed: number, block: number): Buffer {
  const random = seeded(Math.imul(seed, 0x9e3779b9) ^ block);
  const ladders = Object.entries(sequence.ladders);
  const lines: string[] = [];
  for (let i = 0; i < BLOCK; i++) {
    const [variant, ladder] = ladders[Math.floor(random.uniform() * ladders.length)] ?? ['', []];
    const assignedAt = sequence.since + Math.floor(random.uniform() * DAYS * DAY_MS);
    const steps: Record<string, Journey['steps'][string]> = {};
    let at = assignedAt;
    for (const { step } of ladder) {
      if (random.uniform() > 0.6) break;
      at += Math.ceil(random.exponential(90_000));
      const goal = step === sequence.goal;
      steps[step] = { at, ...(goal && { value: { at, amount: 990 + 100 * Math.floor(random.uniform() * 100) } }) };
    }
    const arrived = random.uniform() < 0.97;
    const journey: Journey = {
      experiment: 'made-up',
      visitor: `${block.toString(36)}-${i.toString(36)}-${Math.floor(random.uniform() * 2 ** 32).toString(36)}`,
      variant,
      sequence: sequence.version,
      epoch: 1,
      revision: 2,
      source: 'redirect',
      segments: { utm_source: SOURCES[Math.floor(random.uniform() * SOURCES.length)] ?? 'other' },
      assignedAt,
      ...(arrived && { arrivedAt: assignedAt + 900 }),
      signals: random.uniform() < 0.02 ? ['declared-bot'] : [],
      steps,
    };
    lines.push(JSON.stringify(journey));
  }
  return Buffer.from(`${lines.join('\n')}\n`);
}

const SOURCES = ['search', 'mail', 'other'];
