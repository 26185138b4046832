import { mkdtempSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { SignIn } from '#shared/contracts/sign-in.ts';
import type { Experiment } from '#shared/experiment/experiment.ts';
import { composeReport } from '#shared/report/compose.ts';
import type { Tally } from '#shared/tally/tally.ts';

import { issueKey } from '#shared/usecases/api-keys.ts';
import { deliverReport } from '#shared/usecases/deliver-report.ts';
import type { Deps } from '#shared/usecases/deps.ts';
import { buildDashboard } from '../../dashboard/build.ts';
import { type Installation, openInstallation } from '../../local/installation/installation.ts';
import { dashboardPages } from '../../local/pages/dashboard.ts';
import { EMAIL_CAMPAIGN_END } from '../../local/recordings/email-campaign.ts';
import { emailCampaignExperiment, emailCampaignTally } from '../../local/recordings/email-campaign-tally.ts';
import { FREE_TRIAL_END, FREE_TRIAL_START } from '../../local/recordings/free-trial.ts';
import { freeTrialExperiment, freeTrialTally } from '../../local/recordings/free-trial-tally.ts';
import { type Handlers, httpServer } from '../../local/stand-ins/http-server.ts';
import { DAY } from '../support/an-experiment.ts';

/** The dashboard on a port of its own, over a platform in memory. */
export type Dashboard = {
  readonly installation: Installation;
  readonly base: string;
  readonly stop: () => Promise<void>;
};

type Options = {
  readonly signIn?: SignIn;
  /** The functions, where they are not to be those of one machine. */
  readonly handlers?: (own: Handlers, deps: Deps) => Handlers;
};

export async function openDashboard({ signIn, handlers = (own) => own }: Options = {}): Promise<Dashboard> {
  const folder = mkdtempSync(join(tmpdir(), 'dashboard-'));
  buildDashboard(folder);
  const installation = await openInstallation();
  const server = httpServer(handlers(installation.handlers, installation.deps), dashboardPages(folder, signIn));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    installation,
    base: `http://localhost:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await installation.stop();
    },
  };
}

export type Look = { readonly width?: number; readonly height?: number; readonly colorScheme?: 'light' | 'dark' };

/** A person with a browser in front of the dashboard, with the key of the machine. */
export async function visit(
  browser: Browser,
  { base, installation }: Dashboard,
  { width = 1200, height = 900, colorScheme = 'light' }: Look = {},
  key = true,
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(`${base}/${key ? `#key=${installation.keys.admin}` : ''}`);
  await page.getByRole('heading', { name: 'Experiments' }).waitFor();
  return page;
}

/**
 * Two real experiments as they were: their counts, the reports of their days, where those went and did not, and a key. Straight
 * into the stores, because a replay of 690,000 visitors takes minutes.
 */
export async function withHistory({ installation }: Pick<Dashboard, 'installation'>): Promise<void> {
  const { deps } = installation;
  const trial = freeTrialExperiment();
  const reporting = {
    every: 'day' as const,
    onVerdictChange: true,
    email: ['ada@example.com'],
    webhook: 'https://hooks.example.com/services/T0/B0',
    autoConclude: false,
  };
  const asked: Experiment = { ...trial, definition: { ...trial.definition, reporting } };
  const tally = freeTrialTally(asked);
  await keep(installation, asked, tally);
  const { concludedAt: _, shipped: __, ...running } = asked;
  const days = Array.from({ length: 21 }, (_, i) => FREE_TRIAL_START + (16 + i) * DAY);
  for (const now of [...days, FREE_TRIAL_END]) {
    const then: Experiment = now < FREE_TRIAL_END ? { ...running, status: 'running' } : asked;
    const report = composeReport(then, tally, 0, now);
    await deps.reports.put(report, '<h1>The page of the day</h1>');
    await deliverReport(
      {
        ...deps,
        clock: () => now,
        wait: async () => {},
        channels: {
          mailer: async () => {},
          webhook: async () => Promise.reject(new Error('the webhook answered 410')),
          topic: async () => {},
        },
      },
      then,
      report,
      '',
    );
  }
  const campaign = emailCampaignExperiment();
  const figures = emailCampaignTally(campaign);
  await keep(installation, campaign, figures);
  await deps.reports.put(composeReport(campaign, figures, 0, EMAIL_CAMPAIGN_END), '');
  await issueKey(
    deps,
    {
      kind: 'secret',
      name: 'The newsletter server',
      projects: ['main'],
      origins: [],
      requestsPerSecond: 100,
    },
    'ada',
  );
}

/** A transaction takes a hundred writes. */
const CELLS = 20;

async function keep({ deps }: Installation, experiment: Experiment, tally: Tally): Promise<void> {
  const { status: _, concludedAt: __, shipped: ___, ...rest } = experiment;
  const at = experiment.createdAt;
  const steps = [
    { action: 'created', at, experiment: { ...rest, status: 'draft' } },
    { action: 'started', at, experiment: { ...rest, status: 'running' } },
    { action: 'concluded', at: experiment.concludedAt ?? at, experiment },
  ] as const;
  for (const [i, { experiment: then, ...line }] of steps.entries()) {
    const revision = { ...line, revision: i + 1, by: 'ada', experiment: { ...then, revision: i + 1 } };
    if (i === 0) await deps.experiments.create(revision.experiment, revision);
    else await deps.experiments.replace(revision.experiment, revision);
  }
  // As if their retention were over: the journeys are gone, and what they were worth stands in both ledgers.
  const cells = [...tally];
  for (let i = 0; i < cells.length; i += CELLS) {
    const some = new Map(cells.slice(i, i + CELLS));
    const deltas = (['live', 'erased'] as const).map((ledger) => ({ experiment: experiment.id, ledger, tally: some }));
    await deps.tallies.commit({ shard: `${experiment.id} ${i}`, first: '1', last: '1', deltas });
  }
}
