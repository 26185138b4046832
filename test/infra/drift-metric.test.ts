import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { adminApi } from '#functions/api/admin.ts';
import { NAMESPACE } from '#shared/contracts/cloudwatch.ts';
import { ENVIRONMENT } from '#shared/contracts/environment.ts';
import { call, definition, depsOver, rethrow } from './functions-over.ts';
import { RecordingDynamo } from './recording-dynamo.ts';

const ENVIRONMENTS = { STAGE: 'live', CATALOG_TABLE: 'catalog', JOURNEYS_TABLE: 'journeys', DESTINATION_HOSTS: '*' };

afterEach(() => vi.restoreAllMocks());

describe('the drift metric', () => {
  it('stands at the root of its log line, the only place where CloudWatch looks for one', async () => {
    const dynamo = new RecordingDynamo();
    const admin = adminApi(depsOver(dynamo, 0), rethrow);
    await call(admin, 'createExperiment', '', definition('open'));
    await call(admin, 'startExperiment', 'open', {});

    const lines: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
    // With JSON logs, Lambda's runtime puts whatever `console` is given under `message`, text as text: a metric in there is lost.
    for (const level of ['log', 'info', 'error'] as const)
      vi.spyOn(console, level).mockImplementation((message) => void lines.push(JSON.stringify({ level, message })));
    vi.spyOn(DynamoDBClient.prototype, 'send').mockImplementation((command: unknown) =>
      dynamo.client.send(command as never),
    );
    for (const name of ENVIRONMENT) vi.stubEnv(name, ENVIRONMENTS[name]);
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    const { handler } = await import('#functions/lambda/report.ts');
    await handler(undefined, { awsRequestId: 'run-1' } as Context);

    const metrics = lines
      .map((line) => JSON.parse(line))
      .filter(({ _aws }) => _aws?.CloudWatchMetrics[0].Namespace === NAMESPACE);
    expect(metrics, lines.join('\n')).toEqual([
      expect.objectContaining({
        Drift: 0,
        SampleRatioMismatch: 0,
        experiment: 'open',
        requestId: 'run-1',
        stage: 'live',
      }),
    ]);
    // The alarms read them by stage.
    expect(metrics[0]._aws.CloudWatchMetrics[0]).toMatchObject({
      Metrics: [{ Name: 'Drift' }, { Name: 'SampleRatioMismatch' }],
      Dimensions: [['stage']],
    });
  });
});
