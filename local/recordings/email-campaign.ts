import { readFileSync } from 'node:fs';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#shared/experiment/time.ts';
import type { RecordedVisitor, Recording } from './recording.ts';

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

/**
 * The published sums as the customers they could be sums of. Who visited and bought is as published; when, and which of the
 * buyers spent how much, is not known and made up.
 */
export function emailCampaignRecording(): Recording {
  return {
    definition: emailCampaignDefinition(),
    startedAt: EMAIL_CAMPAIGN_START,
    concludedAt: EMAIL_CAMPAIGN_END,
    ships: 'mens',
    days: [
      {
        date: new Date(EMAIL_CAMPAIGN_START).toISOString().slice(0, 10),
        visitors: mixed(emailCampaignFigures().flatMap(customersOf)),
      },
    ],
  };
}

/** Kinds of customers and what they did evenly among each other, so that at any moment the live counts are of all of them. */
const mixed = (customers: readonly RecordedVisitor[]): RecordedVisitor[] =>
  customers
    .map((customer, i) => ({ customer, place: (i * 0.6180339887498949) % 1 }))
    .sort((a, b) => a.place - b.place)
    .map(({ customer }) => customer);

function customersOf({
  variant,
  channel,
  customer,
  customers,
  visits,
  ...figures
}: EmailCampaignFigures): RecordedVisitor[] {
  const spent = amountsOf(figures);
  return Array.from({ length: customers }, (_, i) => {
    // All at the same times, and so a report draws no curve through them.
    const enteredAt = EMAIL_CAMPAIGN_START;
    const visitedAt = enteredAt + HOUR_MS;
    const value = spent[i];
    return {
      variant,
      enteredAt,
      attributes: { channel, customer },
      steps: [
        ...(i < visits ? [{ step: 'visit', at: visitedAt }] : []),
        ...(value === undefined ? [] : [{ step: 'buy', at: visitedAt + 10 * MINUTE_MS, value }]),
      ],
    };
  });
}

/**
 * Amounts in cents that add up to a sum exactly, and whose squares add up to theirs as nearly as cents allow. Two different
 * amounts are enough for both: `few` buyers who spend more, and all others who spend less.
 */
export function amountsOf({
  buyers,
  spend,
  spendSquared,
}: Pick<EmailCampaignFigures, 'buyers' | 'spend' | 'spendSquared'>): number[] {
  if (buyers === 0) return [];
  const mean = spend / buyers;
  const deviation = Math.sqrt(Math.max(0, spendSquared / buyers - mean ** 2));
  // As many as keep the others above nothing: the fewer they are, the more each of them would have had to spend.
  let few = Math.floor(buyers / 2);
  while (few > 0 && mean - deviation * Math.sqrt(few / (buyers - few)) < 1) few -= 1;
  const more = few === 0 ? mean : mean + deviation * Math.sqrt((buyers - few) / few);
  const less = few === 0 ? mean : mean - deviation * Math.sqrt(few / (buyers - few));
  // Rounded where they end and not one by one, so that no cent is lost.
  const endAt = (i: number): number => Math.round(Math.min(i, few) * more + Math.max(0, i - few) * less);
  return Array.from({ length: buyers }, (_, i) => (i + 1 === buyers ? spend : endAt(i + 1)) - endAt(i));
}
