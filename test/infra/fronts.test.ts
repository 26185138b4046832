import { describe, expect, it } from 'vitest';
import type { Route } from '#shared/contracts/route.ts';
import { routes } from '#shared/contracts/routes.ts';
import { dashboardCsp, EDITORS, SIGN_IN_PATH, SIGN_IN_SCOPES } from '#shared/contracts/sign-in.ts';
import { isPrefetch, visitorCookie, wantsNoStorage } from '#shared/http/redirect-visit.ts';
import { signalsOf } from '#shared/http/signals.ts';
import { functionsIn, ofType, referred, resourcesWith, theOne } from './synthesized.ts';

const live = resourcesWith();
/** CloudFront's own policy that keeps nothing, by its published id. */
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const DISTRIBUTION = 'AWS::CloudFront::Distribution';

const functionNames = new Map(functionsIn(live).map(([name, id]) => [id, name]));
const routesOf = (api: string) =>
  new Map(
    ofType(live, 'AWS::ApiGatewayV2::Route').flatMap(([id, { RouteKey, AuthorizationType, Target }]) => {
      if (!id.startsWith(api)) return [];
      const [integration = ''] = referred(Target);
      const [target = ''] = referred(live[integration]?.Properties.IntegrationUri);
      return [[String(RouteKey), { authorization: String(AuthorizationType), to: functionNames.get(target) }] as const];
    }),
  );
const made = routesOf('siteapi');
const signed = routesOf('signedapi');
/** A joined text with what it refers to in angle brackets. */
const written = (text: unknown): string =>
  typeof text === 'string'
    ? text
    : (text as { 'Fn::Join': [string, (string | { Ref: string })[]] })['Fn::Join'][1]
        .map((part) => (typeof part === 'string' ? part : `<${part.Ref}>`))
        .join('');
const served = Object.values<Route>(routes).filter(({ servedBy }) => servedBy !== 'redirect');

describe('the API of sites and of people', () => {
  it.each(served.map((route) => ({ ...route, key: `${route.method} ${route.path}` })))(
    'serves $key by $servedBy',
    ({ key, access, servedBy }) => {
      expect(made.get(key)).toEqual({ authorization: access === 'admin' ? 'JWT' : 'NONE', to: servedBy });
    },
  );

  it('answers the preflight of every route for sites, and has no route that the table does not', () => {
    const preflights = served.filter(({ access }) => access === 'site').map(({ path }) => `OPTIONS ${path}`);
    expect([...made.keys()].sort()).toEqual(
      [...new Set([...served.map(({ method, path }) => `${method} ${path}`), ...preflights])].sort(),
    );
  });

  it('takes the access tokens of its own pool, made for its own dashboard', () => {
    const [, { AuthorizerType, JwtConfiguration, IdentitySource }] = theOne(live, 'AWS::ApiGatewayV2::Authorizer');
    expect(AuthorizerType).toBe('JWT');
    expect(IdentitySource).toEqual(['$request.header.Authorization']);
    expect(referred(JwtConfiguration?.Issuer)).toEqual([theOne(live, 'AWS::Cognito::UserPool')[0]]);
    expect(referred(JwtConfiguration?.Audience)).toEqual([theOne(live, 'AWS::Cognito::UserPoolClient')[0]]);
  });

  it('speaks payload 2.0, which is what the handlers read', () => {
    const versions = ofType(live, 'AWS::ApiGatewayV2::Integration').map(([, each]) => each.PayloadFormatVersion);
    expect([versions.length > 1, ...new Set(versions)]).toEqual([true, '2.0']);
  });

  it('bounds how many requests a flood can cost, and fewer on a trial', () => {
    const limits = (resources: typeof live) =>
      ofType(resources, 'AWS::ApiGatewayV2::Stage').map(([, { DefaultRouteSettings }]) =>
        Number(DefaultRouteSettings?.ThrottlingRateLimit),
      );
    expect(limits(live)).toEqual([2_000, 2_000]);
    expect(limits(resourcesWith({ stage: 'trial' }))).toEqual([200, 200]);
  });

  it('bounds how many clicks a flood can cost where somebody asks for that, and turns nobody away otherwise', () => {
    const bounds = (resources: typeof live) =>
      ofType(resources, 'AWS::Lambda::Function').flatMap(([, { Description, ReservedConcurrentExecutions }]) =>
        ReservedConcurrentExecutions === undefined ? [] : [[String(Description), Number(ReservedConcurrentExecutions)]],
      );
    expect(bounds(live)).toEqual([]);
    expect(bounds(resourcesWith({ redirectsAtOnce: '25' }))).toEqual([
      ['Stepladder live: functions/lambda/redirect.ts', 25],
    ]);
  });

  it('logs what was answered and not who asked', () => {
    for (const [, { AccessLogSettings }] of ofType(live, 'AWS::ApiGatewayV2::Stage')) {
      const format = JSON.stringify(AccessLogSettings);
      expect(format).toContain('$context.status');
      expect(format).not.toMatch(/sourceIp|userAgent|identity|authorizer|path\b/);
    }
  });
});

