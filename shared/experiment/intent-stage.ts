/** How near to a decision a visitor was when they came in. */
export const INTENTS = ['early', 'mid', 'late'] as const;
export type IntentStage = (typeof INTENTS)[number];

/** The segment that holds it on a journey; no attribute of a site may take its name. */
export const INTENT_SEGMENT = 'intent';
