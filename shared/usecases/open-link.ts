import { type Assignment, assign } from '../assignment/assign.ts';
import type { Journey } from '../journey/journey.ts';
import type { Link } from '../journey/link.ts';
import { SIGNALS, type Signal } from '../journey/signal.ts';
import { factsOf } from './assign-visitor.ts';
import type { LiveExperiment } from './live-experiments.ts';
import type { Clock, Journeys } from './ports.ts';

/** What looked odd about the opening of a link. */
export const SCAN_REASONS = [
  'head',
  'prefetch',
  'declared-bot',
  'no-cookie',
  'too-fast',
  'burst',
  'unconfirmed',
] as const;
export type ScanReason = (typeof SCAN_REASONS)[number];

const TOO_FAST_MS = 10_000;
const BURST_MS = 5_000;
const BURST_LINKS = 3;

export type Opening = { readonly recipient: string; readonly link: Link; readonly noticed: readonly ScanReason[] };
export type Opened = { readonly variant: string; readonly counted: boolean; readonly at: number };

type Deps = { readonly journeys: Journeys; readonly clock: Clock };

/**
 * A link of an e-mail was opened. By whom is not known yet: scanners open links with a browser's name, from other
 * networks, minutes later. So every opening is kept as a scan, with what looked odd; it reaches no step until the landing page
 * sees a person, or a later step is taken. Who the recipient is fixes the variant, so no machine can change or use it up.
 */
export async function openLink({ journeys, clock }: Deps, live: LiveExperiment, opening: Opening): Promise<Opened> {
  const { recipient, link } = opening;
  const { packed } = live;
  const at = clock();
  const assignment = assign(packed, recipient, {}, at);
  const news = scan(live, assignment, opening, at);
  const recorded =
    assignment.kind === 'assigned' && assignment.reason !== 'forced'
      ? await journeys.record(news)
      : packed.kind === 'fixed'
        ? undefined
        : await journeys.recordKnown(news);
  if (recorded === undefined) return { variant: packed.variants[assignment.variant]?.id ?? '', counted: false, at };
  const suspicion = suspicionOf(news.scanReasons ?? [], link.step);
  // Nobody enrolled this recipient, so a machine may be all there is: suspect, until a person shows.
  if (recorded.before === undefined && suspicion.length > 0) await journeys.record({ ...news, signals: suspicion });
  if (isBurst(recorded.after, at) && !recorded.before?.scanReasons?.includes(`${link.step}:burst`))
    await journeys.record({ ...news, scanReasons: [`${link.step}:burst`] });
  return { variant: recorded.after.variant, counted: true, at };
}

function scan(
  live: LiveExperiment,
  assignment: Assignment,
  { recipient, link, noticed }: Opening,
  at: number,
): Journey {
  const tooFast = link.sentAt !== undefined && at - link.sentAt < TOO_FAST_MS;
  const reasons = [...new Set<ScanReason>([...noticed, ...(tooFast ? (['too-fast'] as const) : [])])];
  return {
    ...factsOf(live, assignment.variant, { source: 'link', attributes: {} }),
    experiment: link.experiment,
    visitor: recipient,
    // Whoever is sent a message is in the experiment from then on; the opening of its link says only that it was sent.
    assignedAt: link.sentAt ?? at,
    signals: [],
    steps: {},
    scans: { [link.step]: at },
    scanReasons: (reasons.length > 0 ? reasons : (['unconfirmed'] as const))
      .map((reason) => `${link.step}:${reason}`)
      .sort(),
  };
}

/** The reasons of a scan that are signals about the visitor as well. */
const suspicionOf = (reasons: readonly string[], step: string): Signal[] =>
  SIGNALS.filter((signal) => reasons.includes(`${step}:${signal}`));

/** Several different links of one recipient within seconds: nobody reads that fast. */
function isBurst({ scans = {} }: Journey, at: number): boolean {
  return Object.values(scans).filter((time) => Math.abs(at - time) < BURST_MS).length >= BURST_LINKS;
}
