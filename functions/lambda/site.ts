import { siteApi } from '../api/site.ts';
import { productionDeps } from './deps.ts';
import { reportBug } from './report-bug.ts';

export const handler = siteApi(productionDeps(), reportBug);
