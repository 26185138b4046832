import { readFileSync } from 'node:fs';
import { Definition } from '#shared/experiment/definition.ts';
import { draft, type Experiment } from '#shared/experiment/experiment.ts';
import { moved } from '#shared/experiment/lifecycle.ts';
import { segmentKey } from '#shared/experiment/segment-key.ts';
import { DAY_MS } from '#shared/experiment/time.ts';
import { parsed } from '#shared/http/parsed.ts';
import { cohortDay } from '#shared/tally/cohort-day.ts';
import { type Counters, cellKey, type Tally } from '#shared/tally/tally.ts';
import { frozenSegments } from '#shared/usecases/frozen-segments.ts';

/** The source gives no date but the year, and no days: everyone was assigned at once, so here it is one day. */
export const EMAIL_CAMPAIGN_START = Date.parse('2008-03-20T00:00:00Z');
export const EMAIL_CAMPAIGN_END = EMAIL_CAMPAIGN_START + 15 * DAY_MS;

const sample = (name: string): string => readFileSync(new URL(`../../samples/${name}`, import.meta.url), 'utf8');

export const emailCampaignDefinition = (): Record<string, unknown> =>
  JSON.parse(sample('email-campaign.json')) as Record<string, unknown>;

/** What was published of the customers of one variant, channel and kind. Money in cents, its squares in cents squared. */
export type EmailCampaignFigures = {
  readonly variant: string;
  readonly channel: string;
  readonly customer: string;
  readonly customers: number;
  readonly visits: number;
  readonly buyers: number;
  readonly spend: number;
  readonly spendSquared: number;
};

export function emailCampaignFigures(): EmailCampaignFigures[] {
  const [, ...lines] = sample('email-campaign-figures.csv').trim().split('\n');
  return lines.map((line) => {
    const [variant = '', channel = '', customer = '', ...numbers] = line.split(',');
    const [customers = 0, visits = 0, buyers = 0, spend = 0, squares = 0] = numbers.map(Number);
    return {
      variant,
      channel,
      customer,
      customers,
      visits,
      buyers,
      spend: Math.round(spend * 100),
      spendSquared: Math.round(squares * 1e4),
    };
  });
}

export function emailCampaignExperiment(): Experiment {
  const made = draft(
    parsed(Definition, emailCampaignDefinition(), 'the sample'),
    'email-campaign',
    EMAIL_CAMPAIGN_START,
  );
  return (['started', 'concluded'] as const).reduce((experiment, move) => {
    const next =
      move === 'started'
        ? moved(experiment, move, EMAIL_CAMPAIGN_START)
        : moved(experiment, move, EMAIL_CAMPAIGN_END, 'mens');
    if ('field' in next) throw new Error(next.message);
    return next;
  }, made);
}

/**
 * The published figures as a tally: one cell for each variant, channel and kind of customer. When anybody did anything is not
 * known, and neither is who spent how much, so there is no histogram of the spending. Nobody spent more than the cap, so what
 * is capped is what was published.
 */
export function emailCampaignTally(experiment: Experiment): Tally {
  return new Map(
    emailCampaignFigures().map(({ variant, channel, customer, customers, visits, buyers, spend, spendSquared }) => {
      const [visit = 1, buy = 2] = (experiment.sequences[0].ladders[variant] ?? []).flatMap((rung, i) =>
        rung.observed ? [i + 1] : [],
      );
      const [square, squareHigh] = [spendSquared % 2 ** 26, Math.floor(spendSquared / 2 ** 26)];
      const counters: Counters = {
        n: customers,
        f0: customers - visits,
        [`f${visit}`]: visits - buyers,
        [`f${buy}`]: buyers,
        payers: buyers,
        value: spend,
        square,
        squareHigh,
        'm:spend:x': spend,
        'm:spend:xx': square,
        'm:spend:xxHigh': squareHigh,
        'm:spend:any': buyers,
      };
      const segment = segmentKey(frozenSegments(experiment.definition, { channel, customer }));
      return [
        cellKey({ sequence: 1, epoch: 1, day: cohortDay(EMAIL_CAMPAIGN_START), variant, class: 'human', segment }),
        counters,
      ] as const;
    }),
  );
}
