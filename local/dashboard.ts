import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import type { Pages } from './http-server.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** What CloudFront sends with the dashboard too: its own scripts and styles, its own API, the reports in a frame, and nothing else. */
export const DASHBOARD_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Serves the built dashboard at `/`. What is not a file of it is left to the functions. */
export const dashboardPages =
  (folder: string): Pages =>
  (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const file = normalize(join(folder, path === '/' ? 'index.html' : path));
    const type = TYPES[extname(file)];
    // A path that leads out of the folder names no file of it.
    if (type === undefined || !file.startsWith(`${normalize(folder)}/`) || !isFile(file)) return false;
    const content = readFileSync(file);
    const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 16)}"`;
    const headers = {
      'content-type': type,
      etag,
      'cache-control': path === '/' ? 'no-cache' : 'public, max-age=31536000, immutable',
      'content-security-policy': DASHBOARD_CSP,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
    };
    if (request.headers['if-none-match'] === etag) response.writeHead(304, headers).end();
    else response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : content);
    return true;
  };

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The first of several that answers. */
export const firstOf =
  (...all: readonly Pages[]): Pages =>
  (request, response) =>
    all.some((pages) => pages(request, response));
