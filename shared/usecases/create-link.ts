import type { Link } from '../journey/link.ts';
import { Problem } from '../problem/problem.ts';
import { findExperiment } from './define-experiment.ts';
import type { Clock, Experiments, Links } from './ports.ts';

type Deps = {
  readonly experiments: Experiments;
  readonly links: Links;
  readonly clock: Clock;
  readonly newId: () => string;
};

/** 72 bits of an id: short enough for an e-mail, and nobody guesses their way to another's link. */
const ID_CHARACTERS = 12;

/** Makes a link for a step that some variant has. */
export async function createLink(
  { experiments, links, clock, newId }: Deps,
  wishes: Omit<Link, 'id' | 'createdAt'>,
): Promise<Link> {
  const { experiment: id, step } = wishes;
  const { definition } = await findExperiment(experiments, id);
  if (!definition.variants.some(({ steps }) => steps.some((each) => each.id === step)))
    throw new Problem('request.invalid', 'the link is of no step', [
      { path: ['step'], message: `is no step of ${id}: ${step}` },
    ]);
  const link = { id: newId().slice(0, ID_CHARACTERS), ...wishes, createdAt: clock() };
  await links.put(link);
  return link;
}
