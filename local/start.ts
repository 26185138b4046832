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
import { replayFreeTrial } from './replay-free-trial.ts';
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

let stopping = false;
let stopReports = (): void => {};
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (stopping) process.exit(1);
    stopping = true;
    console.log('\nStopping.');
    stopReports();
    server.closeAllConnections();
    server.close();
    void installation.stop().then(() => process.exit(0));
  });

console.log(
  `Stepladder is running on http://localhost:${port}. Playing a recorded trial into it, unless it was played before.\n`,
);
const replayed = await replayFreeTrial(installation, SAMPLE_ONE_IN, counter('visitors'));
await stream.caughtUp();
stopReports = scheduleReports(deps, Date.now, writeReports);
console.log(reportText(await readReport(deps, 'free-trial-screener')));
if (replayed)
  console.log(
    `\nReplayed ${replayed.visitors.toLocaleString('en-US')} visitors, 1 in ${SAMPLE_ONE_IN}, with ${replayed.requests.toLocaleString('en-US')} requests ` +
      `in ${replayed.seconds.toFixed(0)} seconds. Everyone: npm run replay -- --all`,
  );
console.log(`
Where to look
  the dashboard          http://localhost:${port}/#key=${keys.admin}
  this report as a page  http://localhost:${port}/v1/experiments/free-trial-screener/report.html
  reports as sent        http://localhost:${port}/mailbox
  this report as JSON    http://localhost:${port}/v1/experiments/free-trial-screener/report
  live counts            http://localhost:${port}/v1/experiments/free-trial-screener/tally
  who changed what       http://localhost:${port}/v1/experiments/free-trial-screener/revisions
  the API as a page      http://localhost:${port}/v1/docs
  click through a ladder http://localhost:${port}/example/
  an experiment of yours npm run stepladder -- apply FILE

Keys of this machine
  pages on localhost     ${keys.site}
  administrators         ${keys.admin}

Ctrl-C stops everything. The data stays in ${asTyped(folder, process.cwd())}; delete that folder to begin again.`);
