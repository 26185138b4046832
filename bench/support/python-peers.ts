import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type Counted = { readonly goals: number; readonly visitors: number };
type Told = { readonly chance: number; readonly micro: number };
export type PythonPeers = {
  readonly versions: Readonly<Record<string, string>>;
  readonly cases: readonly { readonly gbstats?: Told; readonly scipy: Told }[];
};

/** P(B > A) and its processor time by the peers that are written in Python; undefined where there is no Python with SciPy. */
export function pythonPeers(cases: readonly (readonly [Counted, Counted])[]): PythonPeers | undefined {
  const script = fileURLToPath(new URL('../peers/chance_to_win.py', import.meta.url));
  const { status, stdout } = spawnSync('python3', [script], { input: JSON.stringify(cases), encoding: 'utf8' });
  return status === 0 ? (JSON.parse(stdout) as PythonPeers) : undefined;
}
