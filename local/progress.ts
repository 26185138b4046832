import { Presets, SingleBar } from 'cli-progress';
import type { ReplayProgress } from './replay-free-trial.ts';

/** A bar on a terminal; a line every tenth of the way where the output is a file. */
export function replayProgress(out: NodeJS.WriteStream = process.stderr): ReplayProgress {
  const bar = new SingleBar(
    {
      format: '  replaying {day} |{bar}| {percentage} %  {value}/{total} visitors  {eta_formatted} left',
      stream: out,
      hideCursor: true,
      etaBuffer: 5000,
      noTTYOutput: !out.isTTY,
      notTTYSchedule: 10_000,
    },
    Presets.shades_classic,
  );
  return {
    start: (total) => bar.start(total, 0, { day: '' }),
    advance: (done, day) => {
      if (done % 50 === 0) bar.update(done, { day });
    },
    finish: () => {
      bar.update(bar.getTotal());
      bar.stop();
    },
  };
}
