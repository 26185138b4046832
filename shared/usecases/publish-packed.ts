import { pack } from '../assignment/pack.ts';
import type { Experiment, Revision } from '../experiment/experiment.ts';
import type { Holdout } from '../experiment/holdout.ts';
import type { PackedExperiment, PackedSplit } from '../experiment/packed.ts';
import { Problem } from '../problem/problem.ts';
import type { EdgeStore, Experiments, Secrets, SettingsStore } from './ports.ts';

/** Key and value together, in UTF-8 bytes: the limit of CloudFront's KeyValueStore. */
export const VALUE_LIMIT_BYTES = 1_024;

/** What the edge knows after publishing: the experiment, or nothing and why. Then the origin answers, which is slower and exact. */
export type Publication =
  | { readonly kind: 'published'; readonly revision: number; readonly bytes: number }
  | { readonly kind: 'withheld'; readonly reason: 'not-wanted' | 'draft' | 'no-address' }
  | { readonly kind: 'withheld'; readonly reason: 'too-large'; readonly bytes: number };

type Deps = {
  readonly experiments: Pick<Experiments, 'find' | 'revisions'>;
  readonly settings: Pick<SettingsStore, 'find'>;
  readonly secrets: Pick<Secrets, 'tokenSecret'>;
  readonly edge: EdgeStore;
};

const ATTEMPTS = 5;

/**
 * Makes the edge know an experiment and the holdout as the catalog has them now, or not at all. Safe to repeat and to run beside
 * itself: it looks again after writing, so of two publications in any order the last one to finish has written the last revision.
 *
 * `wanted` says whether an experiment is to be answered at the edge.
 */
export async function publishPacked(
  deps: Deps,
  id: string,
  wanted: (experiment: Experiment) => boolean,
): Promise<Publication> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const [experiment, settings] = await read(deps, id);
    if (experiment === undefined) throw new Problem('experiment.not-found', `no experiment is called ${id}`);
    const prepared = wanted(experiment) ? await prepare(deps, experiment, settings?.holdout) : withheld('not-wanted');
    if ('value' in prepared) await deps.edge.put(id, prepared.value);
    else await deps.edge.remove(id);
    const [now, settingsNow] = await read(deps, id);
    if (now?.revision === experiment.revision && settingsNow?.revision === settings?.revision)
      return prepared.publication;
  }
  throw new Problem('store.busy', `${id} changes faster than it can be published; publish it again`);
}

const read = ({ experiments, settings }: Deps, id: string) => Promise.all([experiments.find(id), settings.find()]);

type Prepared = { readonly publication: Publication; readonly value: string } | { readonly publication: Publication };

async function prepare(
  { experiments, secrets }: Deps,
  experiment: Experiment,
  holdout: Holdout | undefined,
): Promise<Prepared> {
  const packed = pack(experiment, holdout);
  if (packed === undefined) return withheld('draft');
  if (packed.variants.some(({ url }) => url === undefined)) return withheld('no-address');
  const { current } = await secrets.tokenSecret();
  const value = publishedValue(packed, current, isSteady(await experiments.revisions(experiment.id)));
  const bytes = Buffer.byteLength(experiment.id) + Buffer.byteLength(value);
  return bytes > VALUE_LIMIT_BYTES
    ? { publication: { kind: 'withheld', reason: 'too-large', bytes } }
    : { publication: { kind: 'published', revision: packed.revision, bytes }, value };
}

const withheld = (reason: 'not-wanted' | 'draft' | 'no-address'): Prepared => ({
  publication: { kind: 'withheld', reason },
});

/** What functions/edge reads. The secret lies beside each experiment, so that an answer takes one read and never mixes two times. */
export const publishedValue = (packed: PackedExperiment, secret: string, steady: boolean): string =>
  JSON.stringify({ secret, steady, packed });

/**
 * Whether every visitor has had the same variant in all revisions in which they were split. Weights, but also the order of the
 * variants, move visitors; the edge cannot look up where they were before, so it leaves them to the origin from then on.
 */
function isSteady(revisions: readonly Revision[]): boolean {
  const slices = revisions.flatMap(({ experiment }) => {
    const packed = pack(experiment);
    return packed?.kind === 'split' ? [slicesOf(packed)] : [];
  });
  return new Set(slices).size <= 1;
}

const slicesOf = ({ ends, variants, seed }: PackedSplit): string =>
  JSON.stringify([seed, ends.flatMap((end, i) => (end === (ends[i - 1] ?? 0) ? [] : [[variants[i]?.id, end]]))]);
