import { describe, expect, it } from 'vitest';
import { type Route, routes } from '#shared/contracts/routes.ts';
import { isPrefetch, visitorCookie, wantsNoStorage } from '#shared/http/redirect-visit.ts';
import { signalsOf } from '#shared/http/signals.ts';
import { functionsIn, ofType, referred, resourcesWith, theOne } from './synthesized.ts';

const live = resourcesWith();
/** CloudFront's own policy that keeps nothing, by its published id. */
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const DISTRIBUTION = 'AWS::CloudFront::Distribution';

const functionNames = new Map(functionsIn(live).map(([name, id]) => [id, name]));
const made = new Map(
  ofType(live, 'AWS::ApiGatewayV2::Route').map(([, { RouteKey, AuthorizationType, Target }]) => {
    const [integration = ''] = referred(Target);
    const [target = ''] = referred(live[integration]?.Properties.IntegrationUri);
    return [String(RouteKey), { authorization: String(AuthorizationType), to: functionNames.get(target) }];
  }),
);
const served = Object.values<Route>(routes).filter(({ servedBy }) => servedBy !== 'redirect');

describe('the HTTP API', () => {
  it.each(served.map((route) => ({ ...route, key: `${route.method} ${route.path}` })))(
    'serves $key by $servedBy',
    ({ key, access, servedBy }) => {
      expect(made.get(key)).toEqual({ authorization: access === 'admin' ? 'AWS_IAM' : 'NONE', to: servedBy });
    },
  );

  it('answers the preflight of every route for sites, and has no route that the table does not', () => {
    const preflights = served.filter(({ access }) => access === 'site').map(({ path }) => `OPTIONS ${path}`);
    expect([...made.keys()].sort()).toEqual(
      [...new Set([...served.map(({ method, path }) => `${method} ${path}`), ...preflights])].sort(),
    );
  });

  it('speaks payload 2.0, which is what the handlers read', () => {
    for (const [, integration] of ofType(live, 'AWS::ApiGatewayV2::Integration'))
      expect(integration.PayloadFormatVersion).toBe('2.0');
  });

  it('bounds how many requests a flood can cost, and fewer on a trial', () => {
    const limit = (resources: typeof live) =>
      Number(theOne(resources, 'AWS::ApiGatewayV2::Stage')[1].DefaultRouteSettings?.ThrottlingRateLimit);
    expect(limit(live)).toBeGreaterThan(0);
    expect(limit(resourcesWith({ stage: 'trial' }))).toBeLessThan(limit(live));
  });

  it('logs what was answered and not who asked', () => {
    const format = JSON.stringify(theOne(live, 'AWS::ApiGatewayV2::Stage')[1].AccessLogSettings);
    expect(format).toContain('$context.status');
    expect(format).not.toMatch(/sourceIp|userAgent|identity|path\b/);
  });
});

describe('distributions', () => {
  it('are two, and none of them keeps an answer', () => {
    expect(ofType(live, DISTRIBUTION)).toHaveLength(2);
    for (const [, { DistributionConfig }] of ofType(live, DISTRIBUTION)) {
      expect(DistributionConfig?.DefaultCacheBehavior?.CachePolicyId).toBe(CACHING_DISABLED);
      expect(DistributionConfig).not.toHaveProperty('CacheBehaviors');
      expect(DistributionConfig?.DefaultCacheBehavior?.ViewerProtocolPolicy).not.toBe('allow-all');
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
    expect(theOne(live, 'AWS::CloudFront::OriginAccessControl')[1].OriginAccessControlConfig).toMatchObject({
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
