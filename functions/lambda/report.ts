import { Console } from 'node:console';
import { sesMailer, snsTopic } from '#shared/deliver/aws.ts';
import { postWebhook } from '#shared/deliver/post-webhook.ts';
import { scheduledReports } from '../schedule/report.ts';
import { productionDeps } from './deps.ts';
import { edgeStore } from './edge-store.ts';

// A console of our own: the runtime's wraps each line in an object, and CloudWatch reads metrics only at the root of a line.
const lines = new Console(process.stdout, process.stderr);

const channels = { mailer: sesMailer(process.env.REPORT_FROM), webhook: postWebhook(Date.now), topic: snsTopic };

export const handler = scheduledReports(productionDeps(edgeStore()), lines, { channels });
