import { scheduledReports } from '../schedule/report.ts';
import { productionDeps } from './deps.ts';

export const handler = scheduledReports(productionDeps(), console);
