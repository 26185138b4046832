/**
 * The rooms of the project in reading order, which is the order of imports: a room may import itself and what stands before it,
 * types included, and never what stands behind. A test holds that.
 */
export const ROOMS = [
  'shared/experiment',
  'shared/assignment',
  'shared/journey',
  'shared/tally',
  'shared/statistics',
  'shared/verdict',
  'shared/report',
  'shared/problem',
  'shared/token',
  'shared/contracts',
  'shared/usecases',
  'shared/store',
  'shared/deliver',
  'shared/http',
  'functions/edge',
  'functions/api',
  'functions/stream',
  'functions/schedule',
  'functions/lambda',
  'client',
  'dashboard',
  'infra',
  'local',
  'bench',
] as const;
export type Room = (typeof ROOMS)[number];

/** The rooms from the click to the report, each a step up from the last: no AWS, no Node, no clock, no chance in any of them. */
export const STAIRCASE = ROOMS.slice(0, 7);

/** The room of a path from the root; nothing of a path in none, such as a package. */
export const roomOf = (path: string): Room | undefined => ROOMS.find((room) => path.startsWith(`${room}/`));
