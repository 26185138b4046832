import { assign } from '../../shared/assignment/assign.ts';
import type { PackedExperiment, PackedVariant } from '../../shared/experiment/packed.ts';
import type { EdgeVisit } from './from-viewer-request.ts';

/** What the store holds under the id of an experiment. Written by shared/usecases/publish-packed.ts. */
export type Published = {
  readonly secret: string;
  /** True when no visitor has moved to another variant since the start, whatever else was changed. */
  readonly steady: boolean;
  readonly packed: PackedExperiment;
};

/** Where to send a visitor, and what to say about it. */
export type EdgeDecision = {
  readonly packed: PackedExperiment;
  readonly variant: string;
  readonly url: string;
  /** Counted by the consumer of the real-time log; the landing page's token says the same. */
  readonly counted: boolean;
  /** `nobody` for a page that nobody sees, or sees as a preview; then no cookie is set either. */
  readonly visitor: string;
};

/** The name that functions/api/redirect.ts gives those it does not assign. */
export const NOBODY = 'nobody';

/**
 * Decides as functions/api/redirect.ts does, or not at all: whatever depends on what a visitor was shown before is the origin's
 * to answer, because only the origin can look that up. A visitor without a cookie has no past, and nearly every click on an ad
 * is one; and whom the same slices of the line still send the same way need not be looked up.
 */
export function decide(visit: EdgeVisit, published: Published, newId: string, at: number): EdgeDecision | undefined {
  const packed = published.packed;
  if (visit.preview !== undefined) {
    for (let i = 0; i < packed.variants.length; i++)
      if ((packed.variants[i] as PackedVariant).id === visit.preview) return served(packed, i, NOBODY, false);
    return undefined;
  }
  if (visit.unseen) return served(packed, packed.kind === 'fixed' ? packed.serve : packed.control, NOBODY, false);

  const visitor = visit.returning === undefined ? newId : visit.returning;
  const assignment = assign(packed, visitor, visit.attributes, at);
  const fixed = packed.kind === 'fixed';
  const forced = assignment.reason === 'forced';
  if (visit.returning !== undefined && !fixed && !forced && (assignment.kind !== 'assigned' || !published.steady))
    return undefined;
  return served(packed, assignment.variant, visitor, assignment.kind === 'assigned' && !forced);
}

function served(packed: PackedExperiment, index: number, visitor: string, counted: boolean): EdgeDecision | undefined {
  const variant = packed.variants[index];
  if (variant === undefined || variant.url === undefined) return undefined;
  return { packed, variant: variant.id, url: variant.url, counted, visitor };
}
