import { signRecipient } from '../token/recipient.ts';
import { assignVisitor } from './assign-visitor.ts';
import { atOnce } from './at-once.ts';
import type { LiveExperiment } from './live-experiments.ts';
import type { Clock, Journeys } from './ports.ts';

export type Enrolled = {
  readonly id: string;
  /** What the e-mail tool merges into links. */
  readonly recipient: string;
  /** Which variant to send, and why; absent when only signatures were asked for. */
  readonly variant?: string;
  readonly assigned?: boolean;
};

const IN_FLIGHT = 16;

/** Signs the ids of people who will be written to and, with an experiment, assigns them and counts them in before anything is sent. */
export async function enrolRecipients(
  deps: { readonly journeys: Journeys; readonly clock: Clock },
  ids: readonly string[],
  secret: string,
  live?: LiveExperiment,
): Promise<Enrolled[]> {
  return atOnce(IN_FLIGHT, ids, async (id) => {
    const recipient = signRecipient(id, secret);
    if (live === undefined) return { id, recipient };
    const visit = { visitor: id, attributes: {}, source: 'link', signals: [] } as const;
    const { variant, assignment } = await assignVisitor(deps, live, visit);
    return { id, recipient, variant, assigned: assignment.kind === 'assigned' };
  });
}
