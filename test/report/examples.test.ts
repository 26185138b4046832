import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { composeReport } from '#shared/report/compose.ts';
import { EMAIL_CAMPAIGN_END } from '../../local/recordings/email-campaign.ts';
import { emailCampaignExperiment, emailCampaignTally } from '../../local/recordings/email-campaign-tally.ts';
import { EXAMPLES, exampleFiles } from '../../local/recordings/example-reports.ts';
import { FREE_TRIAL_END, recordedDays } from '../../local/recordings/free-trial.ts';
import { freeTrialExperiment, freeTrialTally } from '../../local/recordings/free-trial-tally.ts';

describe('docs/examples', () => {
  it.each(Object.entries(exampleFiles()))(
    '%s is what the code says today (npm run examples writes it anew)',
    (name, content) => {
      expect(content).toBe(readFileSync(new URL(name, EXAMPLES), 'utf8'));
    },
  );
});

describe('freeTrialTally', () => {
  it('counts what a replay of every recorded visitor would', () => {
    const experiment = freeTrialExperiment();
    const counters = [...freeTrialTally(experiment).values()];
    const visitors = recordedDays(1).flatMap((day) => day.visitors);
    const sum = (name: string) => counters.reduce((total, each) => total + (each[name] ?? 0), 0);
    expect(sum('n')).toBe(visitors.length);
    expect(
      counters.reduce(
        (total, each) =>
          total + Object.entries(each).reduce((all, [name, count]) => (/^f[1-4]$/.test(name) ? all + count : all), 0),
        0,
      ),
    ).toBe(visitors.filter(({ steps }) => steps.length > 0).length);
  });

  it('gives the totals its publisher printed', () => {
    const experiment = freeTrialExperiment();
    const { variants, headcount } = composeReport(experiment, freeTrialTally(experiment), 0, FREE_TRIAL_END);
    expect(variants.map(({ assigned, counted, goals }) => [assigned, counted, goals])).toEqual([
      [345_543, 212_163, 2_033],
      [344_660, 211_362, 1_945],
    ]);
    expect(headcount.immature).toBe(345_543 + 344_660 - 212_163 - 211_362);
  });
});

describe('emailCampaignTally', () => {
  it('gives the totals its publisher printed, money included', () => {
    const experiment = emailCampaignExperiment();
    const { variants, verdict } = composeReport(experiment, emailCampaignTally(experiment), 0, EMAIL_CAMPAIGN_END);
    expect(variants.map(({ counted, goals, value }) => [counted, goals, value.sum])).toEqual([
      [21_306, 122, 1_390_833],
      [21_307, 267, 3_031_169],
      [21_387, 189, 2_303_811],
    ]);
    expect(verdict).toMatchObject({ kind: 'winner', variant: 'mens' });
  });
});
