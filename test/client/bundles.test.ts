import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { murmur3 as shared } from '#shared/assignment/murmur3.ts';
import { BUNDLE_NAMES, BUNDLES, bundle, declarations, gzipBytes } from '../../client/build.ts';
import { murmur3 } from '../../client/murmur3.ts';
import { committedVectors } from '../support/assignment-vectors.ts';
import { openPage } from './page.ts';

describe('bundle', () => {
  it.each(BUNDLE_NAMES)('%s fits its budget, gzip -9', async (name) => {
    expect(gzipBytes(await bundle(name))).toBeLessThanOrEqual(BUNDLES[name].gzipBytes);
  });

  it('decides every shared vector as the server does', async () => {
    const text = await bundle('stepladder.js');
    const wrong: unknown[] = [];
    for (const { name, packed, decisions } of committedVectors().experiments)
      for (const at of new Set(decisions.map((decision) => decision.at))) {
        const ladder = openPage(text, { now: at }).ladder({ packed: [packed], consent: false });
        for (const { visitor, attributes, variant, reason } of decisions.filter((decision) => decision.at === at)) {
          ladder.identify();
          ladder.identify(visitor);
          const answer = await ladder.assign(packed.id, { attributes });
          if (answer.variant !== variant || answer.reason !== reason)
            wrong.push({ name, visitor, variant, reason, answer });
        }
      }
    expect(wrong).toEqual([]);
  });
});

describe('murmur3 of the browser', () => {
  it('hashes every text like the shared one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat({ max: 0xffffffff }), (text, seed) => {
        expect(murmur3(text, seed)).toBe(shared(text, seed));
      }),
    );
    for (const text of ['', 'abcd', 'abcde', '\ud800', 'x\udfff', '🙂', 'a'.repeat(128)])
      expect(murmur3(text, 1)).toBe(shared(text, 1));
  });
});

describe('declarations', () => {
  it('say what may be called, without anything else of this repository', async () => {
    const folder = mkdtempSync(join(import.meta.dirname, '.types-'));
    try {
      writeFileSync(join(folder, 'stepladder.d.ts'), await declarations());
      writeFileSync(
        join(folder, 'page.ts'),
        `import { stepladder, type Assigned } from './stepladder.js';
        const ladder = stepladder({ api: 'https://ladder.example.com', key: 'pk', consent: false });
        const assigned: Assigned = await ladder.assign('four-steps', { attributes: { country: 'CH' }, hide: '#hero' });
        if (assigned.variant === 'four-asks') ladder.step('four-steps', 'answer', { value: 2990, eventId: 'one' });
        Stepladder.value('four-steps', 'buy', 2990);
        ladder.tell('forum', { type: 'commitment', activity: 'post', eventId: 'post-17' });
        ladder.tell('forum', { type: 'reply', activity: 'post', to: 'post-17', depth: 2 });
        // @ts-expect-error: a commitment counts once per event id
        ladder.tell('forum', { type: 'commitment', activity: 'post' });
        // @ts-expect-error: a step has a name
        ladder.step('four-steps');
        export {};`,
      );
      const flags = [
        '--noEmit',
        '--strict',
        '--exactOptionalPropertyTypes',
        '--target',
        'es2022',
        '--module',
        'preserve',
      ];
      const tsc = join(import.meta.dirname, '../../node_modules/.bin/tsc');
      const said = execFileSync(tsc, ['--ignoreConfig', ...flags, '--types', '', join(folder, 'page.ts')], {
        encoding: 'utf8',
      });
      expect(said).toBe('');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
