import { Presets, SingleBar } from 'cli-progress';

/** How far a long piece of work is; `at` says where in it, such as the day that is being replayed. */
export type Progress = { start(total: number): void; advance(done: number, at: string): void; finish(): void };

/** A bar on a terminal; a line every tenth of the way where the output is a file. `things` is what is counted. */
export function counter(things: string, out: NodeJS.WriteStream = process.stderr): Progress {
  const bar = new SingleBar(
    {
      format: `  {at} |{bar}| {percentage} %  {value}/{total} ${things}  {eta_formatted} left`,
      stream: out,
      hideCursor: true,
      etaBuffer: 5000,
      noTTYOutput: !out.isTTY,
      notTTYSchedule: 10_000,
    },
    Presets.shades_classic,
  );
  let come = 0;
  return {
    start: (total) => bar.start(total, 0, { at: '' }),
    advance: (done, at) => {
      come = done;
      if (done % 50 === 0) bar.update(done, { at });
    },
    finish: () => {
      // As far as it came: work may have been left off.
      bar.update(come);
      bar.stop();
    },
  };
}
