import type { Journey } from '../journey/journey.ts';

/** The ids one person may have had before they were known. It also bounds how far an old id has to be followed. */
export const MOST_IDS = 20;

/** The id a visitor is counted under, and the journey there: that of the visitor, unless they became known under another id. */
export type Counted = { readonly visitor: string; readonly journey: Journey | undefined };

/** Follows a visitor from id to id. `own` reads what is stored under one. No id is ever on its own trail: see `identify-visitor.ts`. */
export async function followMerges(
  own: (visitor: string) => Promise<Journey | undefined>,
  visitor: string,
): Promise<Counted> {
  let id = visitor;
  for (let hops = 0; hops <= MOST_IDS; hops += 1) {
    const journey = await own(id);
    if (journey?.mergedInto === undefined) return { visitor: id, journey };
    id = journey.mergedInto;
  }
  throw new Error(`${visitor} became known under more ids than there may be`);
}
