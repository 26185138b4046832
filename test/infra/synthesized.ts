import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Source } from 'aws-cdk-lib/aws-s3-deployment';
import { edgeBundle } from '#functions/edge/bundle.ts';
import { ROOT } from '../../infra/bundle.ts';
import { stepladderApp } from '../../infra/stepladder-app.ts';

// The validator that ships with the CDK checks types and enumerations and takes ten times as long as the synthesis; `npm run synth`
// runs it. The rules of cdk-nag run here as there.
process.env.CDK_VALIDATION = 'false';

/** Any part of a template. What it really is, the expectation on it says. */
export interface Json extends Iterable<Json> {
  readonly [key: string]: Json;
}
export type Resource = {
  readonly Type: string;
  readonly Properties: Json;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: readonly string[];
};
export type Resources = Readonly<Record<string, Resource>>;

type Place = { readonly account?: string | undefined; readonly region?: string | undefined };
const AWS: Place = { account: '111122223333', region: 'eu-central-1' };

/** The edge's own code stands in the template. */
const edgeCode = () => edgeBundle().code;
const dashboardFiles = () => Source.data('index.html', '<!doctype html>');

/** The stage, and the behaviour of the CDK that the project chose when it began. */
const { context: cdkJson } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8'));

/** The app with the code of its functions left out, which no template shows. */
export const appWith = (context: Readonly<Record<string, string>> = {}, place = AWS) =>
  stepladderApp(
    { codeOf: () => Code.fromInline('export const handler = undefined'), edgeCode, dashboardFiles, ...place },
    { context: { ...cdkJson, ...context } },
  );

/** The resources of a stage's stack, as CloudFormation gets them. Fails where cdk-nag finds what nobody acknowledged. */
export const resourcesWith = (context: Readonly<Record<string, string>> = {}): Resources =>
  Template.fromStack(appWith(context).stack).toJSON().Resources as Resources;

export const ofType = (resources: Resources, type: string): [id: string, properties: Json][] =>
  Object.entries(resources).flatMap(([id, resource]) => (resource.Type === type ? [[id, resource.Properties]] : []));

/** The one resource of a type whose id begins with what its construct path does. */
export function theOne(resources: Resources, type: string, prefix = ''): [id: string, properties: Json] {
  const found = ofType(resources, type).filter(([id]) => id.startsWith(prefix));
  const [one] = found;
  if (one === undefined || found.length > 1)
    throw new Error(`${found.length} resources of type ${type} begin with ${prefix}`);
  return one;
}

/** Our functions by the name of their entry in `functions/lambda`; the CDK has one of its own, which puts files into a bucket. */
export const functionsIn = (resources: Resources): [name: string, id: string, properties: Json][] =>
  ofType(resources, 'AWS::Lambda::Function').flatMap(([id, properties]) => {
    const name = /functions\/lambda\/(\w+)\.ts$/.exec(String(properties.Description))?.[1];
    return name === undefined ? [] : [[name, id, properties]];
  });

/** The logical id that a reference, an attribute or any join of them is about. */
export function referred(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referred);
  if (typeof value !== 'object' || value === null) return [];
  const { Ref, 'Fn::GetAtt': attribute, ...rest } = value as Record<string, unknown>;
  if (typeof Ref === 'string') return Ref.startsWith('AWS::') ? [] : [Ref];
  if (Array.isArray(attribute)) return [String(attribute[0])];
  return Object.values(rest).flatMap(referred);
}
