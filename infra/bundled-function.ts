import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Environment } from '../shared/contracts/environment.ts';
import type { FunctionName } from './function-names.ts';
import { grantTables } from './grants.ts';
import type { Settings } from './settings.ts';
import type { Tables } from './tables.ts';

/** Where a function's code comes from: its bundle, or a stand-in where only the template matters. */
export type CodeOf = (name: FunctionName) => Code;

/** What every function needs of the stack it is in. */
export type House = { readonly settings: Settings; readonly tables: Tables; readonly codeOf: CodeOf };

type Size = {
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** For functions that run once per visitor: Lambda's own lines about calls that went well would cost a fifth of the call. */
  readonly quiet?: boolean;
  /** Calls that run at a time at most; as many as the account has room for when absent. */
  readonly atOnce?: number | undefined;
};

/** A function of `functions/lambda`, with its own role, its own log group and the tables it may touch. */
export class BundledFunction extends LambdaFunction {
  readonly name: FunctionName;
  readonly logs: LogGroup;
  readonly timeoutSeconds: number;

  constructor(
    scope: Construct,
    name: FunctionName,
    { settings, tables, codeOf }: House,
    { memoryMb, timeoutSeconds, quiet = false, atOnce }: Size,
  ) {
    const environment: Environment = {
      STAGE: settings.stage,
      CATALOG_TABLE: tables.catalog.tableName,
      JOURNEYS_TABLE: tables.journeys.tableName,
      DESTINATION_HOSTS: settings.destinationHosts,
    };
    const logs = new LogGroup(scope, `${name}-logs`, {
      logGroupName: `/stepladder/${settings.stage}/${name}`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // A role of its own rather than the managed one, which may write to every log group of the account.
    const role = new Role(scope, `${name}-role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    role.addToPolicy(
      new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logs.logGroupArn] }),
    );
    super(scope, name, {
      description: `Stepladder ${settings.stage}: functions/lambda/${name}.ts`,
      code: codeOf(name),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: memoryMb,
      timeout: Duration.seconds(timeoutSeconds),
      ...(atOnce !== undefined && { reservedConcurrentExecutions: atOnce }),
      environment,
      role,
      logGroup: logs,
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: quiet ? SystemLogLevel.WARN : SystemLogLevel.INFO,
    });
    this.name = name;
    this.logs = logs;
    this.timeoutSeconds = timeoutSeconds;
    grantTables(this, name, tables, settings);
  }
}
