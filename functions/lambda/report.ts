import { Console } from 'node:console';
import type { Context } from 'aws-lambda';
import { readEnvironment } from '#shared/contracts/environment.ts';
import { sesMailer, snsTopic } from '#shared/deliver/aws.ts';
import { postWebhook } from '#shared/deliver/post-webhook.ts';
import { scheduledReports } from '../schedule/report.ts';
import { productionDeps } from './deps.ts';
import { edgeStore } from './edge-store.ts';
import { reportArchive } from './report-archive.ts';

// A console of our own: the runtime's wraps each line in an object, and CloudWatch reads metrics only at the root of a line.
const lines = new Console(process.stdout, process.stderr);

const { STAGE: stage, REPORT_FROM, REPORT_ARCHIVE } = readEnvironment(process.env);
const channels = { mailer: sesMailer(REPORT_FROM), webhook: postWebhook(Date.now), topic: snsTopic };
const writeReports = scheduledReports(productionDeps(edgeStore()), lines, {
  channels,
  archive: reportArchive(REPORT_ARCHIVE),
  stage,
});

export const handler = (_event: unknown, { awsRequestId }: Context) => writeReports(awsRequestId);
