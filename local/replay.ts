import { parseArgs } from 'node:util';
import { reportText } from '#shared/report/text.ts';
import { readReport } from '#shared/usecases/write-report.ts';
import { counter } from './commands/progress.ts';
import { dataFolder } from './installation/data-folder.ts';
import { openInstallation } from './installation/installation.ts';
import { freeTrialRecording } from './recordings/free-trial.ts';
import { playRecording } from './recordings/play-recording.ts';

const { values } = parseArgs({
  options: { all: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
});
if (values.help || !values.all) {
  console.log(
    'npm run replay -- --all   plays every recorded visitor of the free-trial experiment (about 690,000, some minutes)',
  );
  process.exit(0);
}

const installation = await openInstallation(dataFolder(process.env));
const played = await playRecording(installation, freeTrialRecording(), counter('visitors'));
await installation.stream.caughtUp();
console.log(reportText(await readReport(installation.deps, 'free-trial-screener-all')));
if (played) {
  const { visitors, requests, seconds } = played;
  const mega = (process.resourceUsage().maxRSS / 1024).toFixed(0);
  console.log(
    `\n${visitors.toLocaleString('en-US')} visitors, ${requests.toLocaleString('en-US')} requests, each one write; ${seconds.toFixed(0)} s, ` +
      `${(requests / seconds).toFixed(0)} writes a second, ${mega} MB at most in this process`,
  );
}
await installation.stop();
