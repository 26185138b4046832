import { describe, expect, it } from 'vitest';
import { evidenceOfScore, evidenceThreshold } from '#shared/statistics/evidence.ts';
import { forecastDecision } from '#shared/statistics/forecast.ts';
import { seeded } from '../../local/simulation/random.ts';

/** 5 % of 1000 a day in each of two variants: what a day adds to V. */
const informationPerDay = 23.75;
const running = { score: 0, information: 0, tau: 0.1, informationPerDay, days: 60 };

describe('forecastDecision', () => {
  it('asks for a day of data, and notices a decision already made', () => {
    expect(forecastDecision({ ...running, informationPerDay: 0 })).toMatchObject({ kind: 'insufficient' });
    expect(forecastDecision({ ...running, score: 100, information: 300 })).toEqual({ kind: 'decided' });
  });

  it('gives probabilities that never fall from day to day', () => {
    const forecast = forecastDecision({ ...running, score: 20, information: 200, plannedEndInDays: 20 });
    if (forecast.kind !== 'forecast') throw new Error(forecast.kind);
    expect(forecast.decidedBy).toHaveLength(60);
    forecast.decidedBy.forEach((chance, i) => {
      expect(chance).toBeGreaterThanOrEqual(forecast.decidedBy[i - 1] ?? 0);
      expect(chance).toBeLessThanOrEqual(1);
    });
  });

  it('agrees with simulated futures within three standard errors', () => {
    const start = { score: 25, information: 10 * informationPerDay };
    const plannedEndInDays = 20;
    const forecast = forecastDecision({ ...running, ...start, plannedEndInDays });
    if (forecast.kind !== 'forecast') throw new Error(forecast.kind);
    const random = seeded(3);
    const runs = 10_000;
    const decidedOn = new Array<number>(61).fill(0);
    for (let run = 0; run < runs; run += 1) {
      const belief = 1 / (start.information + 1 / running.tau ** 2);
      const effect = start.score * belief + random.normal() * Math.sqrt(belief);
      let { score, information } = start;
      for (let day = 1; day <= 60; day += 1) {
        score += effect * informationPerDay + random.normal() * Math.sqrt(informationPerDay);
        information += informationPerDay;
        const { logEvidence } = evidenceOfScore(score, information, running.tau);
        const atEnd = day === plannedEndInDays && Math.abs(score) / Math.sqrt(information) > 2.0537489;
        if (logEvidence < Math.log(evidenceThreshold(0.01, 2)) && !atEnd) continue;
        decidedOn[day] = (decidedOn[day] ?? 0) + 1;
        break;
      }
    }
    for (const day of [1, 5, 10, 19, 20, 40, 60]) {
      const simulated = decidedOn.slice(0, day + 1).reduce((sum, count) => sum + count, 0) / runs;
      const claimed = forecast.decidedBy[day - 1] ?? -1;
      // The standard error is at most 0.5 %.
      expect(Math.abs(simulated - claimed), `day ${day}: ${simulated} against ${claimed}`).toBeLessThan(0.015);
    }
  });

  it('sees the decision sooner for a stronger effect', () => {
    const likely = (score: number) => {
      const forecast = forecastDecision({ ...running, score, information: 400 });
      return forecast.kind === 'forecast' ? (forecast.likelyInDays ?? Infinity) : 0;
    };
    expect(likely(60)).toBeLessThan(likely(45));
    expect(likely(45)).toBeLessThan(likely(5));
  });
});
