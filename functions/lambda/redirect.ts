import { redirect } from '../api/redirect.ts';
import { productionDeps } from './deps.ts';
import { reportBug } from './report-bug.ts';

export const handler = redirect(productionDeps(), reportBug);
