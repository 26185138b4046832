import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { routes } from '#shared/contracts/routes.ts';
import { ROOMS, type Room, roomOf, STAIRCASE } from '../../local/graph/rooms.ts';
import { ROOT, type SourceFile, sourceFiles, withoutComments } from '../../local/graph/source-files.ts';

/** Packages a room of the staircase may use, and why. Every other room of it uses none. */
const PACKAGES: Partial<Record<Room, Readonly<Record<string, string>>>> = {
  'shared/experiment': { 'zod/mini': 'a definition comes from a person and is checked' },
  'shared/statistics': { jstat: 'special functions, behind one file' },
  'shared/report': { '@observablehq/plot': 'draws the plots', linkedom: 'is the document that plots are drawn into' },
};

const PRODUCT = ['shared', 'functions', 'client', 'dashboard', 'infra', 'local'];
const FOLDERS = [...PRODUCT, 'bench'];
const isOurs = (path: string) => /^(shared|functions|infra|local|client|dashboard|test)\//.test(path);
const offences = (files: readonly SourceFile[], wrong: (imported: string, file: SourceFile) => boolean) =>
  files.flatMap((file) =>
    file.imports.filter((each) => wrong(each, file)).map((each) => `${file.path} imports ${each}`),
  );

/** What a bundler finds behind some entries: the files of ours and of packages that would run. */
function inputsOf(...entryPoints: string[]): string[] {
  const { metafile } = buildSync({
    absWorkingDir: ROOT,
    entryPoints,
    outdir: 'dist/architecture',
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    external: ['@aws-sdk/*'],
  });
  return Object.keys(metafile.inputs);
}

describe('the rooms', () => {
  it('hold every source file', () => {
    const astray = FOLDERS.flatMap(sourceFiles).filter(({ path }) => roomOf(path) === undefined);
    expect(astray.map(({ path }) => path)).toEqual([]);
  });

  it.each(ROOMS.map((room, place) => ({ room, place })))(
    'let $room import itself and rooms before it, types included',
    ({ room, place }) => {
      const files = sourceFiles(room);
      expect(files.length).toBeGreaterThan(0);
      const allowed = ROOMS.slice(0, place + 1);
      const leadsBack = (imported: string) => {
        const to = roomOf(imported);
        return to === undefined ? isOurs(imported) && room !== 'bench' : !allowed.includes(to);
      };
      expect(offences(files, leadsBack)).toEqual([]);
    },
  );
});

