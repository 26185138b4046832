import { Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { BundledFunction, type House } from './bundled-function.ts';
import { DeadLetters } from './dead-letters.ts';

/** The daily report: recounts every experiment, judges it, and says how far the live tallies are off. */
export class ReportSchedule extends Construct {
  readonly function: BundledFunction;
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, house: House) {
    super(scope, 'report-schedule');
    this.function = new BundledFunction(this, 'report', house, { memoryMb: 1_769, timeoutSeconds: 900 });
    this.deadLetters = new DeadLetters(this, 'dead-letters');
    // The scheduler only hands the call over; what becomes of it is Lambda's to retry and to give up.
    this.function.configureAsyncInvoke({
      retryAttempts: 1,
      maxEventAge: Duration.hours(2),
      onFailure: this.deadLetters.ofCalls(),
    });
    // The library's role may call every version of the function; this one calls the function, for this account's schedules only.
    const role = new Role(this, 'scheduler-role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.function.functionArn] }),
    );
    role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.deadLetters.queueArn] }));
    const daily = new Schedule(this, 'daily', {
      description: `Stepladder ${house.settings.stage}: writes the report of every experiment`,
      // After the day has closed everywhere it is counted: cohort days are UTC.
      schedule: ScheduleExpression.cron({ minute: '15', hour: '4', timeZone: TimeZone.ETC_UTC }),
      timeWindow: TimeWindow.flexible(Duration.minutes(15)),
      target: new LambdaInvoke(this.function, {
        retryAttempts: 5,
        maxEventAge: Duration.hours(2),
        deadLetterQueue: this.deadLetters,
        role: role.withoutPolicyUpdates(),
      }),
    });
    // The scheduler checks its role when the schedule is made.
    daily.node.addDependency(role);
  }
}
