import { Stack, Token, Validations } from 'aws-cdk-lib';
import type { CfnBucket, IBucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';

/** A finding of cdk-nag that we accept, with the reason a reviewer would ask for. Put it on the smallest construct it is about. */
export function acknowledge(scope: IConstruct, reasons: Readonly<Record<string, string>>): void {
  Validations.of(scope).acknowledge(
    ...Object.entries(reasons).map(([id, reason]) => ({ id: `AwsSolutions-${id}`, reason })),
  );
}

/** A wildcard over the objects of a bucket, whose names nobody knows beforehand. */
export function acknowledgeObjects(scope: IConstruct, bucket: IBucket, objects: string, reason: string): void {
  const { logicalId } = bucket.node.defaultChild as CfnBucket;
  acknowledge(scope, { [`IAM5[Resource::<${bucket.stack.resolve(logicalId)}.Arn>/${objects}]`]: reason });
}

/** A wildcard over the SES identities of the account. */
export function acknowledgeIdentities(scope: IConstruct, reason: string): void {
  const { partition, region, account } = Stack.of(scope);
  const known = (value: string, otherwise: string) => (Token.isUnresolved(value) ? `<AWS::${otherwise}>` : value);
  const place = [known(partition, 'Partition'), 'ses', known(region, 'Region'), known(account, 'AccountId')].join(':');
  acknowledge(scope, { [`IAM5[Resource::arn:${place}:identity/*]`]: reason });
}
