import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AssignRequest } from '#shared/contracts/assign.ts';
import { EventRequest } from '#shared/contracts/events.ts';
import { Definition } from '#shared/experiment/definition.ts';
import { ROOT } from '../../infra/bundle.ts';
import { settingsFrom } from '../../infra/settings.ts';

const guide = readFileSync(join(ROOT, 'docs/deploy.md'), 'utf8');
const between = (from: string, to: string): string => guide.split(from)[1]?.split(to)[0] ?? '';
/** The JSON that a line of the guide sends to a route. */
const sentTo = (route: string): unknown =>
  JSON.parse(new RegExp(`\\$SITE${route} -d '([^']+)'`).exec(guide)?.[1] ?? 'null');

describe('docs/deploy.md', () => {
  it('defines an experiment that the API takes', () => {
    const definition = Definition.parse(JSON.parse(between("<<'JSON'\n", '\nJSON')));
    expect(definition.variants.map(({ steps }) => steps.length)).toEqual([1, 2]);
  });

  it('sends requests that the site’s routes take', () => {
    expect(AssignRequest.parse(sentTo('/v1/assign'))).toHaveProperty('experiment', 'first');
    expect(EventRequest.parse(sentTo('/v1/events'))).toHaveProperty('step', 'buy');
  });

  it('tells of every setting there is, and of none that there is not', () => {
    const asked = new Set<string>();
    const context: Readonly<Record<string, string>> = {
      domain: 'example.com',
      certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/0a1b',
    };
    settingsFrom((key) => {
      asked.add(key);
      return context[key];
    });
    const told = [...between('## Settings', '## ').matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(told.sort()).toEqual([...asked].sort());
  });
});
