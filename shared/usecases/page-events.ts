import type { Definition } from '../experiment/definition.ts';
import type { VisitorEvent } from './visitor-event.ts';

/** A page speaks for whoever sits before it; some few more where several people share a browser, or one comes back under new ids. */
export const VISITORS_OF_A_PAGE = 10;
/** As many as a page may be in at a time, and some. */
export const EXPERIMENTS_OF_A_PAGE = 20;

export type PageRefusal = {
  readonly status: 'refused';
  readonly code: 'step-of-servers' | 'too-many-visitors' | 'too-many-experiments';
  readonly message: string;
};

const tooMany = (code: PageRefusal['code'], most: string): PageRefusal => ({
  status: 'refused',
  code,
  message: `a page tells of ${most} in one request at most; servers tell of more with a secret key`,
});
const tooManyVisitors = tooMany('too-many-visitors', `${VISITORS_OF_A_PAGE} visitors`);
const tooManyExperiments = tooMany('too-many-experiments', `${EXPERIMENTS_OF_A_PAGE} experiments`);

/**
 * The events of one request of a page that are about more visitors or experiments than a page has. A page's key is in everybody's
 * hands, and this is what keeps one request with it from making up a hundred visitors, or from having a hundred names looked for that
 * nobody has defined.
 */
export function moreThanOfAPage<E extends Pick<VisitorEvent, 'visitor' | 'experiment'>>(
  events: readonly E[],
): ReadonlyMap<E, PageRefusal> {
  const visitors = new Set<string>();
  const experiments = new Set<string>();
  const refused = new Map<E, PageRefusal>();
  for (const event of events)
    if (!fits(visitors, event.visitor, VISITORS_OF_A_PAGE)) refused.set(event, tooManyVisitors);
    else if (!fits(experiments, event.experiment, EXPERIMENTS_OF_A_PAGE)) refused.set(event, tooManyExperiments);
  return refused;
}

function fits(seen: Set<string>, name: string, most: number): boolean {
  if (seen.size < most) seen.add(name);
  return seen.has(name);
}

/**
 * What an event of a page may count as. A step that servers alone record is refused; the sign of life of a person stays one, without
 * the step that an e-mail's link would have added to it.
 */
export function asTold<E extends VisitorEvent>(event: E, { variants }: Definition): E | PageRefusal {
  const forServers = variants.some(({ steps }) =>
    steps.some(({ id, recordedBy }) => id === event.step && recordedBy === 'servers'),
  );
  if (!forServers) return event;
  if (event.type === 'interaction') return { ...event, step: undefined };
  return {
    status: 'refused',
    code: 'step-of-servers',
    message: `${event.step} is recorded by servers alone, with a secret key`,
  };
}
