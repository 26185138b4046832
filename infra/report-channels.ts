import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EmailIdentity, Identity } from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Environment } from '../shared/contracts/environment.ts';
import { acknowledgeIdentities } from './acknowledged.ts';
import type { BundledFunction } from './bundled-function.ts';
import type { Settings } from './settings.ts';

/** The ways by which reports leave: e-mail where the settings name a sender, and topics. Webhooks need nothing of AWS. */
export class ReportChannels extends Construct {
  /** A topic that every definition may name. */
  readonly topic: Topic;

  constructor(scope: Construct, { stage, reports }: Settings, sender: BundledFunction) {
    super(scope, 'report-channels');
    this.topic = new Topic(this, 'topic', { displayName: `Stepladder ${stage}: reports`, enforceSSL: true });
    // Definitions name topics; a topic that the settings do not name stays out of reach, whatever a definition says.
    sender.addToRolePolicy(
      new PolicyStatement({ actions: ['sns:Publish'], resources: [this.topic.topicArn, ...reports.topics] }),
    );
    if (reports.from === undefined) return;
    // Where SES knows neither the address nor its domain, it writes to the address and waits for a click.
    if (reports.identity === undefined) new EmailIdentity(this, 'from', { identity: Identity.email(reports.from) });
    const variable: keyof Environment = 'REPORT_FROM';
    sender.addEnvironment(variable, reports.from);
    sender.addToRolePolicy(
      new PolicyStatement({
        // A letter with an attachment is sent raw; SES asks for both.
        actions: ['ses:SendEmail', 'ses:SendRawEmail'],
        resources: [Stack.of(this).formatArn({ service: 'ses', resource: 'identity', resourceName: '*' })],
        conditions: { StringEquals: { 'ses:FromAddress': reports.from } },
      }),
    );
    if (sender.role)
      acknowledgeIdentities(
        sender.role,
        'Where SES knows the recipient, and in its sandbox it knows all of them, it asks for the permission on the recipient’s identity too. Who writes is held by the condition.',
      );
  }
}
