import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { dashboardCsp, SIGN_IN_PATH, type SignIn } from '#shared/contracts/sign-in.ts';
import type { Pages } from '../stand-ins/http-server.ts';
import { contentTypeOf } from './content-type.ts';

const LOCAL: SignIn = { kind: 'local' };

/** Serves the built dashboard at `/`, and beside it how one signs in. What is neither is left to the functions. */
export const dashboardPages =
  (folder: string, signIn: SignIn = LOCAL): Pages =>
  (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (path === SIGN_IN_PATH) {
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache' });
      response.end(request.method === 'HEAD' ? undefined : JSON.stringify(signIn));
      return true;
    }
    const file = normalize(join(folder, path === '/' ? 'index.html' : path));
    const type = contentTypeOf(file);
    // A path that leads out of the folder names no file of it.
    if (type === undefined || !file.startsWith(`${normalize(folder)}/`) || !isFile(file)) return false;
    const content = readFileSync(file);
    const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 16)}"`;
    const headers = {
      'content-type': type,
      etag,
      'cache-control': path === '/' ? 'no-cache' : 'public, max-age=31536000, immutable',
      'content-security-policy': dashboardCsp(signIn),
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
