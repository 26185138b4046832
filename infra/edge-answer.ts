import { RemovalPolicy } from 'aws-cdk-lib';
import {
  type BehaviorOptions,
  Function as EdgeFunction,
  Endpoint,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  KeyValueStore,
  RealtimeLogConfig,
} from 'aws-cdk-lib/aws-cloudfront';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import { LOG_FIELDS } from '../functions/edge/log-fields.ts';
import type { Environment } from '../shared/contracts/environment.ts';
import { acknowledge } from './acknowledged.ts';
import type { BundledFunction } from './bundled-function.ts';
import type { Settings } from './settings.ts';

/** The redirect at the edge: a function, the store that it reads, and the log by which its visitors are counted. */
export class EdgeAnswer extends Construct {
  readonly log: Stream;
  readonly store: KeyValueStore;
  /** What the behaviour of `/go/*` has beyond what every path has. */
  readonly behaviour: Pick<BehaviorOptions, 'functionAssociations' | 'realtimeLogConfig'>;

  constructor(scope: Construct, { stage }: Settings, code: string) {
    super(scope, 'edge');
    this.store = new KeyValueStore(this, 'store', { comment: `Stepladder ${stage}: experiments answered at the edge` });
    const answer = new EdgeFunction(this, 'answer', {
      comment: `Stepladder ${stage}: functions/edge/handler.ts`,
      code: FunctionCode.fromInline(code),
      runtime: FunctionRuntime.JS_2_0,
      keyValueStore: this.store,
    });
    this.log = new Stream(this, 'log', {
      streamMode: StreamMode.ON_DEMAND,
      encryption: StreamEncryption.MANAGED,
      // What is in here is counted or in the dead letters within half a day; nothing is to be read again.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acknowledge(this.log, {
      KDS3: 'A key of our own would cost a dollar a month and a call each batch, and guard browsers and queries that are gone in a day.',
    });
    const writer = new Role(this, 'log-writer', { assumedBy: new ServicePrincipal('cloudfront.amazonaws.com') });
    const realtimeLogConfig = new RealtimeLogConfig(this, 'lines', {
      fields: [...LOG_FIELDS],
      // Every line is a visitor of the denominator.
      samplingRate: 100,
      endPoints: [Endpoint.fromKinesisStream(this.log, writer)],
    });
    // The library waits for the role and not for what the role may do.
    realtimeLogConfig.node.addDependency(writer);
    this.behaviour = {
      functionAssociations: [{ function: answer, eventType: FunctionEventType.VIEWER_REQUEST }],
      realtimeLogConfig,
    };
  }

  /** Lets a function that changes experiments tell the edge. The grants on tables that this takes are in `grants.ts`. */
  toldBy(publisher: BundledFunction): void {
    const variable: keyof Environment = 'EDGE_STORE_ARN';
    publisher.addEnvironment(variable, this.store.keyValueStoreArn);
    publisher.addToRolePolicy(
      new PolicyStatement({
        actions: [
          'cloudfront-keyvaluestore:DescribeKeyValueStore',
          'cloudfront-keyvaluestore:PutKey',
          'cloudfront-keyvaluestore:DeleteKey',
        ],
        resources: [this.store.keyValueStoreArn],
      }),
    );
  }
}
