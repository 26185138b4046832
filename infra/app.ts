import { Code } from 'aws-cdk-lib/aws-lambda';
import { Source } from 'aws-cdk-lib/aws-s3-deployment';
import { buildDashboard, DASHBOARD_FOLDER } from '../dashboard/build.ts';
import { edgeBundle } from '../functions/edge/bundle.ts';
import { bundle, bundleOf } from './bundle.ts';
import { stepladderApp } from './stepladder-app.ts';

bundle();
buildDashboard();
const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;
// Source maps stay behind: they are for the person who reads a stack trace, not for Lambda.
stepladderApp({
  account,
  region,
  edgeCode: () => edgeBundle().code,
  dashboardFiles: () => Source.asset(DASHBOARD_FOLDER),
  codeOf: (name) => Code.fromAsset(bundleOf(name), { exclude: ['*.map'] }),
}).app.synth();
