import { RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, type ISource, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { SIGN_IN_PATH, type SignIn } from '../shared/contracts/sign-in.ts';
import { acknowledge, acknowledgeObjects } from './acknowledged.ts';
import type { Settings } from './settings.ts';

/** Files whose name stays while their content changes. All others are named by their content. */
export const FIXED_NAMES = ['index.html', 'icon.svg', SIGN_IN_PATH.slice(1)];

/** The dashboard's files in a bucket that only CloudFront reads, and what puts them there. */
export class DashboardSite extends Construct {
  /** As the library's own constructs want it; its types leave `undefined` out where its class does not. */
  readonly bucket: IBucket;
  readonly #settings: Settings;
  readonly #files: ISource;

  constructor(scope: Construct, settings: Settings, files: ISource) {
    super(scope, 'dashboard-site');
    this.#settings = settings;
    this.#files = files;
    const bucket = new Bucket(this, 'files', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      // Everything in here comes from the sources again.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.bucket = bucket as IBucket;
    acknowledge(bucket, {
      S1: 'Everybody gets these files who opens the dashboard; a log of that would hold their addresses and nothing to learn from.',
    });
  }

  /** Puts the files there, and how people sign in beside them. */
  deploy(signIn: SignIn): void {
    const role = new Role(this, 'deployer', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const logGroup = new LogGroup(this, 'deployer-logs', {
      logGroupName: `/stepladder/${this.#settings.stage}/dashboard-deployer`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const allow = (actions: string[], resource: string) =>
      role.addToPolicy(new PolicyStatement({ actions, resources: [resource] }));
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn);
    // To sync is to list and to put; to leave is to look at tags, which say whether anyone else deploys here, and to delete.
    allow(['s3:ListBucket', 's3:GetBucketTagging'], this.bucket.bucketArn);
    allow(['s3:PutObject', 's3:DeleteObject'], this.bucket.arnForObjects('*'));
    acknowledgeObjects(role, this.bucket, '*', 'The bucket holds the dashboard’s files and nothing else.');
    /** The library would let the role read the whole bucket of the account's assets. */
    const known = (source: ISource): ISource => ({
      bind: (scope, context) => {
        const config = source.bind(scope, context);
        allow(['s3:GetObject'], config.bucket.arnForObjects(config.zipObjectKey));
        return config;
      },
    });
    const house = {
      destinationBucket: this.bucket,
      role: role.withoutPolicyUpdates(),
      logGroup,
      // Pages that are open load what they were made with.
      prune: false,
    };
    const named = new BucketDeployment(this, 'named-by-content', {
      ...house,
      sources: [known(this.#files)],
      exclude: FIXED_NAMES,
      cacheControl: [CacheControl.fromString('public, max-age=31536000, immutable')],
    });
    const entry = new BucketDeployment(this, 'entry', {
      ...house,
      sources: [known(this.#files), known(Source.jsonData(SIGN_IN_PATH.slice(1), signIn))],
      exclude: ['*'],
      include: FIXED_NAMES,
      // A stack that goes takes all of it along: a bucket with something in it cannot be removed.
      retainOnDelete: false,
      cacheControl: [CacheControl.noCache()],
    });
    for (const deployment of [named, entry]) {
      deployment.node.addDependency(role);
      // The library marks the bucket as somebody's, and leaves alone what is somebody's when the stack goes: its own files too.
      for (const { node } of deployment.node.children)
        Tags.of(this.bucket).remove(`aws-cdk:cr-owned:${node.addr.slice(-8)}`, { priority: 300 });
    }
    const { children } = Stack.of(this).node;
    for (const deployer of children.filter(({ node }) => node.id.startsWith('Custom::CDKBucketDeployment')))
      acknowledge(deployer, {
        L1: 'The function is the CDK’s own, and so is its runtime; it is renewed with the CDK.',
      });
    // The page that names new scripts comes after them.
    entry.node.addDependency(named);
  }
}
