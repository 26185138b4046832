import { isAbsolute, join, relative } from 'node:path';

/** Where this machine keeps its tables, keys and reports: `STEPLADDER_DATA`, or `.data` beside the sources. */
export const dataFolder = ({ STEPLADDER_DATA }: NodeJS.ProcessEnv): string =>
  STEPLADDER_DATA || join(import.meta.dirname, '../../.data');

/** A folder as a person would type it from where they are: relative below `here`, whole elsewhere. */
export function asTyped(folder: string, here: string): string {
  const path = relative(here, folder);
  return path === '' ? '.' : path.startsWith('..') || isAbsolute(path) ? folder : path;
}
