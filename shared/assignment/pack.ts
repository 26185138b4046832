import type { Condition } from '../experiment/audience.ts';
import { currentEpoch, currentSequence, type Experiment } from '../experiment/experiment.ts';
import type { PackedCondition, PackedExperiment } from '../experiment/packed.ts';
import { sliceEnds, trafficEnd } from './line.ts';
import { murmur3 } from './murmur3.ts';

/**
 * The small form of an experiment that decisions are made from. A draft has none, so nothing can serve it by mistake.
 * Lives beside the line it is cut on rather than with the experiment, which knows no hash.
 */
export function pack(experiment: Experiment): PackedExperiment | undefined {
  const { definition, status } = experiment;
  if (status === 'draft') return undefined;
  const indexOf = (id: string) => definition.variants.findIndex((variant) => variant.id === id);
  const base = {
    id: experiment.id,
    revision: experiment.revision,
    sequence: currentSequence(experiment).version,
    epoch: currentEpoch(experiment).epoch,
    control: indexOf(definition.control),
    variants: definition.variants.map(({ id, steps }) => {
      const url = steps[0]?.url;
      return url === undefined ? { id } : { id, url };
    }),
  };
  if (status !== 'running') return { ...base, kind: 'fixed', serve: indexOf(experiment.shipped ?? definition.control) };
  const { from, until } = definition.enrolment;
  return {
    ...base,
    kind: 'split',
    seed: seedOf(experiment.salt, 'variant'),
    trafficSeed: seedOf(experiment.salt, 'traffic'),
    trafficEnd: trafficEnd(definition.traffic),
    ends: sliceEnds(definition.variants.map(({ weight }) => weight)),
    audience: definition.audience.map(packCondition),
    forced: Object.fromEntries(Object.entries(definition.forced).map(([visitor, id]) => [visitor, indexOf(id)])),
    ...(from && { from: Date.parse(from) }),
    ...(until && { until: Date.parse(until) }),
  };
}

/**
 * A salt hashed once to a seed, per purpose: no decision concatenates anything. The pair is written as JSON because
 * `a` + `bc` and `ab` + `c` must not be one key.
 */
export const seedOf = (salt: string, purpose: 'variant' | 'traffic'): number =>
  murmur3(JSON.stringify([salt, purpose]), 0);

function packCondition(condition: Condition): PackedCondition {
  const values = 'values' in condition ? condition.values : 'value' in condition ? [condition.value] : [];
  return { attribute: condition.attribute, operator: condition.operator, values };
}
