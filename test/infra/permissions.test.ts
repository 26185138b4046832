import { describe, expect, it } from 'vitest';
import { ofType, type Resources, referred, resourcesWith } from './synthesized.ts';

const live = resourcesWith({ alarmEmail: 'on-call@example.com', edge: 'true', reportFrom: 'reports@example.com' });

type Statement = {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource?: unknown;
  readonly Condition?: object;
};

const listed = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
const statementsIn = (resources: Resources): { id: string; statement: Statement }[] =>
  ofType(resources, 'AWS::IAM::Policy').flatMap(([id, { PolicyDocument }]) =>
    listed(PolicyDocument?.Statement).map((statement) => ({ id, statement: statement as Statement })),
  );

/** The resources that end in `*`, by who may use them, and why. Write the reason here before adding one. */
const EXPLAINED: Readonly<Record<string, { readonly of: string; readonly why: string }>> = {
  dashboardsitedeployer: { of: 'dashboardsitefiles', why: 'the files of the dashboard, named by their content' },
  reportschedulereportrole: { of: 'reportarchivereports', why: 'reports, named by experiment and time' },
};
const explained = (id: string, resource: unknown): boolean =>
  Object.entries(EXPLAINED).some(
    ([who, { of }]) => id.startsWith(who) && referred(resource).every((each) => each.startsWith(of)),
  );

describe('permissions', () => {
  it('name every action in full', () => {
    const statements = statementsIn(live);
    expect(statements.length).toBeGreaterThan(10);
    for (const { id, statement } of statements)
      for (const action of listed(statement.Action)) expect(`${id}: ${action}`).not.toContain('*');
  });

  it('are on resources of this stack, each by its own name', () => {
    for (const { id, statement } of statementsIn(live))
      for (const resource of listed(statement.Resource)) {
        const text = JSON.stringify(resource);
        // SES asks about recipients as about the sender, and whom a report goes to stands in no template.
        if (text.endsWith(':identity/*"]]}')) {
          expect(statement.Condition, id).toEqual({ StringEquals: { 'ses:FromAddress': 'reports@example.com' } });
          continue;
        }
        if (/cdk-hnb659fds-assets/.test(text)) expect(text, id).toMatch(/\/[0-9a-f]{64}\.zip"/);
        else expect(referred(resource), id).not.toEqual([]);
        if (!explained(id, resource)) expect(text, id).not.toContain('*');
      }
  });

  it('let no function scan a table, empty it, or read the stream but its consumer', () => {
    const actions = statementsIn(live).flatMap(({ id, statement }) =>
      listed(statement.Action).map((action) => `${id} ${action}`),
    );
    expect(actions.filter((action) => /dynamodb:(Scan|PartiQL|Batch)/.test(action))).toEqual([]);
    // A visitor's own journeys, when they ask for that.
    const deletes = statementsIn(live).filter(({ statement }) =>
      listed(statement.Action).includes('dynamodb:DeleteItem'),
    );
    expect(
      deletes.map(({ id, statement }) => [id.slice(0, 16), referred(statement.Resource)[0]?.slice(0, 14)]),
    ).toEqual([['siteapiadminrole', 'tablesjourneys']]);
    expect(actions.filter((action) => /dynamodb:GetRecords/.test(action))).toEqual([
      expect.stringMatching(/^tallystream/),
    ]);
  });

  it('on the catalog are bound to the kinds of items a function works with', () => {
    const catalog = statementsIn(live).filter(({ statement }) =>
      referred(statement.Resource).some((id) => id.startsWith('tablescatalog')),
    );
    expect(catalog.length).toBeGreaterThan(5);
    for (const { statement } of catalog)
      expect(Object.keys(statement.Condition ?? {}), JSON.stringify(statement)).toEqual(['ForAllValues:StringLike']);
  });

  it('are a function’s own: no two share a role, and no role has a policy that AWS manages', () => {
    const functions = ofType(live, 'AWS::Lambda::Function');
    expect(new Set(functions.flatMap(([, { Role }]) => referred(Role))).size).toBe(functions.length);
    for (const [id, role] of ofType(live, 'AWS::IAM::Role')) expect(role, id).not.toHaveProperty('ManagedPolicyArns');
  });

  it('let the redirect be called by CloudFront alone, and the API’s functions by the gateway alone', () => {
    const callers = ofType(live, 'AWS::Lambda::Permission').map(([, permission]) => ({
      by: permission.Principal,
      through: permission.Action,
      to: referred(permission.FunctionName)[0]?.replace(/FunctionUrl.*|[0-9A-F]{8}$/, ''),
      from: referred(permission.SourceArn).length,
    }));
    const redirect = { by: 'cloudfront.amazonaws.com', to: 'redirectfrontredirect', from: 1 };
    const api = { by: 'apigateway.amazonaws.com', through: 'lambda:InvokeFunction', from: 1 };
    expect(callers).toHaveLength(5);
    expect(callers).toEqual(
      expect.arrayContaining([
        // A function URL asks for both since 2025: one to reach the URL, one to call the function through it.
        { ...redirect, through: 'lambda:InvokeFunctionUrl' },
        { ...redirect, through: 'lambda:InvokeFunction' },
        { ...api, to: 'siteapisite' },
        { ...api, to: 'siteapiadmin' },
      ]),
    );
  });

  it('let nothing but TLS reach queues and alarms', () => {
    for (const type of ['AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy'])
      for (const [id, { PolicyDocument }] of ofType(live, type))
        expect(JSON.stringify(PolicyDocument), id).toContain(
          '"Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny"',
        );
  });
});
