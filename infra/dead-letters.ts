import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type {
  DestinationConfig,
  DlqDestinationConfig,
  IDestination,
  IEventSourceDlq,
  IFunction,
} from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledged.ts';

/** What could not be done, kept for two weeks so that a person finds it after a holiday. */
export class DeadLetters extends Queue {
  constructor(scope: Construct, id: string) {
    super(scope, id, { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: Duration.days(14) });
    acknowledge(this, { SQS3: 'This is the dead-letter queue; what is behind it is a person, called by its alarm.' });
  }

  /** As the end of a stream's batches. The library's own class would also let the function read the queue's attributes. */
  ofStream(): IEventSourceDlq {
    return { bind: (_mapping, target): DlqDestinationConfig => this.#from(target) };
  }

  /** As the end of asynchronous calls. */
  ofCalls(): IDestination {
    return { bind: (_scope, target): DestinationConfig => this.#from(target) };
  }

  #from(sender: IFunction): { destination: string } {
    sender.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.queueArn] }));
    return { destination: this.queueArn };
  }
}
