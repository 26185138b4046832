/// <reference lib="dom" />
import type { DraftStep } from '../draft.ts';
import { WrittenField } from './field.tsx';

type Known = NonNullable<DraftStep['frictions']>;
type Props = {
  readonly path: string;
  readonly value: DraftStep['frictions'];
  readonly onValue: (value: DraftStep['frictions']) => void;
};

/** What may make a step hard, as `name: value`. */
export const Frictions = ({ path, value, onValue }: Props) => (
  <WrittenField
    label="What may make it hard"
    path={path}
    value={value ?? {}}
    placeholder="choices: 12, seconds: 2.4"
    hint="To be compared over experiments"
    read={frictionsOf}
    write={(frictions) =>
      Object.entries(frictions)
        .map(([name, each]) => `${name}: ${each}`)
        .join(', ')
    }
    onValue={(frictions) => onValue(Object.keys(frictions).length === 0 ? undefined : frictions)}
  />
);

/** @example frictionsOf('choices: 12, clear: false') // { choices: 12, clear: false } */
export const frictionsOf = (text: string): Known =>
  Object.fromEntries(
    text
      .split(',')
      .map((each) => each.split(':').map((part) => part.trim()))
      .filter(([name]) => name)
      .map(([name = '', said = 'true']) => [name, meant(said)]),
  );

function meant(said: string): string | number | boolean {
  if (said === 'true' || said === 'false') return said === 'true';
  return said !== '' && Number.isFinite(Number(said)) ? Number(said) : said;
}
