import { Problem } from '#shared/problem/problem.ts';

/** The revision an edit was made on. A precondition nobody can read is refused: taking it for none would lose the other's edit. */
export function ifMatch(headers: Readonly<Record<string, string | undefined>>): number | undefined {
  const given = headers['if-match'];
  if (given === undefined || given === '*') return undefined;
  const revision = /^(?:W\/)?"?(\d+)"?$/.exec(given)?.[1];
  if (revision === undefined)
    throw new Problem('request.invalid', 'the If-Match header cannot be read', [
      { path: ['If-Match'], message: `must be one revision in quotes, such as "3", not ${given.slice(0, 64)}` },
    ]);
  return Number(revision);
}
