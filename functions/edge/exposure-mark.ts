/**
 * How a decision travels from the edge to its count. A real-time log record has the fields of the request and, of the answer's
 * headers, one: its content type. The answer has no content, so its type is free to carry the decision as a parameter.
 *
 * Carried rather than made again from the request, because the record of a new visitor has no id of theirs, and because for a
 * while after a change the edge decides by an older revision than the consumer knows: only the edge knows which.
 */
export type Exposure = {
  readonly visitor: string;
  readonly variant: string;
  readonly sequence: number;
  readonly epoch: number;
  readonly revision: number;
  /** Whether a cookie of ours came along. Not known of marks that older functions made. */
  readonly returning: boolean | undefined;
};

/** On an answer that nobody is to be counted for, so that an answer without any mark shows a fault. */
export const UNCOUNTED = 'text/plain;stepladder=uncounted';

/** Ids have no dots, and nothing here needs an escape: `text/plain;stepladder=VISITOR.b.1.1.7.0`. */
export const exposureMark = (exposure: Exposure): string =>
  `text/plain;stepladder=${exposure.visitor}.${exposure.variant}.${exposure.sequence}.${exposure.epoch}.${exposure.revision}.${exposure.returning ? 1 : 0}`;

/** Reads the mark of a content type: the exposure, `uncounted`, or nothing when there is none. */
export function readMark(contentType: string): Exposure | 'uncounted' | undefined {
  const mark = /stepladder=([A-Za-z0-9_.-]+)/.exec(contentType);
  if (mark === null) return undefined;
  if (mark[1] === 'uncounted') return 'uncounted';
  const parts = /^([A-Za-z0-9_-]{8,64})\.([a-z0-9-]{1,64})\.(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:\.([01]))?$/.exec(
    mark[1] as string,
  );
  if (parts === null) return undefined;
  return {
    visitor: parts[1] as string,
    variant: parts[2] as string,
    sequence: Number(parts[3]),
    epoch: Number(parts[4]),
    revision: Number(parts[5]),
    returning: parts[6] === undefined ? undefined : parts[6] === '1',
  };
}
