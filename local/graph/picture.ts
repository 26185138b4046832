import type { RoomImport } from './room-graph.ts';
import { ROOMS, type Room, STAIRCASE } from './rooms.ts';

/** The graph of rooms as a Mermaid flowchart: whoever imports stands above what is imported. A dotted arrow brings types alone. */
export function picture(imports: readonly RoomImport[]): string {
  const shown = ROOMS.filter((room) => imports.some(({ from, to }) => from === room || to === room));
  const below = (folder: string) => shown.filter((room) => room.startsWith(`${folder}/`));
  const pure: readonly Room[] = STAIRCASE;
  return [
    'flowchart TB',
    ...group('functions', 'functions', below('functions')),
    ...group(
      'wiring',
      'shared: on ports, and what is behind them',
      below('shared').filter((room) => !pure.includes(room)),
    ),
    ...group(
      'staircase',
      'shared: the staircase, pure',
      shown.filter((room) => pure.includes(room)),
    ),
    ...shown.filter((room) => !room.includes('/')).map((room) => `  ${node(room)}`),
    ...imports.map(({ from, to, runs }) => `  ${idOf(from)} ${runs ? '-->' : '-.->'} ${idOf(to)}`),
  ].join('\n');
}

const group = (id: string, title: string, rooms: readonly Room[]): string[] => [
  `  subgraph ${id}["${title}"]`,
  ...rooms.map((room) => `    ${node(room)}`),
  '  end',
];

const node = (room: Room): string => `${idOf(room)}["${room.split('/').at(-1)}"]`;

const idOf = (room: Room): string => room.replace('/', '_');
