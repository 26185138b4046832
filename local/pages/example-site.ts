import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { Definition } from '#shared/experiment/definition.ts';
import { parsed } from '#shared/http/parsed.ts';
import { createExperiment, editExperiment, moveExperiment } from '#shared/usecases/define-experiment.ts';
import type { Deps } from '#shared/usecases/deps.ts';
import { BUNDLES, type BundleName, bundle } from '../../client/build.ts';
import type { Pages } from '../stand-ins/http-server.ts';
import { contentTypeOf } from './content-type.ts';

const SITE = new URL('../../examples/site/', import.meta.url);
const SAMPLE = new URL('../../samples/four-steps.json', import.meta.url);
const BASE = '/example/';
/** As strict as a site can be. That the client works under it is part of what the example shows. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'none'";

/** The example site under /example/. */
export const examplePages: Pages = (request, response) => {
  const path = (request.url ?? '').replace(/[?#].*/, '');
  if (path === '/example') redirect(response, BASE);
  else if (path === `${BASE}new`) asNobodyKnown(response);
  else if (path.startsWith(BASE) && (request.method === 'GET' || request.method === 'HEAD')) {
    void serve(path.slice(BASE.length), response);
  } else return false;
  return true;
};

/** The way in with the cookie of the last visit taken away: whoever follows it is somebody new. */
function asNobodyKnown(response: ServerResponse): void {
  const gone = 'stepladder=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax';
  redirect(response, '/go/four-steps?utm_source=example', { 'set-cookie': gone });
}

function redirect(response: ServerResponse, location: string, headers = {}): void {
  response.writeHead(302, { location, 'cache-control': 'no-store', ...headers }).end();
}

async function serve(name: string, response: ServerResponse): Promise<void> {
  const file = name === '' ? 'index.html' : extname(name) === '' ? `${name}.html` : name;
  const body = await contentOf(file).catch(() => undefined);
  const type = contentTypeOf(file) ?? 'application/octet-stream';
  if (body === undefined) response.writeHead(404, { 'content-type': 'text/plain' }).end('There is no such page.\n');
  else
    response
      .writeHead(200, { 'content-type': type, 'cache-control': 'no-store', 'content-security-policy': POLICY })
      .end(body);
}

async function contentOf(file: string): Promise<string | Buffer> {
  if (file in BUNDLES) return built(file as BundleName);
  // Names only, so that nothing outside the folder can be asked for.
  if (!/^[a-z-]+\.(html|css|js|svg)$/.test(file)) throw new Error(`${file} is no file of the example site`);
  return readFile(new URL(file, SITE));
}

const bundles = new Map<BundleName, Promise<string>>();
function built(name: BundleName): Promise<string> {
  const text = bundles.get(name) ?? bundle(name);
  bundles.set(name, text);
  return text;
}

/**
 * Sees to it that the experiment of the example site runs, with addresses on this origin, such as `http://localhost:3000`.
 * One that is there is left as it is, so that whoever paused or changed it finds it so; only its addresses follow the port.
 */
export async function startExample(deps: Deps, origin: string): Promise<void> {
  const here = (definition: string) => definition.replaceAll(/http:\/\/localhost:\d+(?=\/example\/)/g, origin);
  const sample = await readFile(SAMPLE, 'utf8');
  const definition = parsed(Definition, JSON.parse(here(sample)), 'the sample');
  const known = await deps.experiments.find(definition.id);
  if (known === undefined) {
    await createExperiment(deps, definition, deps.newId(), 'example');
    await moveExperiment(deps, definition.id, 'started', 'example');
    return;
  }
  const before = JSON.stringify(known.definition);
  if (known.status !== 'concluded' && here(before) !== before)
    await editExperiment(deps, parsed(Definition, JSON.parse(here(before)), 'the sample'), known.revision, 'example');
}
