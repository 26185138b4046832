import { openInstallation, TABLES } from '../installation/installation.ts';
import { expireJourneys } from '../stand-ins/expire-journeys.ts';

/** Whether or not an installation is running in the folder. */
export async function expire(folder: string): Promise<void> {
  const { engine, stream, stop } = await openInstallation(folder);
  try {
    const expired = await expireJourneys(engine.client, TABLES.journeys, Date.now());
    await stream.caughtUp();
    console.log(`${expired} journeys were past their time and are gone; what they counted stays counted.`);
  } finally {
    await stop();
  }
}
