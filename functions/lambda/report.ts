import { Console } from 'node:console';
import { scheduledReports } from '../schedule/report.ts';
import { productionDeps } from './deps.ts';

// A console of our own: the runtime's wraps each line in an object, and CloudWatch reads metrics only at the root of a line.
const lines = new Console(process.stdout, process.stderr);

export const handler = scheduledReports(productionDeps(), lines);
