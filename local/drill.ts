import { eraseVisitor } from '#shared/usecases/erase-visitor.ts';
import { counter } from './commands/progress.ts';
import { type Installation, openInstallation } from './installation/installation.ts';
import { type Loss, loseTables, loseTallies, restored } from './installation/loss.ts';
import { freeTrialRecording } from './recordings/free-trial.ts';
import { playRecording } from './recordings/play-recording.ts';

/** Visitors of the recorded trial that a drill without a backup works on: one in so many. */
const ONE_IN = 200;
const ERASED = 25;

if (process.env.AWS_ENDPOINT_URL_DYNAMODB) {
  console.error(
    'A drill destroys tables. Unset AWS_ENDPOINT_URL_DYNAMODB; it runs on an engine of its own, in memory.',
  );
  process.exit(2);
}
const [backup] = process.argv.slice(2);
const installation = backup ? await restored(backup) : await recordedTrial();
try {
  const losses = [await loseTallies(installation), await loseTables(installation)];
  for (const loss of losses) console.log(said(loss));
  if (losses.some(({ left }) => left !== 0)) process.exitCode = 1;
} finally {
  await installation.stop();
}

async function recordedTrial(): Promise<Installation> {
  const made = await openInstallation();
  await playRecording(made, freeTrialRecording(ONE_IN), counter('visitors'));
  await made.stream.caughtUp();
  // What is erased is in no journey any more, and must survive all the same.
  let erased = 0;
  for await (const { visitor } of made.deps.journeys.all('free-trial-screener')) {
    if (erased++ === ERASED) break;
    await eraseVisitor(made.deps, visitor);
  }
  return made;
}

function said({ what, lost, left }: Loss): string {
  return `${left === 0 ? 'well ' : 'WRONG'}  ${what}: ${lost} lost, off by ${left} afterwards`;
}
