import { exposures } from '../stream/exposures.ts';
import { productionDeps } from './deps.ts';

export const handler = exposures(productionDeps(), console);
