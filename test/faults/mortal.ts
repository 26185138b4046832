import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { build } from 'esbuild';

/** The functions in a process that can be killed. */
export type Mortal = {
  /** Rejects when the process dies before it has answered. */
  readonly invoke: (name: 'site' | 'redirect' | 'tally', event: unknown) => Promise<unknown>;
  readonly kill: () => void;
  readonly ended: Promise<unknown>;
};

/** Bundles the functions, as a deploy does, so that a process of them starts as quickly as a function. */
export async function bundleFunctions(folder: string): Promise<string> {
  const outfile = join(folder, 'functions.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'function-process.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    logLevel: 'warning',
  });
  return outfile;
}

export async function start(bundle: string, environment: Readonly<Record<string, string>>): Promise<Mortal> {
  const child = fork(bundle, { env: { ...process.env, ...environment }, execArgv: [], stdio: 'ignore' });
  const waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  let ids = 0;
  let dead = false;
  const ended = once(child, 'exit').then(() => {
    dead = true;
    for (const { reject } of waiting.values()) reject(new Error('the function was killed'));
    waiting.clear();
  });
  await once(child, 'message');
  child.on('message', ({ id, answer, error }: { id: number; answer?: unknown; error?: string }) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(answer);
    else asked?.reject(new Error(error));
  });
  return {
    invoke: (name, event) =>
      new Promise((resolve, reject) => {
        if (dead) throw new Error('the function is dead');
        ids += 1;
        waiting.set(ids, { resolve, reject });
        child.send({ id: ids, name, event });
      }),
    kill: () => child.kill('SIGKILL'),
    ended,
  };
}
