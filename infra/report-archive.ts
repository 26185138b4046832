import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, StorageClass } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Environment } from '../shared/contracts/environment.ts';
import { acknowledge, acknowledgeObjects } from './acknowledged.ts';
import type { BundledFunction } from './bundled-function.ts';
import type { Settings } from './settings.ts';

/** Where the function puts its reports: see `shared/deliver/report-archive.ts`. */
export const ARCHIVED = 'reports/*';

/** Every report that was written, as JSON and as the page, for as long as anyone may ask why something was decided. */
export class ReportArchive extends Construct {
  readonly bucket: IBucket;

  constructor(scope: Construct, { keepsData }: Settings) {
    super(scope, 'report-archive');
    const bucket = new Bucket(this, 'reports', {
      versioned: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      lifecycleRules: [
        {
          abortIncompleteMultipartUploadAfter: Duration.days(7),
          noncurrentVersionExpiration: Duration.days(90),
          // Read seldom, and then at once.
          transitions: [{ storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(90) }],
        },
      ],
      removalPolicy: keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      autoDeleteObjects: !keepsData,
    });
    this.bucket = bucket as IBucket;
    acknowledge(bucket, {
      S1: 'One function writes it, once a day, and says so in its own log; nobody reads it but people with an AWS identity, whom CloudTrail knows.',
    });
  }

  /** A function that may add reports, and may neither read nor remove any. */
  filledBy(writer: BundledFunction): void {
    const variable: keyof Environment = 'REPORT_ARCHIVE';
    writer.addEnvironment(variable, this.bucket.bucketName);
    writer.addToRolePolicy(
      new PolicyStatement({ actions: ['s3:PutObject'], resources: [this.bucket.arnForObjects(ARCHIVED)] }),
    );
    if (writer.role)
      acknowledgeObjects(writer.role, this.bucket, ARCHIVED, 'A report is named by its experiment and its time.');
  }
}
