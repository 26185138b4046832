import { analyse } from 'scslre';
import { describe, expect, it } from 'vitest';
import { parseAst } from 'vitest/node';
import { regexes } from 'zod/mini';
import { VisitorId } from '#shared/contracts/visitor.ts';
import { sourceFiles } from '../../local/graph/source-files.ts';

const FOLDERS = ['shared', 'functions', 'client', 'dashboard', 'local', 'infra'];

/** Where an expression may take more than linear time, and why nobody can make it do so. */
const BOUNDED: Readonly<Record<string, string>> = {
  'functions/schedule/report.ts /[^\\s@<>,;:"\']+@[^\\s@<>,;:"\']+/g':
    'reads the error of a delivery, kept to 500 characters',
  'infra/settings.ts /^[^\\s@<>]+@[^\\s@<>]+\\.[^\\s@<>]+$/': 'reads what whoever deploys has typed',
  'local/graph/source-files.ts /^\\s*(?:import|export) type\\b[^;]*;/gm': 'reads our own sources, at the desk',
  'local/graph/source-files.ts /^\\s*(?:import|export)\\b[^;\'"]*?\\bfrom\\s*[\'"]([^\'"]+)[\'"]/gm':
    'reads our own sources, at the desk',
  'local/graph/source-files.ts /^\\s*import\\s*[\'"]([^\'"]+)[\'"]/gm': 'reads our own sources, at the desk',
  'shared/report/plots/svg.ts /(\\d+\\.\\d)\\d+/g': 'reads the numbers of a plot we drew, a few digits each',
};

type Expression = { readonly at: string; readonly source: string; readonly flags: string };

/** Every regular expression that is written in a file. */
function expressionsIn(path: string, text: string): Expression[] {
  const found: Expression[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { regex } = node as { readonly regex?: { readonly pattern: string; readonly flags: string } };
    if (regex)
      found.push({ at: `${path} /${regex.pattern}/${regex.flags}`, source: regex.pattern, flags: regex.flags });
    for (const each of Object.values(node)) visit(each);
  };
  visit(parseAst(text, { lang: path.endsWith('x') ? 'tsx' : 'ts' }));
  return found;
}

/**
 * How an expression could take more than linear time on some text, also where it is looked for in the middle of one.
 * @see https://github.com/RunDevelopment/scslre
 */
const slowness = ({ source, flags }: Pick<Expression, 'source' | 'flags'>): string[] =>
  analyse({ source, flags }, { reportTypes: { Move: true } }).reports.map(({ type }) => type);

const ours = FOLDERS.flatMap(sourceFiles).flatMap(({ path, text }) => expressionsIn(path, text));

describe('a regular expression', () => {
  it('takes time in proportion to the text it reads, whatever the text', () => {
    expect(ours.length).toBeGreaterThan(50);
    const slow = ours.filter(({ at, ...each }) => slowness(each).length > 0 && BOUNDED[at] === undefined);
    expect(slow.map(({ at }) => at)).toEqual([]);
  });

  it('is excused from that only where it is still written', () => {
    expect(Object.keys(BOUNDED).filter((at) => !ours.some((each) => each.at === at))).toEqual([]);
  });

  it('of the library that checks requests takes such time too', () => {
    const used = [regexes.email, regexes.datetime({ offset: true })];
    expect(used.flatMap(slowness)).toEqual([]);
  });

  it('would be found out: two ways to read one text, and a search that begins again at every place', () => {
    for (const known of [/^(a+)+$/, /^[^@\s]+@[^@\s]+\.[^@\s]+$/, /\s+$/]) expect(slowness(known)).not.toEqual([]);
  });
});

describe('the id of a visitor', () => {
  it.each([
    ['ada@example.com', false],
    ['a@b.c', false],
    ['a@b.c.d', false],
    ['a@.b.c', false],
    ['a@..', true],
    ['a@...', false],
    ['a@b', true],
    ['a@b.', true],
    ['a@.b', true],
    ['@b.c', true],
    ['a@b@c.d', true],
    ['a b@c.d', true],
  ])('may be %s: %s', (id, allowed) => {
    expect(VisitorId.safeParse(id).success).toBe(allowed);
    expect(/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(id), 'the plain way to say it').toBe(!allowed);
  });
});
