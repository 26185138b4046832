import { signRecipient } from '../token/recipient.ts';
import { assignVisitor } from './assign-visitor.ts';
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
  const enrolled = new Array<Enrolled>(ids.length);
  const queue = ids.entries();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      for (const [index, id] of queue) {
        const recipient = signRecipient(id, secret);
        if (live === undefined) {
          enrolled[index] = { id, recipient };
          continue;
        }
        const visit = { visitor: id, attributes: {}, source: 'link', signals: [] } as const;
        const { variant, assignment } = await assignVisitor(deps, live, visit);
        enrolled[index] = { id, recipient, variant, assigned: assignment.kind === 'assigned' };
      }
    }),
  );
  return enrolled;
}
