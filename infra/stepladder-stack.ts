import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { ISource } from 'aws-cdk-lib/aws-s3-deployment';
import type { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import { ApiFront } from './api-front.ts';
import type { CodeOf } from './bundled-function.ts';
import { dashboardBoard } from './dashboard-board.ts';
import { DashboardSite } from './dashboard-site.ts';
import { EdgeAnswer } from './edge-answer.ts';
import { EdgeExposures } from './edge-exposures.ts';
import { People, signInOrigin } from './people.ts';
import { RedirectFront } from './redirect-front.ts';
import { ReportArchive } from './report-archive.ts';
import { ReportChannels } from './report-channels.ts';
import { ReportSchedule } from './report-schedule.ts';
import type { Settings } from './settings.ts';
import { SignedApi } from './signed-api.ts';
import { SiteApi } from './site-api.ts';
import { Tables } from './tables.ts';
import { TallyStream } from './tally-stream.ts';

type Props = StackProps & {
  readonly settings: Settings;
  readonly codeOf: CodeOf;
  /** The edge function's code; asked for only where there is an edge. */
  readonly edgeCode: () => string;
  readonly dashboardFiles: () => ISource;
  readonly firewallArn?: string | undefined;
};

/** Everything of one stage, in the order a visitor's click meets it. */
export class StepladderStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { settings, codeOf, edgeCode, dashboardFiles, firewallArn, ...props }: Props,
  ) {
    super(scope, id, props);
    const tables = new Tables(this, settings);
    const house = { settings, tables, codeOf };
    const edge = settings.edge ? new EdgeAnswer(this, settings, edgeCode()) : undefined;
    const redirectFront = new RedirectFront(this, house, edge);
    const siteApi = new SiteApi(this, house);
    const dashboard = new DashboardSite(this, settings, dashboardFiles());
    const apiFront = new ApiFront(this, {
      api: siteApi.api,
      dashboard: dashboard.bucket,
      signInOrigin: signInOrigin(this, settings),
      settings,
      firewallArn,
    });
    const people = new People(this, { settings, address: apiFront.address });
    siteApi.addPeople(people.authorizer);
    dashboard.deploy({ ...people.signIn, redirectOrigin: redirectFront.address });
    const signedApi = new SignedApi(this, settings, siteApi.admin);
    const tallyStream = new TallyStream(this, house);
    const reportSchedule = new ReportSchedule(this, house);
    const reportChannels = new ReportChannels(this, settings, reportSchedule.function);
    new ReportArchive(this, settings).filledBy(reportSchedule.function);
    const edgeExposures = edge && new EdgeExposures(this, house, edge);
    for (const changesExperiments of [siteApi.admin, reportSchedule.function]) edge?.toldBy(changesExperiments);

    const redirect = redirectFront.function;
    const tally = tallyStream.function;
    const alarms = new Alarms(this, {
      settings,
      tables,
      apis: { api: siteApi.api, signed: signedApi.api },
      redirect,
      tally,
      exposures: edgeExposures?.function,
      functions: [redirect, siteApi.site, siteApi.admin, tally, reportSchedule.function],
      deadLetters: {
        tally: tallyStream.deadLetters,
        report: reportSchedule.deadLetters,
        ...(edgeExposures && { exposures: edgeExposures.deadLetters }),
      },
    });
    dashboardBoard(this, { settings, tables, siteApi, redirect, tally, alarms });

    new CfnOutput(this, 'RedirectUrl', {
      value: redirectFront.address,
      description: 'Send visitors to /go/{experiment} here',
    });
    new CfnOutput(this, 'SiteUrl', {
      value: apiFront.address,
      description: 'The dashboard; sites post to /v1/assign and /v1/events here',
    });
    new CfnOutput(this, 'AdminUrl', {
      value: signedApi.api.apiEndpoint,
      description: 'Programs of administrators sign their requests for this host',
    });
    new CfnOutput(this, 'UserPool', { value: people.pool.userPoolId, description: 'Who may sign in to the dashboard' });
    new CfnOutput(this, 'ReportTopic', {
      value: reportChannels.topic.topicArn,
      description: 'A topic that the reporting of an experiment may name',
    });
    new CfnOutput(this, 'CatalogTable', { value: tables.catalog.tableName });
    new CfnOutput(this, 'JourneysTable', { value: tables.journeys.tableName });
  }
}
