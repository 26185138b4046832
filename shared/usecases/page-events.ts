import type { Definition } from '../experiment/definition.ts';
import type { VisitorEvent } from './visitor-event.ts';

/** A page speaks for whoever sits before it; some few more where several people share a browser, or one comes back under new ids. */
export const VISITORS_OF_A_PAGE = 10;

export type PageRefusal = {
  readonly status: 'refused';
  readonly code: 'step-of-servers' | 'too-many-visitors';
  readonly message: string;
};

/**
 * The events of one request of a page whose visitors are too many for a page. A page's key is in everybody's hands, and this is what
 * keeps one request with it from making up a hundred visitors.
 */
export function ofTooManyVisitors<E extends Pick<VisitorEvent, 'visitor'>>(events: readonly E[]): ReadonlySet<E> {
  const visitors = new Set<string>();
  return new Set(
    events.filter(({ visitor }) => {
      if (visitors.size < VISITORS_OF_A_PAGE) visitors.add(visitor);
      return !visitors.has(visitor);
    }),
  );
}

export const tooManyVisitors: PageRefusal = {
  status: 'refused',
  code: 'too-many-visitors',
  message: `a page tells of ${VISITORS_OF_A_PAGE} visitors in one request at most; servers tell of more with a secret key`,
};

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