describe('the API of programs that sign', () => {
  it('has every route of administrators, and no other, behind a signature', () => {
    const expected = served
      .filter(({ access }) => access === 'admin')
      .map(({ method, path, servedBy }) => [`${method} ${path}`, { authorization: 'AWS_IAM', to: servedBy }] as const);
    expect(new Map([...signed].sort())).toEqual(new Map([...expected].sort()));
  });
});

describe('the people who may sign in', () => {
  const [, pool] = theOne(live, 'AWS::Cognito::UserPool');
  const [, client] = theOne(live, 'AWS::Cognito::UserPoolClient');
  const [, { Domain }] = theOne(live, 'AWS::Cognito::UserPoolDomain');

  it('are made by an administrator, and set up a second factor when they first sign in', () => {
    expect(pool.AdminCreateUserConfig).toMatchObject({ AllowAdminCreateUserOnly: true });
    expect(written(pool.AdminCreateUserConfig?.InviteMessageTemplate?.EmailMessage)).toMatch(/\{username\}.*\{####\}/);
    expect(pool).toMatchObject({ MfaConfiguration: 'ON', EnabledMfas: ['SOFTWARE_TOKEN_MFA'] });
    expect(pool.Policies?.PasswordPolicy?.MinimumLength).toBe(12);
    expect(pool.DeletionProtection).toBe('ACTIVE');
  });

  it('may change things where they are in the group that the API asks for, and otherwise read', () => {
    expect(theOne(live, 'AWS::Cognito::UserPoolGroup')[1].GroupName).toBe(EDITORS);
  });

  it('need no phone to try a stage out', () => {
    const [, { MfaConfiguration, EnabledMfas }] = theOne(resourcesWith({ stage: 'trial' }), 'AWS::Cognito::UserPool');
    expect([MfaConfiguration, EnabledMfas]).toEqual(['OFF', undefined]);
  });

  it('come by code and PKCE alone: the page has no secret, and no token ever stands in an address', () => {
    expect(client.GenerateSecret).toBe(false);
    expect(client.AllowedOAuthFlows).toEqual(['code']);
    expect(client.AllowedOAuthScopes).toEqual([...SIGN_IN_SCOPES]);
    expect(client.ExplicitAuthFlows).toEqual(['ALLOW_REFRESH_TOKEN_AUTH']);
    expect(client).toMatchObject({ EnableTokenRevocation: true, PreventUserExistenceErrors: 'ENABLED' });
  });

  it('come back to the dashboard, and to nowhere else', () => {
    const [distribution] = theOne(live, DISTRIBUTION, 'apifront');
    for (const urls of [client.CallbackURLs, client.LogoutURLs])
      expect(urls).toEqual([{ 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': [distribution, 'DomainName'] }, '/']] }]);
  });

  it('are asked at the pages that the dashboard is told of and may talk to', () => {
    const origin = `https://${written(Domain)}.auth.<AWS::Region>.amazoncognito.com`;
    const [, { ResponseHeadersPolicyConfig: headers }] = theOne(live, 'AWS::CloudFront::ResponseHeadersPolicy');
    expect(written(headers?.SecurityHeadersConfig?.ContentSecurityPolicy?.ContentSecurityPolicy)).toBe(
      dashboardCsp({ kind: 'cognito', domain: origin, clientId: 'any' }),
    );
    const [, told] = ofType(live, 'Custom::CDKBucketDeployment').find(([id]) => id.includes('entry')) ?? [];
    // And where visitors come in, which is another origin: previews lead there.
    expect(referred(told?.SourceMarkers)).toEqual([
      theOne(live, 'AWS::Cognito::UserPoolClient')[0],
      theOne(live, DISTRIBUTION, 'redirectfront')[0],
    ]);
  });
});

describe('the dashboard', () => {
  const [bucket, { PublicAccessBlockConfiguration }] = theOne(live, 'AWS::S3::Bucket', 'dashboardsite');
  const [distribution, { DistributionConfig: config }] = theOne(live, DISTRIBUTION, 'apifront');

  it('is on the origin of its API, so that a page needs nobody’s leave to ask it', () => {
    const paths = [...(config?.CacheBehaviors ?? [])].map(({ PathPattern }) => String(PathPattern));
    const patterns = paths.map((path) => new RegExp(`^${path.replace('*', '.*')}$`));
    for (const { path } of served)
      expect(
        patterns.some((pattern) => pattern.test(path)),
        path,
      ).toBe(true);
    for (const file of ['/index.html', SIGN_IN_PATH, '/app-0123456789.js'])
      expect(
        patterns.some((pattern) => pattern.test(file)),
        file,
      ).toBe(false);
    expect(config?.DefaultRootObject).toBe('index.html');
  });

  it('lies in a bucket that this distribution alone may read, over TLS', () => {
    expect(PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    const [, policy] = theOne(live, 'AWS::S3::BucketPolicy', 'dashboardsite');
    const statements = [...(policy.PolicyDocument?.Statement ?? [])];
    const allowing = statements.filter(({ Effect }) => String(Effect) === 'Allow');
    expect(allowing).toMatchObject([{ Principal: { Service: 'cloudfront.amazonaws.com' }, Action: 's3:GetObject' }]);
    expect(referred(allowing[0]?.Condition)).toEqual([distribution]);
    expect(JSON.stringify(statements)).toContain('"aws:SecureTransport":"false"');
    expect(referred(policy.Bucket)).toEqual([bucket]);
  });

  it('goes with its stack, files and all: nothing says that they are somebody else’s', () => {
    expect(live[bucket]?.DeletionPolicy).toBe('Delete');
    const tags = [...(live[bucket]?.Properties.Tags ?? [])].map(({ Key }) => String(Key));
    expect(tags).toEqual(['project', 'stage']);
    const deployments = ofType(live, 'Custom::CDKBucketDeployment').map(([, { RetainOnDelete }]) => RetainOnDelete);
    // The second goes first, because it came last, and takes what both have brought.
    expect(deployments).toEqual([undefined, false]);
  });

  it('keeps for ever what is named by its content, and asks each time for what names it', () => {
    const deployments = ofType(live, 'Custom::CDKBucketDeployment').map(([, properties]) => properties);
    expect(deployments.map(({ SystemMetadata }) => SystemMetadata?.['cache-control'])).toEqual([
      'public, max-age=31536000, immutable',
      'no-cache',
    ]);
    const fixed = ['index.html', 'icon.svg', SIGN_IN_PATH.slice(1)];
    expect(deployments[0]?.Exclude).toEqual(fixed);
    expect(deployments[1]).toMatchObject({ Exclude: ['*'], Include: fixed });
  });
});

describe('distributions', () => {
  it('are two, and none of them keeps an answer of a function', () => {
    expect(ofType(live, DISTRIBUTION)).toHaveLength(2);
    for (const [, { DistributionConfig }] of ofType(live, DISTRIBUTION)) {
      const behaviours = [DistributionConfig?.DefaultCacheBehavior, ...(DistributionConfig?.CacheBehaviors ?? [])];
      const buckets = [...(DistributionConfig?.Origins ?? [])].filter((origin) => 'S3OriginConfig' in origin);
      for (const behaviour of behaviours) {
        if (buckets.every(({ Id }) => String(Id) !== String(behaviour?.TargetOriginId)))
          expect(behaviour?.CachePolicyId).toBe(CACHING_DISABLED);
        expect(behaviour?.ViewerProtocolPolicy).not.toBe('allow-all');
      }
    }
  });
});

describe('the redirect’s front', () => {
  const [, { DistributionConfig: config }] = theOne(live, DISTRIBUTION, 'redirectfront');
  const [policyId, { OriginRequestPolicyConfig: forwarded }] = theOne(live, 'AWS::CloudFront::OriginRequestPolicy');
  const headers = [...(forwarded?.HeadersConfig?.Headers ?? [])].map((name) => String(name).toLowerCase());

  it('hands on the whole query, so that no click id is lost', () => {
    expect(config?.DefaultCacheBehavior?.OriginRequestPolicyId).toEqual({ Ref: policyId });
    expect(forwarded?.QueryStringsConfig).toEqual({ QueryStringBehavior: 'all' });
  });

  it('hands on the cookie that the redirect sets, and nobody else’s', () => {
    expect(forwarded?.CookiesConfig).toEqual({
      CookieBehavior: 'whitelist',
      Cookies: [visitorCookie('visitor').split('=')[0]],
    });
  });

  it('hands on every header that the redirect looks at', () => {
    const looked = new Set<string>();
    const recorder = new Proxy({}, { get: (_, name) => void looked.add(String(name)) });
    isPrefetch(recorder);
    signalsOf(recorder);
    wantsNoStorage(recorder, new URLSearchParams());
    expect(looked.size).toBeGreaterThan(3);
    expect(headers).toEqual(expect.arrayContaining([...looked]));
  });

  it('serves ads and the links of e-mails alike', () => {
    for (const { path, servedBy } of Object.values<Route>(routes))
      if (servedBy === 'redirect') expect(path).toMatch(/^\/(go|l)\//);
    // No path has a way of its own, so all of them lead to the one origin.
    expect(config).not.toHaveProperty('CacheBehaviors');
    expect([...(config?.Origins ?? [])]).toHaveLength(1);
  });

  it('never hands on Host, because CloudFront signs for the function’s own', () => {
    expect(headers).not.toContain('host');
    expect(forwarded?.HeadersConfig?.HeaderBehavior).toBe('whitelist');
  });

  it('reaches a function URL that refuses unsigned calls, signing every one', () => {
    expect(theOne(live, 'AWS::Lambda::Url')[1].AuthType).toBe('AWS_IAM');
    expect(
      theOne(live, 'AWS::CloudFront::OriginAccessControl', 'redirectfront')[1].OriginAccessControlConfig,
    ).toMatchObject({
      OriginAccessControlOriginType: 'lambda',
      SigningBehavior: 'always',
    });
  });

  it('outwaits the function, because CloudFront repeats what is late and each repetition would be a visitor', () => {
    const [, , redirect] = functionsIn(live).find(([name]) => name === 'redirect') ?? [];
    const wait = config?.Origins?.[0]?.CustomOriginConfig?.OriginReadTimeout;
    expect(Number(redirect?.Timeout)).toBeLessThan(Number(wait));
  });
});
