import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FUNCTIONS } from '../../infra/function-names.ts';
import { withPicture } from '../../local/graph/page.ts';
import { type RoomImport, roomImports, withoutDetours } from '../../local/graph/room-graph.ts';
import { ROOMS, type Room } from '../../local/graph/rooms.ts';
import { ROOT, type SourceFile } from '../../local/graph/source-files.ts';

const page = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');

describe('the page about the architecture', () => {
  it('shows the rooms and imports that the sources have (npm run graph draws them anew)', () => {
    expect(page).toBe(withPicture(page));
  });

  it('says of every function what it does', () => {
    const told = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect([...told].sort()).toEqual([...FUNCTIONS].sort());
  });
});

describe('roomImports', () => {
  const file = (path: string, running: readonly string[], types: readonly string[] = []): SourceFile => ({
    path,
    text: '',
    running,
    imports: [...running, ...types],
  });

  it('tells an import that runs from one that brings types alone', () => {
    expect(
      roomImports([
        file('shared/journey/a.ts', ['shared/assignment/b.ts', 'zod'], ['shared/experiment/c.ts']),
        file('shared/journey/d.ts', ['shared/journey/a.ts'], ['shared/assignment/b.ts']),
      ]),
    ).toEqual([
      { from: 'shared/journey', to: 'shared/experiment', runs: false },
      { from: 'shared/journey', to: 'shared/assignment', runs: true },
    ]);
  });
});

describe('withoutDetours', () => {
  /** Any graph in which imports lead to rooms before. */
  const imports = fc
    .uniqueArray(fc.tuple(fc.nat(7), fc.nat(7), fc.boolean()), {
      maxLength: 24,
      selector: ([a, b]) => `${Math.max(a, b)} ${Math.min(a, b)}`,
    })
    .map((pairs) =>
      pairs.flatMap(([a, b, runs]): RoomImport[] => {
        const [from, to] = [ROOMS[Math.max(a, b)], ROOMS[Math.min(a, b)]];
        return from && to && from !== to ? [{ from, to, runs }] : [];
      }),
    );
  const reached = (from: Room, ways: readonly RoomImport[]): Room[] => [
    ...new Set(ways.filter((way) => way.from === from).flatMap(({ to }) => [to, ...reached(to, ways)])),
  ];
  const reach = (ways: readonly RoomImport[]) => ROOMS.map((room) => reached(room, ways).sort());
  const running = (ways: readonly RoomImport[]) => ways.filter(({ runs }) => runs);

  it('changes nothing about which room reaches which, whether what runs is followed or types too', () => {
    fc.assert(
      fc.property(imports, (all) => {
        expect(reach(withoutDetours(all))).toEqual(reach(all));
        expect(reach(running(withoutDetours(all)))).toEqual(reach(running(all)));
      }),
    );
  });

  it('leaves no import out that nothing else implies, and keeps none that something does', () => {
    const [a, b, c] = [ROOMS[2], ROOMS[1], ROOMS[0]];
    const [ab, bc, ac] = [
      { from: a, to: b, runs: true },
      { from: b, to: c, runs: true },
      { from: a, to: c, runs: true },
    ];
    expect(withoutDetours([ab, bc, ac])).toEqual([ab, bc]);
    expect(withoutDetours([ab, { ...bc, runs: false }, ac])).toEqual([ab, { ...bc, runs: false }, ac]);
  });
});
