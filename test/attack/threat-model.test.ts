import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../local/graph/source-files.ts';

/** The lines of the tables of threats: what is threatened, what stands against it, and the test that holds it. */
const threats = readFileSync(join(ROOT, 'docs/threat-model.md'), 'utf8')
  .split('\n')
  .map((line) => line.replace(/^\| | \|$/g, '').split(' | '))
  .filter(({ length }) => length === 3)
  .filter(([threat]) => threat !== 'threat')
  .map(([threat = '', against = '', test = '']) => {
    const [, file = '', title = ''] = /^`(test\/[\w/-]+\.test\.ts)`: (.+)$/.exec(test) ?? [];
    return { threat, against, file, title };
  });

/** Whether a file has a test of that title, plain or as the pattern of a table. */
function hasTest(file: string, title: string): boolean {
  if (title === '' || !existsSync(join(ROOT, file))) return false;
  const source = readFileSync(join(ROOT, file), 'utf8');
  return [`('${title}'`, `(\n    '${title}'`, `("${title}"`].some((call) => source.includes(call));
}

describe('the threat model', () => {
  it('has a line for each way to attack that is tried', () => {
    expect(threats.length).toBeGreaterThan(50);
  });

  it.each(threats)('says what stands against “$threat”, and names a test that is there', ({ against, file, title }) => {
    expect(against).not.toBe('');
    expect(hasTest(file, title), `${file}: ${title}`).toBe(true);
  });

  it('would miss a test that is gone', () => {
    expect(hasTest('test/attack/threat-model.test.ts', 'has a line for each way to attack that is tried')).toBe(true);
    expect(hasTest('test/attack/threat-model.test.ts', 'is nowhere')).toBe(false);
    expect(hasTest('test/attack/nowhere.test.ts', 'is nowhere')).toBe(false);
  });
});
