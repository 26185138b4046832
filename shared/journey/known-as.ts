import type { Journey } from './journey.ts';

/**
 * What the journey of a known id gains from the one its visitor had before they were known: all they did, the ids they had, and
 * whether they have now seen two variants. Merged into the known journey, it leaves that its variant; where there is none, the
 * known id goes on with the old journey, its first assignment kept.
 */
export function knownAs(to: string, own: Journey, known: Journey | undefined): Journey {
  const { mergedInto: _, ...journey } = own;
  const twoVariants = known !== undefined && known.variant !== own.variant;
  return {
    ...journey,
    visitor: to,
    mergedFrom: [...new Set([...(own.mergedFrom ?? []), own.visitor])].sort(),
    ...((own.conflict || twoVariants) && { conflict: true }),
  };
}

/** What the journey of a known id gains from an id that has none: that it leads there. */
export function alsoKnownAs(from: string, known: Journey): Journey {
  const { assignedAt: _, arrivedAt: __, scans: ___, scanReasons, commitments, replies, conflict, ...facts } = known;
  return { ...facts, signals: [], steps: {}, mergedFrom: [from] };
}

/** Whether nothing is left of a merged journey but where it leads. */
export const isEmptied = ({ assignedAt, arrivedAt, steps, scans, commitments, replies }: Journey): boolean =>
  assignedAt === undefined &&
  arrivedAt === undefined &&
  [steps, scans, commitments, replies].every((record) => record === undefined || Object.keys(record).length === 0);
