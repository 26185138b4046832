import type { Condition } from '#shared/experiment/condition.ts';
import type { Definition } from '#shared/experiment/definition.ts';
import type { MetricKind } from '#shared/experiment/metric.ts';

/** An experiment as it is being written: the definition, before the API has looked at it. */
export type Draft = Omit<Definition, 'policy' | 'variants' | 'reporting'> & {
  readonly variants: readonly DraftVariant[];
  readonly policy: Definition['policy'];
  readonly reporting: NonNullable<Definition['reporting']>;
};
export type DraftVariant = Omit<Definition['variants'][number], 'steps'> & { readonly steps: readonly DraftStep[] };
export type DraftStep = Definition['variants'][number]['steps'][number];
export type { Condition };

const POLICY: Definition['policy'] = {
  probability: 0.95,
  expectedLoss: 0.01,
  equivalence: 0.01,
  effect: 0.1,
  falseWinnerRate: 0.05,
  minimumDays: 7,
  wholeWeeks: true,
  minimumGoals: 20,
  plannedDays: 28,
  scepticism: 0.1,
};

const REPORTING: Draft['reporting'] = { every: 'week', onVerdictChange: true, email: [], autoConclude: false };

const COST = { perVisitor: 0, fixed: 0 } as const;
const METRIC = { better: 'higher' } as const;
/** What a metric has of its kind when nobody said otherwise. */
const OF_KIND: Readonly<Partial<Record<MetricKind, object>>> = {
  count: { cap: 100 },
  gap: { better: 'lower' },
  return: { weeks: 4 },
  response: { withinHours: 24 },
};

type Authored = Partial<Omit<Draft, 'variants' | 'policy' | 'reporting'>> & {
  readonly policy?: Partial<Draft['policy']>;
  readonly reporting?: Partial<Draft['reporting']> | undefined;
  readonly variants?: readonly (Omit<DraftVariant, 'steps' | 'weight'> & {
    weight?: number;
    steps: readonly (Omit<DraftStep, 'observed'> & { observed?: boolean })[];
  })[];
};

/** A draft of whatever is there: a template, a stored definition, or nothing. */
export const draftOf = (authored: Authored): Draft =>
  ({
    id: '',
    name: '',
    goal: 'goal',
    control: authored.variants?.[0]?.id ?? 'control',
    traffic: 1,
    audience: [],
    segments: [],
    ramp: [],
    allocation: { kind: 'fixed', floor: 0.05 },
    edge: false,
    forced: {},
    enrolment: {},
    windowDays: 7,
    retentionDays: 395,
    ...authored,
    policy: { ...POLICY, ...authored.policy },
    reporting: { ...REPORTING, ...authored.reporting },
    metrics: (authored.metrics ?? []).map((metric) => ({ ...METRIC, ...OF_KIND[metric.kind], ...metric })),
    variants: (authored.variants ?? BARE).map((variant) => ({
      weight: 1,
      ...variant,
      ...(variant.cost && { cost: { ...COST, ...variant.cost } }),
      steps: variant.steps.map((step) => ({ observed: true, ...step })),
    })),
  }) as Draft;

const BARE: NonNullable<Authored['variants']> = [
  { id: 'control', name: 'One ask', steps: [{ id: 'goal', name: 'Goal' }] },
  {
    id: 'ladder',
    name: 'A ladder',
    steps: [
      { id: 'first', name: 'A first small step' },
      { id: 'goal', name: 'Goal' },
    ],
  },
];

/** What is sent: the definition without what is empty, so that the API sees absence where there is nothing. */
export function sent(draft: Draft): object & { id: string } {
  const { reporting, hypothesis, ...rest } = draft;
  const goesNowhere = reporting.email.length === 0 && !reporting.webhook && !reporting.topic && !reporting.autoConclude;
  const definition = {
    ...rest,
    ...(hypothesis && { hypothesis }),
    ...(!goesNowhere && { reporting: withoutEmpty(reporting) }),
    variants: draft.variants.map((variant) => ({ ...variant, steps: variant.steps.map(withoutEmpty) })),
  };
  return definition;
}

/** Whether the id of a step still follows its name: nobody has given it one of its own. */
export const followsName = ({ id, name }: Pick<DraftStep, 'id' | 'name'>): boolean =>
  /^step(-\d+)?$/.test(id) || id === slugOf(name);

const withoutEmpty = <T extends object>(value: T): Partial<T> =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== '' && each !== undefined)) as Partial<T>;

/** An id of a name: lower-case letters, digits and hyphens. */
export const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 64)
    .replace(/-$/, '');

/** A free id among some: the wanted one, or the first with a number behind it that nobody has. */
export function freeId(wanted: string, taken: readonly string[]): string {
  const base = wanted || 'step';
  for (let n = 1; ; n++) {
    const id = n === 1 ? base : `${base}-${n}`;
    if (!taken.includes(id)) return id;
  }
}

export const replaced = <T>(list: readonly T[], index: number, value: T): readonly T[] =>
  list.map((each, i) => (i === index ? value : each));

/** The list with one entry moved to another place. */
export function movedTo<T>(list: readonly T[], from: number, to: number): readonly T[] {
  const entry = list[from];
  if (entry === undefined || from === to || to < 0 || to >= list.length) return list;
  const rest = list.filter((_, i) => i !== from);
  return [...rest.slice(0, to), entry, ...rest.slice(to)];
}
