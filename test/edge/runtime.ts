import { execFileSync, spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext, Script } from 'node:vm';

/**
 * The globals of CloudFront Functions 2.0 that code could lean on, as njs has them: no Map, Set, WeakMap, Proxy, Reflect, BigInt,
 * URL, URLSearchParams, Intl, structuredClone, and no way to load anything.
 */
const GLOBALS = new Set(
  (
    'globalThis undefined NaN Infinity Object Function Array String Boolean Number Symbol Math JSON Date RegExp Promise ' +
    'Error EvalError RangeError ReferenceError SyntaxError TypeError URIError AggregateError ArrayBuffer DataView ' +
    'Uint8ClampedArray Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array Float32Array Float64Array ' +
    'parseInt parseFloat isNaN isFinite encodeURI encodeURIComponent decodeURI decodeURIComponent'
  ).split(' '),
);

/** Newer parts of the library that are there under a global that is allowed. What njs 0.7.9 lacks, nothing here may call. */
const TOO_NEW = `
  delete Object.hasOwn; delete Object.groupBy; delete Object.fromEntries;
  for (const name of ['at', 'flat', 'flatMap', 'findLast', 'findLastIndex', 'toSorted', 'toReversed', 'toSpliced', 'with', 'group'])
    delete Array.prototype[name];
  for (const name of ['at', 'replaceAll', 'matchAll', 'isWellFormed', 'toWellFormed', 'localeCompare', 'normalize'])
    delete String.prototype[name];
`;

export type EdgeRun = (event: unknown) => Promise<unknown>;

type World = { readonly values: Readonly<Record<string, string>>; readonly now: number };

/** The code of an edge bundle inside `node:vm`, with that runtime's globals and modules and nothing else. */
export function inBareGlobals(code: string, { values, now }: World): EdgeRun {
  const kvs = {
    get: async (key: string) => {
      const value = Object.hasOwn(values, key) ? values[key] : undefined;
      if (value === undefined) throw new Error(`KeyNotFound: ${key}`);
      return value;
    },
  };
  const modules = { cloudfront: { kvs: () => kvs }, crypto };
  const context = createContext({ modules, Buffer, now });
  const inner = new Script('Object.getOwnPropertyNames(globalThis)').runInContext(context) as string[];
  for (const name of inner)
    if (!GLOBALS.has(name) && !['modules', 'Buffer', 'now'].includes(name))
      new Script(`delete globalThis[${JSON.stringify(name)}]`).runInContext(context);
  new Script(TOO_NEW).runInContext(context);
  new Script('Date.now = () => now').runInContext(context);
  new Script(code.replace(/import (\w+) from"(\w+)";/g, 'var $1=modules.$2;')).runInContext(context);
  const handle = new Script('handler').runInContext(context) as EdgeRun;
  return async (event) => JSON.parse(JSON.stringify(await handle(event))) as unknown;
}

/** The njs binary, or why there is none. */
export function findNjs(): string | undefined {
  const { status } = spawnSync('njs', ['-v'], { stdio: 'ignore' });
  return status === 0 ? 'njs' : undefined;
}

/**
 * The same code, untouched, under njs: the engine that CloudFront Functions behave as. Events are literals of its program, because
 * it runs one file; `rawQueryString` is a field there and made a method again.
 */
export function underNjs(njs: string, code: string, { values, now }: World, events: readonly unknown[]): unknown[] {
  const folder = mkdtempSync(join(tmpdir(), 'stepladder-njs-'));
  try {
    writeFileSync(
      join(folder, 'cloudfront'),
      `var values=JSON.parse(${literal(values)});
       export default {kvs:function(){return {get:function(key){
         return values[key]===undefined?Promise.reject(new Error('KeyNotFound')):Promise.resolve(values[key])}}}};`,
    );
    writeFileSync(
      join(folder, 'main.js'),
      `${code}
       Date.now=function(){return ${now}};
       var events=JSON.parse(${literal(events)});
       async function run(){
         for(var i=0;i<events.length;i++){
           var event=events[i];
           if(event.request){const raw=event.request.rawQuery;event.request.rawQueryString=function(){return raw}}
           var answer=await handler(event);
           var line=JSON.stringify(answer);
           for(var at=0;at<line.length;at+=400)console.log(line.slice(at,at+400));
           console.log('');
         }
       }
       run();`,
    );
    const out = execFileSync(njs, ['-p', folder, join(folder, 'main.js')], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    // njs ends what it logs after 2,048 bytes, so an answer comes in pieces with an empty line behind the last.
    return out
      .trim()
      .split('\n\n')
      .map((pieces) => JSON.parse(pieces.replaceAll('\n', '')) as unknown);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** JSON of JSON, in ASCII: any file encoding will do. */
const literal = (value: unknown): string =>
  JSON.stringify(JSON.stringify(value)).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
