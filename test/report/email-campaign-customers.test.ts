import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { currentSequence } from '#shared/experiment/experiment.ts';
import { type Journey, merge } from '#shared/journey/journey.ts';
import { composeReport } from '#shared/report/compose.ts';
import { type Counters, type Tally, TallySum } from '#shared/tally/tally.ts';
import { tallyOf } from '#shared/tally/tally-of.ts';
import { frozenSegments } from '#shared/usecases/frozen-segments.ts';
import { EMAIL_CAMPAIGN_END } from '../../local/recordings/email-campaign.ts';
import { emailCampaignExperiment, emailCampaignTally } from '../../local/recordings/email-campaign-tally.ts';
import { DAY, HOUR } from '../support/an-experiment.ts';

/**
 * The single customers lie beside the project where somebody has fetched them (K. Hillstrom's challenge of 2008) and are not in
 * it. What is committed are their sums; `examples.test.ts` holds those to the published totals, whether this file runs or not.
 */
const CUSTOMERS = new URL('../../../shared/data/email-campaign.csv', import.meta.url);
const FETCHED = [CUSTOMERS, new URL('../../../../shared/data/email-campaign.csv', import.meta.url)].find((file) =>
  existsSync(file),
);
if (FETCHED === undefined)
  console.log(`Not played: the single customers of the e-mail campaign are not at ${CUSTOMERS.pathname}`);

const SENT = EMAIL_CAMPAIGN_END - 15 * DAY;
const VARIANTS: Readonly<Record<string, string>> = {
  'No E-Mail': 'none',
  'Mens E-Mail': 'mens',
  'Womens E-Mail': 'womens',
};

/** What the site's calls make of a customer: an assignment, and events for what they did, merged as they come. */
function journeyOf(line: string, index: number): Journey {
  // From the end: a field before these has a comma in it (“$1,000 +”).
  const [newbie, channel = '', sent = '', visit, conversion, spend] = line.trim().split(',').slice(-6);
  const { definition } = experiment;
  const attributes = { channel: channel.toLowerCase(), customer: newbie === '1' ? 'new' : 'known' };
  const facts = {
    experiment: definition.id,
    visitor: `customer-${index}`,
    variant: VARIANTS[sent] ?? '',
    sequence: 1,
    epoch: 1,
    revision: 2,
    source: 'api',
    segments: frozenSegments(definition, attributes),
    signals: [],
  } as const;
  const assigned: Journey = { ...facts, assignedAt: SENT, steps: {} };
  const bought = SENT + 2 * HOUR;
  const value = { amount: Math.round(Number(spend) * 100), at: bought };
  const events: Journey[] = [
    ...(visit === '1' ? [{ ...facts, steps: { visit: { at: SENT + HOUR } } }] : []),
    ...(conversion === '1' ? [{ ...facts, steps: { buy: { at: bought, value } } }] : []),
  ];
  // The last event first and the first one twice, as events come.
  return [...events.reverse(), ...events].reduce(merge, assigned);
}

const experiment = emailCampaignExperiment();

/** The counters that figures added up by somebody else can have: none of times and none of single amounts. */
function withoutSingles(tally: Tally): Record<string, Counters> {
  const kept = [...tally].map(([key, counters]) => [
    key,
    Object.fromEntries(Object.entries(counters).filter(([name]) => !/^[dw]\d+:|:h\d+$/.test(name))),
  ]);
  return Object.fromEntries(kept);
}

/** Squares are kept in two parts; what they say is their sum. */
function asNumbers(cells: Record<string, Counters>): Record<string, Counters> {
  return Object.fromEntries(
    Object.entries(cells).map(([key, { square = 0, squareHigh = 0, ...counters }]) => {
      const { 'm:spend:xx': xx = 0, 'm:spend:xxHigh': xxHigh = 0, ...rest } = counters;
      const zeros = Object.entries(rest).filter(([, count]) => count !== 0);
      return [
        key,
        {
          ...Object.fromEntries(zeros),
          squares: squareHigh * 2 ** 26 + square,
          spendSquares: xxHigh * 2 ** 26 + xx,
        },
      ];
    }),
  );
}

describe.skipIf(FETCHED === undefined)('64,000 customers of the e-mail campaign, each as a journey', () => {
  const sum = new TallySum();
  const sequence = currentSequence(experiment);
  if (FETCHED !== undefined)
    for (const [index, line] of readFileSync(FETCHED, 'utf8').trim().split('\n').slice(1).entries())
      sum.add(tallyOf(journeyOf(line, index), sequence));
  const tally = sum.total();

  it('add up to the committed figures, to the last cent', () => {
    expect(asNumbers(withoutSingles(tally))).toEqual(asNumbers(withoutSingles(emailCampaignTally(experiment))));
  });

  it('give the report of the figures, and what figures cannot tell: how skewed the spending is', () => {
    const fromCustomers = composeReport(experiment, tally, 0, EMAIL_CAMPAIGN_END);
    const fromFigures = composeReport(experiment, emailCampaignTally(experiment), 0, EMAIL_CAMPAIGN_END);
    expect(
      fromCustomers.variants.map(({ counted, rungs, goals, value }) => [counted, rungs[0]?.reached, goals, value.sum]),
    ).toEqual([
      [21_306, 2_262, 122, 1_390_833],
      [21_307, 3_894, 267, 3_031_169],
      [21_387, 3_238, 189, 2_303_811],
    ]);
    expect(fromCustomers.verdict).toEqual(fromFigures.verdict);
    expect(fromCustomers.spend).toEqual(fromFigures.spend);
    expect(fromCustomers.intent).toEqual(fromFigures.intent);

    // The skewness of the 64,000 rows by numpy. Read from the histogram, it is within two percent.
    const [spend] = fromCustomers.metrics ?? [];
    for (const [i, skewness] of [26.365725475468977, 17.98307516975413, 19.72686662348523].entries())
      expect(Math.abs((spend?.variants[i]?.trust?.skewness ?? 0) / skewness - 1)).toBeLessThan(0.02);
    expect(spend?.variants.map(({ trust }) => trust?.trusted)).toEqual([false, false, false]);
  });
});