describe('the staircase', () => {
  it('lets statistics know numbers only: no room before it', () => {
    const room = 'shared/statistics';
    expect(offences(sourceFiles(room), (imported) => isOurs(imported) && roomOf(imported) !== room)).toEqual([]);
  });

  it.each(STAIRCASE)('lets %s use the packages it has a reason for', (room) => {
    expect(
      offences(sourceFiles(room), (imported) => !isOurs(imported) && PACKAGES[room]?.[imported] === undefined),
    ).toEqual([]);
  });

  it.each<{ name: string; pattern: RegExp; except?: Readonly<Record<string, string>> }>([
    { name: 'AWS', pattern: /aws-sdk|aws-lambda/ },
    { name: 'Node', pattern: /['"]node:|\bBuffer\b|\brequire\(/ },
    {
      name: 'the clock',
      pattern: /\bDate\.now\b|new Date\(\s*\)|\bDate\(\s*\)|\bperformance\b|\bsetTimeout\b|\bsetInterval\b/,
    },
    { name: 'a source of randomness', pattern: /Math\.random|randomBytes|randomUUID|getRandomValues/ },
    { name: 'the environment', pattern: /\bprocess\.|import\.meta/ },
    { name: 'the network', pattern: /\bfetch\(|XMLHttpRequest/ },
  ])('knows nothing of $name', ({ pattern, except = {} }) => {
    const found = STAIRCASE.flatMap(sourceFiles)
      .filter(({ path, text }) => pattern.test(withoutComments(text)) && except[path] === undefined)
      .map(({ path }) => path);
    expect(found).toEqual([]);
  });

  it('keeps assignment free of node_modules, so that it runs at the edge and in a browser', () => {
    const inputs = inputsOf(...sourceFiles('shared/assignment').map(({ path }) => path));
    expect(inputs.filter((path) => path.includes('node_modules'))).toEqual([]);
    expect(new Set(inputs.map(roomOf))).toEqual(new Set(['shared/assignment', 'shared/experiment']));
  });

  it('reaches jStat by one file', () => {
    expect(
      PRODUCT.flatMap(sourceFiles)
        .filter(({ imports }) => imports.includes('jstat'))
        .map(({ path }) => path),
    ).toEqual(['shared/statistics/jstat.ts']);
  });
});

describe('the use cases', () => {
  it('see stores through ports', () => {
    const files = sourceFiles('shared/usecases');
    expect(
      offences(files, (imported) => /^shared\/(store|http)\/|aws-sdk|aws-lambda|^functions\//.test(imported)),
    ).toEqual([]);
  });

  it('are told the time and given chance', () => {
    const found = sourceFiles('shared/usecases').filter(({ text }) =>
      /Date\.now|new Date\(\s*\)|Math\.random|process\./.test(withoutComments(text)),
    );
    expect(found.map(({ path }) => path)).toEqual([]);
  });
});

describe('the folders', () => {
  it('let only the store talk to DynamoDB', () => {
    const files = ['shared', 'functions'].flatMap(sourceFiles);
    const makesTheClient = 'functions/lambda/deps.ts';
    const byPath = offences(
      files,
      (imported, { path }) =>
        imported.startsWith('@aws-sdk/client-dynamodb') && !path.startsWith('shared/store/') && path !== makesTheClient,
    );
    expect(byPath).toEqual([]);
  });

  it('let infra import no code of a function: contracts, the shape of tables and logs, and the bundlers of edge and dashboard', () => {
    const allowed =
      /^(infra\/|shared\/contracts\/|shared\/store\/dynamo\/(keys|tables)\.ts$|functions\/edge\/(bundle|log-fields)\.ts$|dashboard\/build\.ts$)/;
    expect(offences(sourceFiles('infra'), (imported) => isOurs(imported) && !allowed.test(imported))).toEqual([]);
  });

  it('let the browser client run the assignment of everywhere else, and carry nothing besides', () => {
    const inputs = inputsOf(...sourceFiles('client').flatMap(({ path }) => (path === 'client/build.ts' ? [] : [path])));
    expect(inputs.filter((path) => !/^(client|shared\/(assignment|experiment))\//.test(path))).toEqual([]);
  });

  it('let the dashboard run what is pure, and know the rest by its types', () => {
    const pure: readonly (Room | undefined)[] = [...STAIRCASE, 'shared/contracts'];
    const inPage = sourceFiles('dashboard').filter(({ path }) => path !== 'dashboard/build.ts');
    const found = inPage.flatMap(({ path, running }) =>
      running
        .filter((each) => isOurs(each) && !each.startsWith('dashboard/') && !pure.includes(roomOf(each)))
        .map((each) => `${path} runs ${each}`),
    );
    expect(found).toEqual([]);
  });

  it('have directly in local what npm runs, each by the name of its command', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const commands = sourceFiles('local').filter(({ path }) => path.split('/').length === 2);
    expect(commands.length).toBeGreaterThan(5);
    expect(commands.filter(({ path }) => scripts[basename(path, '.ts')] !== `tsx ${path}`)).toEqual([]);
  });

  it('hold no file of more than 300 lines', () => {
    const long = PRODUCT.flatMap(sourceFiles).filter(({ text }) => text.split('\n').length - 1 > 300);
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  it('hold no cycle of imports that run', () => {
    const graph = new Map(FOLDERS.flatMap(sourceFiles).map(({ path, running }) => [path, running]));
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (path: string, trail: readonly string[]) => {
      if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' > '));
      if (done.has(path) || trail.includes(path)) return;
      for (const each of graph.get(path) ?? []) if (graph.has(each)) visit(each, [...trail, path]);
      done.add(path);
    };
    for (const path of graph.keys()) visit(path, []);
    expect(cycles).toEqual([]);
  });
});

describe('the route table', () => {
  const handled = sourceFiles('functions').flatMap(({ path, text }) =>
    [...text.matchAll(/\bendpoint\(\s*routes\.(\w+)/g)].map(([, name = '']) => ({ path, name })),
  );

  it('gives every route one handler and every handler a route', () => {
    expect(handled.map(({ name }) => name).sort()).toEqual(Object.keys(routes).sort());
  });

  it('has each route handled in the function that serves it', () => {
    const inputs = new Map(
      ['redirect', 'site', 'admin'].map((name) => [name, inputsOf(`functions/lambda/${name}.ts`)]),
    );
    for (const { path, name } of handled) {
      const route = routes[name as keyof typeof routes];
      expect(
        [...inputs].filter(([, files]) => files.includes(path)).map(([served]) => served),
        name,
      ).toContain(route.servedBy);
    }
  });

  it('leads no two routes of one method to one place', () => {
    const places = Object.values(routes).map(({ method, path }) => `${method} ${path.replace(/\{[^}]+\}/g, '{}')}`);
    expect(new Set(places).size).toBe(places.length);
  });
});
