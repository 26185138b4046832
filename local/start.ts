import { scheduledReports } from '#functions/schedule/report.ts';
import { reportText } from '#shared/report/text.ts';
import { readReport } from '#shared/usecases/write-report.ts';
import { buildDashboard, DASHBOARD_FOLDER } from '../dashboard/build.ts';
import { counter } from './commands/progress.ts';
import { asTyped, dataFolder } from './installation/data-folder.ts';
import { openInstallation } from './installation/installation.ts';
import { dashboardPages, firstOf } from './pages/dashboard.ts';
import { docsPage } from './pages/docs-page.ts';
import { examplePages, startExample } from './pages/example-site.ts';
import { mailboxChannels, mailboxPages } from './pages/mailbox.ts';
import { emailCampaignRecording } from './recordings/email-campaign.ts';
import { freeTrialRecording } from './recordings/free-trial.ts';
import { type Played, playRecording } from './recordings/play-recording.ts';
import type { Recording } from './recordings/recording.ts';
import { httpServer } from './stand-ins/http-server.ts';
import { scheduleReports } from './stand-ins/report-schedule.ts';

/** One visitor in so many of the recorded trial: a first look within a minute. `npm run replay -- --all` plays everyone. */
const SAMPLE_ONE_IN = 20;
const folder = dataFolder(process.env);
const port = Number(process.env.PORT ?? 3000);

const installation = await openInstallation(folder);
const { deps, handlers, keys, stream } = installation;
const mailbox = `${folder}/reports`;
// What went well stands in the dashboard; what did not is told here too.
const log = { info: () => {}, error: (line: string) => console.error(line) };
const writeReports = scheduledReports(deps, log, { channels: mailboxChannels(mailbox, Date.now) });
buildDashboard();
const server = httpServer(
  handlers,
  firstOf(docsPage, examplePages, mailboxPages(mailbox), dashboardPages(DASHBOARD_FOLDER)),
);
server.on('error', (error: NodeJS.ErrnoException) => {
  console.error(error.code === 'EADDRINUSE' ? `Port ${port} is taken. Choose another: PORT=3100 npm start` : error);
  void installation.stop().then(() => process.exit(1));
});
await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
await startExample(deps, `http://localhost:${port}`);

const stopping = new AbortController();
let playing: Promise<unknown> = Promise.resolve();
let stopReports = (): void => {};
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (stopping.signal.aborted) process.exit(1);
    stopping.abort();
    console.log('\nStopping.');
    stopReports();
    server.closeAllConnections();
    server.close();
    void playing.then(() => installation.stop()).then(() => process.exit(0));
  });

console.log(
  `Stepladder is running on http://localhost:${port}. Playing a recorded trial into it, unless it was played before.\n`,
);
await showAround().catch((error: unknown) => {
  if (!stopping.signal.aborted) throw error;
});

/** The first look as soon as there is one; after it, something to watch. */
async function showAround(): Promise<void> {
  const sample = await play(freeTrialRecording(SAMPLE_ONE_IN), 'visitors');
  stopReports = scheduleReports(deps, Date.now, writeReports);
  console.log(reportText(await readReport(deps, 'free-trial-screener')));
  if (sample)
    console.log(`\nReplayed 1 visitor in ${SAMPLE_ONE_IN}: ${howMuch(sample)}. Everyone: npm run replay -- --all`);
  console.log(whereToLook());
  const campaign = await play(emailCampaignRecording(), 'customers');
  if (!campaign) return;
  const { verdict } = await readReport(deps, 'email-campaign');
  console.log(`\nPlayed the e-mail campaign as well: ${howMuch(campaign)}.\n  ${verdict.sentence}`);
}

/** Plays a recording to its end and waits until it is counted. Nothing stops underneath it: it leaves off first. */
async function play(recording: Recording, things: string): Promise<Played | undefined> {
  const played = playRecording(installation, recording, counter(things), stopping.signal);
  playing = played.catch(() => undefined);
  await played;
  stopping.signal.throwIfAborted();
  await stream.caughtUp();
  return played;
}

function howMuch({ visitors, requests, seconds }: Played): string {
  const [people, calls] = [visitors, requests].map((count) => count.toLocaleString('en-US'));
  return `${people} visitors, ${calls} requests, ${seconds.toFixed(0)} seconds`;
}

function whereToLook(): string {
  const trial = `http://localhost:${port}/v1/experiments/free-trial-screener`;
  return `
Where to look
  the dashboard          http://localhost:${port}/#key=${keys.admin}
  this report as a page  ${trial}/report.html
  reports as sent        http://localhost:${port}/mailbox
  this report as JSON    ${trial}/report
  live counts            ${trial}/tally
  who changed what       ${trial}/revisions
  the API as a page      http://localhost:${port}/v1/docs
  click through a ladder http://localhost:${port}/example/
  an experiment of yours npm run stepladder -- apply FILE

Keys of this machine
  pages on localhost     ${keys.site}
  administrators         ${keys.admin}

Ctrl-C stops everything. The data stays in ${asTyped(folder, process.cwd())}; delete that folder to begin again.

Meanwhile the 64,000 customers of an e-mail campaign come in, unless they did before: look at the dashboard while their counts rise.`;
}
