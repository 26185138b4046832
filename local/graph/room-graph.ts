import { ROOMS, type Room, roomOf } from './rooms.ts';
import { type SourceFile, sourceFiles } from './source-files.ts';

/** That one room imports another: something that runs, or nothing but types. */
export type RoomImport = { readonly from: Room; readonly to: Room; readonly runs: boolean };

/** Every import of the sources that leads from one room to another, each pair of rooms once. */
export function roomImports(files: readonly SourceFile[] = ROOMS.flatMap(sourceFiles)): RoomImport[] {
  const found = new Map<string, RoomImport>();
  for (const { path, imports, running } of files)
    for (const imported of imports) {
      const [from, to] = [roomOf(path), roomOf(imported)];
      if (from === undefined || to === undefined || from === to) continue;
      const key = `${from} ${to}`;
      found.set(key, { from, to, runs: running.includes(imported) || (found.get(key)?.runs ?? false) });
    }
  return [...found.values()].sort((a, b) => place(a.from) - place(b.from) || place(a.to) - place(b.to));
}

const place = (room: Room): number => ROOMS.indexOf(room);

/**
 * Those imports that no others imply: where `a` imports `b` and `b` imports `c`, that `a` imports `c` too is left out; what runs is
 * implied by what runs alone. Which room can reach which stays the same, and what is left is few enough to look at.
 */
export function withoutDetours(imports: readonly RoomImport[]): RoomImport[] {
  const running = imports.filter(({ runs }) => runs);
  return imports.filter(({ from, to, runs }) => {
    const ways = runs ? running : imports;
    return !nextOf(from, ways).some((room) => room !== to && reaches(room, to, ways));
  });
}

const nextOf = (room: Room, ways: readonly RoomImport[]): Room[] =>
  ways.filter(({ from }) => from === room).map(({ to }) => to);

const reaches = (from: Room, to: Room, ways: readonly RoomImport[]): boolean =>
  nextOf(from, ways).some((room) => room === to || reaches(room, to, ways));
