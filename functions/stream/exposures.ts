import type { KinesisStreamEvent } from 'aws-lambda';
import { redirectAttributes } from '#shared/http/redirect-visit.ts';
import { signalsOf } from '#shared/http/signals.ts';
import type { Deps } from '#shared/usecases/deps.ts';
import { type EdgeExposure, type ExposureOutcome, recordExposures } from '#shared/usecases/record-exposures.ts';
import { fromLogLine, type LoggedExposure } from '../edge/from-log-line.ts';

export type ExposuresOutcome = { readonly batchItemFailures: { itemIdentifier: string }[] };

/** What a batch held, for the log: one structured line, which a metric filter counts. */
export type Say = { info(line: string): void; error(line: string): void };

/**
 * Counts the visitors whom the edge sent on, from CloudFront's real-time log. Lines that say nothing, or nothing that makes sense,
 * are told of and passed over. Only what the store refused for the moment is asked for again; the rest of its batch is written
 * twice then, which changes nothing.
 */
export const exposures =
  (deps: Pick<Deps, 'journeys' | 'live' | 'experiments' | 'clock'>, say: Say) =>
  async ({ Records }: KinesisStreamEvent): Promise<ExposuresOutcome> => {
    const lines = Records.flatMap(({ kinesis }) =>
      Buffer.from(kinesis.data, 'base64')
        .toString('utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => ({ sequenceNumber: kinesis.sequenceNumber, read: fromLogLine(line) })),
    );
    const told = lines.flatMap(({ sequenceNumber, read }) =>
      read.kind === 'exposure' ? [{ sequenceNumber, exposure: edgeExposure(read.exposure) }] : [],
    );
    const outcomes = await recordExposures(
      deps,
      told.map(({ exposure }) => exposure),
    );
    const unreadable = lines.flatMap(({ read }) => (read.kind === 'unreadable' ? [read.why] : []));
    report(say, lines.length, unreadable, outcomes);
    const failed = new Set(
      told.flatMap(({ sequenceNumber }, i) => (outcomes[i]?.kind === 'failed' ? [sequenceNumber] : [])),
    );
    return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
  };

function edgeExposure({ rawQuery, userAgent, returning, ...facts }: LoggedExposure): EdgeExposure {
  return {
    ...facts,
    attributes: redirectAttributes(new URLSearchParams(rawQuery), returning),
    signals: signalsOf({ 'user-agent': userAgent }),
  };
}

function report(say: Say, lines: number, unreadable: readonly string[], outcomes: readonly ExposureOutcome[]): void {
  const count = (kind: ExposureOutcome['kind']) => outcomes.filter((outcome) => outcome.kind === kind).length;
  const [recorded, refused, failed] = [count('recorded'), count('refused'), count('failed')];
  const line = { message: 'edge exposures', lines, recorded, refused, failed, unreadable: unreadable.length };
  if (unreadable.length + refused + failed === 0) say.info(JSON.stringify({ level: 'INFO', ...line }));
  else
    say.error(
      JSON.stringify({
        level: 'ERROR',
        ...line,
        why: [...new Set([...unreadable, ...reasons(outcomes)])].slice(0, 10),
      }),
    );
}

const reasons = (outcomes: readonly ExposureOutcome[]): string[] =>
  outcomes.flatMap((outcome) => {
    if (outcome.kind === 'recorded') return [];
    if (outcome.kind === 'refused') return [outcome.why];
    return [outcome.error instanceof Error ? `${outcome.error.name}: ${outcome.error.message}` : String(outcome.error)];
  });
