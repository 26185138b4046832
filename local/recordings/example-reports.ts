import { composeReport } from '#shared/report/compose.ts';
import { reportHtml } from '#shared/report/html.ts';
import { reportText } from '#shared/report/text.ts';
import { EMAIL_CAMPAIGN_END } from './email-campaign.ts';
import { emailCampaignExperiment, emailCampaignTally } from './email-campaign-tally.ts';
import { FREE_TRIAL_END } from './free-trial.ts';
import { freeTrialExperiment, freeTrialTally } from './free-trial-tally.ts';

export const EXAMPLES = new URL('../../docs/examples/', import.meta.url);

/** The reports of the two recorded experiments, as files by name; `npm run examples` writes them to `docs/examples`. */
export function exampleFiles(): Readonly<Record<string, string>> {
  const trial = freeTrialExperiment();
  const campaign = emailCampaignExperiment();
  const reports = [
    composeReport(trial, freeTrialTally(trial), 0, FREE_TRIAL_END),
    composeReport(campaign, emailCampaignTally(campaign), 0, EMAIL_CAMPAIGN_END),
  ];
  return Object.fromEntries(
    reports.flatMap((report) => [
      [`${report.experiment.id}.html`, reportHtml(report)],
      [`${report.experiment.id}.txt`, `${reportText(report)}\n`],
    ]),
  );
}
