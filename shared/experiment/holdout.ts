/**
 * The share of visitors, in [0, 1], who are in no experiment of an installation, and the salt they are drawn with. The salt is drawn
 * once: a share that goes away and comes back holds out the same people.
 */
export type Holdout = { readonly share: number; readonly salt: string };
