import { extname } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** What a file of a page is, by its ending; nothing for files that pages do not have. */
export const contentTypeOf = (file: string): string | undefined => TYPES[extname(file)];
