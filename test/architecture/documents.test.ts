import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, sourceFiles } from '../../local/graph/source-files.ts';

/** The folders of the project: not what is installed, built or kept beside it. */
const FOLDERS = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !/^(\.|node_modules$|dist$|cdk\.out$)/.test(entry.name))
  .map(({ name }) => name);
const pages = [
  'README.md',
  ...FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.md') && !path.includes('node_modules'))
      .map((path) => join(folder, path)),
  ),
];
const textOf = (page: string): string => readFileSync(join(ROOT, page), 'utf8');
const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
const told = (pattern: RegExp) =>
  pages.flatMap((page) => [...textOf(page).matchAll(pattern)].map(([, found = '']) => ({ page, found })));

describe('the documents', () => {
  it('link to what is there', () => {
    const links = told(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g).filter(({ found }) => !/^[a-z]+:/.test(found));
    expect(links.length).toBeGreaterThan(50);
    expect(links.filter(({ page, found }) => !existsSync(join(ROOT, dirname(page), found)))).toEqual([]);
  });

  it('name commands that are there', () => {
    const commands = told(/npm run (?:--silent )?([a-z][\w:-]*)/g);
    expect(commands.length).toBeGreaterThan(10);
    expect(commands.filter(({ found }) => scripts[found] === undefined)).toEqual([]);
    expect(told(/npx tsx ([\w/.-]+\.ts)/g).filter(({ found }) => !existsSync(join(ROOT, found)))).toEqual([]);
  });

  it('name files of the source that are there', () => {
    const files = told(/`((?:shared|functions|infra|local|client|dashboard|test|bench|samples)\/[\w/.-]+\.\w+)`/g);
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter(({ found }) => !existsSync(join(ROOT, found)))).toEqual([]);
  });

  it('are all within reach of the README', () => {
    const reached = new Set(['README.md']);
    for (const page of reached)
      for (const [, link = ''] of textOf(page).matchAll(/\]\(([^)\s#]+)/g)) {
        const path = join(dirname(page), link);
        for (const each of [path, join(path, 'README.md')]) if (pages.includes(each)) reached.add(each);
      }
    const folders = /^(docs\/adr|docs\/runbook)\//;
    expect(pages.filter((page) => !reached.has(page) && !folders.test(page))).toEqual([]);
  });

  it('explain in the glossary words that the code says, each once', () => {
    const words = [...textOf('docs/glossary.md').matchAll(/^\| ([a-z ]+) \|/gm)].flatMap(([, word = '']) =>
      word === 'word' ? [] : word,
    );
    const code = ['shared', 'functions'].flatMap(sourceFiles).map(({ text }) => text.toLowerCase());
    expect(words.length).toBeGreaterThan(60);
    expect(words.filter((word, place) => words.indexOf(word) < place)).toEqual([]);
    // A `packed experiment` is a `PackedExperiment` there.
    const unsaid = words.filter(
      (word) => !code.some((text) => text.includes(word) || text.includes(word.replace(' ', ''))),
    );
    expect(unsaid).toEqual([]);
  });

  it('show in the README the figures that the bench has under the same command', () => {
    const sections = textOf('bench/README.md').split(/^## /m);
    const rows = [...textOf('README.md').matchAll(/^\| [^|]+ \| ([^|]+) \| (`npx tsx bench\/[^|]+) \|$/gm)];
    expect(rows.length).toBeGreaterThan(3);
    for (const [, figures = '', commands = ''] of rows) {
      const named = [...commands.matchAll(/`([^`]+)`/g)].map(([, command = '']) => command);
      const section = sections.find((each) => named.every((command) => each.includes(command))) ?? '';
      const cells = new Set(section.split(/[|,;]?\s+/));
      const missing = (figures.match(/\d[\d,.]*(?:e-\d+)?/g) ?? []).filter(
        (figure) => !cells.has(figure.replace(/,$/, '')),
      );
      expect(missing, commands).toEqual([]);
    }
  });

  it('speak of folders in the tour that are there, and leave none out', () => {
    const tour = [...textOf('README.md').matchAll(/^\| ((?:`[\w/]+`(?:, )?)+) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([\w/]+)`/g)].map(([, folder = '']) => folder),
    );
    expect(tour.filter((folder) => !existsSync(join(ROOT, folder)))).toEqual([]);
    const rooms = FOLDERS.flatMap((folder) =>
      folder === 'shared'
        ? readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((each) =>
            each.isDirectory() ? `shared/${each.name}` : [],
          )
        : folder,
    );
    const told = (room: string) => tour.some((folder) => folder === room || folder.startsWith(`${room}/`));
    expect(rooms.filter((room) => room !== 'docs' && !told(room))).toEqual([]);
  });
});
