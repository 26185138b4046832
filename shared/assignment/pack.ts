import type { Definition } from '../experiment/definition.ts';
import { currentEpoch, currentSequence, type Experiment } from '../experiment/experiment.ts';
import type { Holdout } from '../experiment/holdout.ts';
import type { PackedExperiment, PackedFixed, PackedSplit, PackedVariant } from '../experiment/packed.ts';
import { packCondition } from './audience.ts';
import { pointAt, sliceEnds } from './line.ts';
import { murmur3 } from './murmur3.ts';

/**
 * The small form of an experiment that decisions are made from. A draft has none, so nothing can serve it by mistake.
 * Lives beside the line it is cut on rather than with the experiment, which knows no hash.
 *
 * The holdout is the installation's, the same for all its experiments; nobody is held out where it is absent.
 */
export function pack(experiment: Experiment, holdout?: Holdout): PackedExperiment | undefined {
  switch (experiment.status) {
    case 'draft':
      return undefined;
    case 'running':
      return packedSplit(experiment, holdout);
    case 'paused':
    case 'concluded':
      return packedFixed(experiment);
  }
}

/**
 * Every field is written out, and what is optional is added behind: objects that are made by spreading others come in many
 * hidden shapes, and whoever decides about twenty of them in turn then takes half as long again (bench/assignment.md).
 */
function packedSplit(experiment: Experiment, holdout: Holdout | undefined): PackedSplit {
  const { definition, salt } = experiment;
  const { enrolment, ramp, layer } = definition;
  const { from, until } = enrolment;
  const split: PackedSplit = {
    id: experiment.id,
    revision: experiment.revision,
    sequence: currentSequence(experiment).version,
    epoch: currentEpoch(experiment).epoch,
    control: indexOf(definition, definition.control),
    variants: packedVariants(definition),
    kind: 'split',
    seed: seedOf(salt, 'variant'),
    trafficSeed: seedOf(salt, 'traffic'),
    trafficEnd: pointAt(definition.traffic),
    ends: sliceEnds(definition.variants.map(({ weight }) => weight)),
    audience: definition.audience.map(packCondition),
    forced: Object.fromEntries(
      Object.entries(definition.forced).map(([visitor, id]) => [visitor, indexOf(definition, id)]),
    ),
  };
  return Object.assign(
    split,
    ramp.length > 0 && { ramp: ramp.map(({ at, traffic }) => [Date.parse(at), pointAt(traffic)] as const) },
    layer && { layer: { seed: seedOf(layer.name, 'layer'), from: pointAt(layer.from), end: pointAt(layer.until) } },
    holdout && holdout.share > 0 && { holdout: { seed: seedOf(holdout.salt, 'holdout'), end: pointAt(holdout.share) } },
    from && { from: Date.parse(from) },
    until && { until: Date.parse(until) },
  );
}

const packedFixed = (experiment: Experiment): PackedFixed => ({
  id: experiment.id,
  revision: experiment.revision,
  sequence: currentSequence(experiment).version,
  epoch: currentEpoch(experiment).epoch,
  control: indexOf(experiment.definition, experiment.definition.control),
  variants: packedVariants(experiment.definition),
  kind: 'fixed',
  serve: indexOf(experiment.definition, experiment.shipped ?? experiment.definition.control),
});

const indexOf = ({ variants }: Definition, id: string): number => variants.findIndex((variant) => variant.id === id);

const packedVariants = ({ variants }: Definition): PackedVariant[] =>
  variants.map(({ id, steps }) => {
    const url = steps[0]?.url;
    return url === undefined ? { id } : { id, url };
  });

/**
 * A salt hashed once to a seed, per purpose: no decision concatenates anything. The pair is written as JSON because
 * `a` + `bc` and `ab` + `c` must not be one key. The salt of a layer is its name, which all its experiments know.
 */
export const seedOf = (salt: string, purpose: 'variant' | 'traffic' | 'layer' | 'holdout'): number =>
  murmur3(JSON.stringify([salt, purpose]), 0);
