import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { edgeBundle } from '#functions/edge/bundle.ts';
import { publishedValue } from '#shared/usecases/publish-packed.ts';
import { findNjs } from '../test/edge/runtime.ts';
import { experimentOf } from './assignment-contenders.ts';

// npx tsx bench/redirect-edge.ts     the edge function under njs; what came of it: bench/redirect.md

const CALLS = 2_000;
const QUERIES = {
  'no query': '',
  'an ad click': 'utm_source=search&utm_campaign=spring&country=CH&gclid=Cj0KCQjw-cGwBhDGARIsAEzD0r8',
  'the most pairs answered': `country=CH${'&k=v'.repeat(19)}`,
  'the longest query answered': `country=CH${`&%6Bey=${'%C3%A4'.repeat(7)}`.repeat(19)}`.slice(0, 1_021),
};

const njs = findNjs();
if (!njs) console.log('njs is not on the PATH: apt-get install njs');
else
  for (const [name, query] of Object.entries(QUERIES)) {
    const microseconds = Array.from({ length: 5 }, () => once(njs, query)).sort((a, b) => a - b)[2] ?? Number.NaN;
    console.log(
      `${name.padEnd(30)}${query.length.toString().padStart(6)} bytes${microseconds.toFixed(0).padStart(8)} µs`,
    );
  }

/**
 * Microseconds of processor time a call, without what it takes to start. njs frees nothing while it runs, so this is more than a
 * function that starts afresh would take.
 */
function once(engine: string, query: string): number {
  return ((secondsOf(engine, query, CALLS) - secondsOf(engine, query, 1)) / CALLS) * 1_000_000;
}

function secondsOf(engine: string, query: string, calls: number): number {
  const packed = experimentOf('checkout');
  const variants = packed.variants.map(({ id }) => ({ id, url: `https://shop.example/${id}?ref=ladder` }));
  const value = publishedValue({ ...packed, variants }, 'x'.repeat(44), true);
  const folder = mkdtempSync(join(tmpdir(), 'stepladder-njs-'));
  try {
    writeFileSync(
      join(folder, 'cloudfront'),
      `export default {kvs:function(){return {get:function(){return Promise.resolve(${JSON.stringify(value)})}}}};`,
    );
    writeFileSync(
      join(folder, 'main.js'),
      `${edgeBundle().code}
       async function run(){
         for(var i=0;i<${calls};i++){
           var event={context:{requestId:'4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_'+i},request:{method:'GET',uri:'/go/checkout',
             headers:{},cookies:{},rawQueryString:function(){return ${JSON.stringify(query)}}}};
           var answer=await handler(event);
           if(answer.statusCode!==302)throw new Error('passed on');
         }
       }
       run();`,
    );
    const timed = 'TIMEFORMAT="%U %S"; { time "$0" -p "$1" "$1/main.js" >&3; } 3>&1 2>&1';
    const told = execFileSync('bash', ['-c', timed, engine, folder], { encoding: 'utf8' }).trim().split(/\s+/);
    const [user = Number.NaN, system = Number.NaN] = told.slice(-2).map(Number);
    return user + system;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
