import type { Intent } from '../experiment/intent.ts';
import type { IntentStage } from '../experiment/intent-stage.ts';
import type { Attributes } from '../experiment/packed.ts';
import { inAudience, packCondition } from './audience.ts';

/** The stage of the first rule whose conditions all hold, by the same reading as an audience; `otherwise` where none does. */
export function intentOf({ rules, otherwise }: Intent, attributes: Attributes): IntentStage {
  return rules.find(({ when }) => inAudience(when.map(packCondition), attributes))?.stage ?? otherwise;
}
