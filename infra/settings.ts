/** What may differ between stages. Everything else is the same everywhere, so that a trial is worth something. */
export type Settings = {
  /** Part of every name a person reads, so that stages can share an account. */
  readonly stage: string;
  /** Tables outlive their stack, and neither they nor the stack can be deleted by a slip. */
  readonly keepsData: boolean;
  /** Who hears of alarms. Without it they only show on the dashboard. */
  readonly alarmEmail?: string;
  /** Names of our own. Without them, CloudFront's names serve. */
  readonly domain?: Domain;
  /** A web ACL in front of the API; about $7 a month and $0.60 per million requests. */
  readonly firewall: boolean;
  /** Redirects answered by a CloudFront Function, for experiments that ask for it; about $29 a month at rest. */
  readonly edge: boolean;
  /** Bounds what a flood of requests to the HTTP API can cost. */
  readonly apiRequestsPerSecond: number;
  /**
   * Redirects answered at a time, some 80 a second each. Bounds what a flood of clicks can cost; whoever comes beyond it sees an error
   * for that moment, so there is no bound unless somebody asks for one.
   */
  readonly redirectsAtOnce?: number;
  /** Distance between live tallies and recount that is no alarm: what is under way while a busy experiment is counted. */
  readonly driftTolerance: number;
  /** By which ways reports may leave. */
  readonly reports: ReportSettings;
  /** Hosts that visitors may be sent to, comma-separated; `*.example.com` for all below it, `*` for any. */
  readonly destinationHosts: string;
};

export type Domain = {
  /** Redirects are served at `go.`, the API at `api.` of it. */
  readonly name: string;
  /** In us-east-1, where CloudFront reads certificates, and valid for both names. */
  readonly certificateArn: string;
  /** When Route 53 holds the domain: the records are then made too. */
  readonly hostedZoneId?: string;
};

export type ReportSettings = {
  /** The address that reports by e-mail come from. Without it, none are sent. */
  readonly from?: string;
  /** What SES has verified for that address already: itself or its domain. Without it the stack has SES verify the address. */
  readonly identity?: string;
  /** ARNs of SNS topics that definitions may name, beside the stack's own. */
  readonly topics: readonly string[];
};

const STAGES = {
  live: {
    stage: 'live',
    keepsData: true,
    firewall: false,
    edge: false,
    apiRequestsPerSecond: 2_000,
    driftTolerance: 0,
    reports: { topics: [] },
    destinationHosts: '*',
  },
  trial: {
    stage: 'trial',
    keepsData: false,
    firewall: false,
    edge: false,
    apiRequestsPerSecond: 200,
    driftTolerance: 0,
    reports: { topics: [] },
    destinationHosts: '*',
  },
} as const satisfies Record<string, Settings>;

/** The settings of the stage that the context names, with whatever else the context says (`-c alarmEmail=you@example.com`). */
export function settingsFrom(context: (key: string) => unknown): Settings {
  const text = (key: string): string | undefined => {
    const value = context(key);
    return value === undefined || value === '' ? undefined : String(value);
  };
  const stage = text('stage') ?? 'live';
  if (!(stage in STAGES)) throw new Error(`the stage must be one of ${Object.keys(STAGES).join(', ')}, not ${stage}`);
  const base: Settings = STAGES[stage as keyof typeof STAGES];
  const alarmEmail = text('alarmEmail');
  const redirectsAtOnce = count('redirectsAtOnce', text('redirectsAtOnce'), 0);
  const domain = domainFrom(text('domain'), text('certificateArn'), text('hostedZoneId'));
  return {
    ...base,
    ...(alarmEmail && { alarmEmail }),
    ...(domain && { domain }),
    ...(redirectsAtOnce > 0 && { redirectsAtOnce }),
    firewall: yesOrNo('firewall', text('firewall'), base.firewall),
    reports: reportsFrom(text('reportFrom'), text('reportIdentity'), text('reportTopics')),
    edge: yesOrNo('edge', text('edge'), base.edge),
    apiRequestsPerSecond: count('apiRequestsPerSecond', text('apiRequestsPerSecond'), base.apiRequestsPerSecond),
    destinationHosts: text('destinationHosts') ?? base.destinationHosts,
    driftTolerance: count('driftTolerance', text('driftTolerance'), base.driftTolerance),
  };
}

function domainFrom(name?: string, certificateArn?: string, hostedZoneId?: string): Domain | undefined {
  if (name === undefined) return undefined;
  if (!/^arn:aws:acm:us-east-1:\d{12}:certificate\//.test(certificateArn ?? ''))
    throw new Error(
      `the domain ${name} needs certificateArn, a certificate in us-east-1 for go.${name} and api.${name}`,
    );
  return { name, certificateArn: certificateArn ?? '', ...(hostedZoneId && { hostedZoneId }) };
}

function reportsFrom(from?: string, identity?: string, topics = ''): ReportSettings {
  const arns = topics.split(',').filter((arn) => arn !== '');
  for (const arn of arns)
    if (!/^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+$/.test(arn))
      throw new Error(`reportTopics must be ARNs of SNS topics, comma-separated, not ${arn}`);
  if (from === undefined && identity === undefined) return { topics: arns };
  if (from === undefined || !/^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/.test(from))
    throw new Error(`reportFrom must be a bare e-mail address, such as reports@example.com, not ${from ?? 'nothing'}`);
  if (identity !== undefined && identity !== from && !from.endsWith(`@${identity}`))
    throw new Error(`reportIdentity must be ${from} or its domain, not ${identity}`);
  return { from, ...(identity && { identity }), topics: arns };
}

function yesOrNo(key: string, value: string | undefined, otherwise: boolean): boolean {
  if (value === undefined) return otherwise;
  if (value === 'true' || value === 'false') return value === 'true';
  throw new Error(`${key} must be true or false, not ${value}`);
}

function count(key: string, value: string | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (/^\d+$/.test(value)) return Number(value);
  throw new Error(`${key} must be a whole number, not ${value}`);
}
