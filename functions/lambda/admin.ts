import { adminApi } from '../api/admin.ts';
import { productionDeps } from './deps.ts';
import { reportBug } from './report-bug.ts';

export const handler = adminApi(productionDeps(), reportBug);
