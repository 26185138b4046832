import type { Definition } from '#shared/experiment/definition.ts';

/** One thing that a revision changed, as people read it. Absent on one side where it came or went. */
export type Change = { readonly what: string; readonly before?: string; readonly after?: string };

/**
 * What became another between two definitions, thing by thing: fields by their names, variants and steps by theirs. Moving a step is
 * one change, not the many that its neighbours' places would make of it.
 */
export function changesBetween(before: Definition, after: Definition): Change[] {
  const { variants: variantsBefore, ...restBefore } = before;
  const { variants: variantsAfter, ...restAfter } = after;
  return [
    ...fieldChanges('', flat(restBefore), flat(restAfter)),
    ...matched(variantsBefore, variantsAfter).flatMap(([was, is]) => {
      if (!was || !is) return comeOrGone(`variant ${(is ?? was)?.name}`, was && stepNames(was), is && stepNames(is));
      const { steps: stepsBefore, ...ownBefore } = was;
      const { steps: stepsAfter, ...ownAfter } = is;
      return [
        ...fieldChanges(`${is.name}: `, flat(ownBefore), flat(ownAfter)),
        ...(ids(stepsBefore) === ids(stepsAfter)
          ? []
          : [{ what: `${is.name}: steps`, before: stepNames(was), after: stepNames(is) }]),
        ...matched(stepsBefore, stepsAfter).flatMap(([step, now]) =>
          step && now ? fieldChanges(`${is.name}, ${now.name}: `, flat(step), flat(now)) : [],
        ),
      ];
    }),
  ];
}

type Named = { readonly id: string; readonly name: string };

const ids = (things: readonly Named[]): string => things.map(({ id }) => id).join('\n');
const stepNames = ({ steps }: Definition['variants'][number]): string => steps.map(({ name }) => name).join(' → ');

/** Things of two lists that are the same one, by their ids; those of the later list first. */
const matched = <T extends Named>(
  before: readonly T[],
  after: readonly T[],
): (readonly [T | undefined, T | undefined])[] => [
  ...after.map((is) => [before.find(({ id }) => id === is.id), is] as const),
  ...before.filter((was) => !after.some(({ id }) => id === was.id)).map((was) => [was, undefined] as const),
];

const comeOrGone = (what: string, before: string | undefined, after: string | undefined): Change[] => [
  { what, ...(before !== undefined && { before }), ...(after !== undefined && { after }) },
];

function fieldChanges(
  prefix: string,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Change[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((field) => {
    const [was, is] = [before.get(field), after.get(field)];
    return was === is ? [] : comeOrGone(`${prefix}${field}`, was, is);
  });
}

/** The plain values of an object by the words of their way in; a list is one value. What is empty counts as absent. */
function flat(value: object, way: readonly string[] = []): Map<string, string> {
  return new Map(
    Object.entries(value).flatMap(([key, each]): [string, string][] => {
      const here = [...way, wordsOf(key)];
      if (each === undefined || each === null || (Array.isArray(each) && each.length === 0)) return [];
      if (Array.isArray(each)) return [[here.join(', '), each.map(shown).join('; ')]];
      if (typeof each === 'object') return [...flat(each as object, here)];
      return [[here.join(', '), String(each)]];
    }),
  );
}

const shown = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? Object.values(value)
        .flat()
        .map((each) => (typeof each === 'object' ? JSON.stringify(each) : String(each)))
        .join(' ')
    : String(value);

/** @example wordsOf('windowDays') // 'window days' */
const wordsOf = (key: string): string =>
  key.replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
