import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** A finding of cdk-nag that we accept, with the reason a reviewer would ask for. Put it on the smallest construct it is about. */
export function acknowledge(scope: IConstruct, reasons: Readonly<Record<string, string>>): void {
  Validations.of(scope).acknowledge(
    ...Object.entries(reasons).map(([id, reason]) => ({ id: `AwsSolutions-${id}`, reason })),
  );
}
