import { mkdirSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { composeReport } from '#shared/report/compose.ts';
import { reportHtml } from '#shared/report/html.ts';
import { reportText } from '#shared/report/text.ts';
import { EMAIL_CAMPAIGN_END, emailCampaignExperiment, emailCampaignTally } from './recordings/email-campaign.ts';
import { FREE_TRIAL_END } from './recordings/free-trial.ts';
import { freeTrialExperiment, freeTrialTally } from './recordings/free-trial-tally.ts';

export const EXAMPLES = new URL('../docs/examples/', import.meta.url);

/** The reports of the two recorded experiments, as files by name. `npx tsx local/examples.ts` writes them to `docs/examples`. */
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

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  mkdirSync(EXAMPLES, { recursive: true });
  for (const [name, content] of Object.entries(exampleFiles())) writeFileSync(new URL(name, EXAMPLES), content);
}
