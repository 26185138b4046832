import { App, type AppProps, Tags, Validations } from 'aws-cdk-lib';
import type { ISource } from 'aws-cdk-lib/aws-s3-deployment';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { CodeOf } from './bundled-function.ts';
import { FirewallStack } from './firewall-stack.ts';
import { type Settings, settingsFrom } from './settings.ts';
import { StepladderStack } from './stepladder-stack.ts';

type Props = {
  readonly codeOf: CodeOf;
  /** The edge function's code; asked for only where there is an edge. */
  readonly edgeCode: () => string;
  readonly dashboardFiles: () => ISource;
  /** Where to deploy, as the CDK's command line found it. Nothing but the firewall needs to know. */
  readonly account?: string | undefined;
  readonly region?: string | undefined;
};

/** The whole CDK app: the stacks of one stage, their tags, and the rules they are checked against. */
export function stepladderApp(
  { codeOf, edgeCode, dashboardFiles, account, region }: Props,
  appProps: AppProps = {},
): { app: App; stack: StepladderStack } {
  const app = new App(appProps);
  const settings = settingsFrom((key) => app.node.tryGetContext(key));
  const firewall = settings.firewall ? firewallStack(app, settings, { account, region }) : undefined;
  const stack = new StepladderStack(app, `Stepladder-${settings.stage}`, {
    description: `Stepladder ${settings.stage}: experiments whose treatment is a sequence of asks`,
    settings,
    codeOf,
    edgeCode,
    dashboardFiles,
    firewallArn: firewall?.arn,
    terminationProtection: settings.keepsData,
    // Without a firewall the stack fits any account and region, and the app needs no credentials to be synthesized.
    ...(firewall && {
      env: { account: firewall.account, region: region ?? firewall.region },
      crossRegionReferences: true,
    }),
  });
  Tags.of(app).add('project', 'stepladder');
  Tags.of(app).add('stage', settings.stage);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { app, stack };
}

function firewallStack(
  app: App,
  settings: Settings,
  { account, region }: Pick<Props, 'account' | 'region'>,
): FirewallStack {
  if (!account || !region)
    throw new Error(
      'a firewall lives in us-east-1 and is referred to from the stack’s region: sign in to AWS, so that account and region are known',
    );
  return new FirewallStack(app, `Stepladder-${settings.stage}-firewall`, settings, {
    description: `Stepladder ${settings.stage}: web ACL of the API`,
    env: { account, region: 'us-east-1' },
    crossRegionReferences: true,
    terminationProtection: settings.keepsData,
  });
}
