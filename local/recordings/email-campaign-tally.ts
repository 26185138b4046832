import { Definition } from '#shared/experiment/definition.ts';
import { draft, type Experiment } from '#shared/experiment/experiment.ts';
import { moved } from '#shared/experiment/lifecycle.ts';
import { segmentKey } from '#shared/experiment/segment-key.ts';
import { parsed } from '#shared/http/parsed.ts';
import { cohortDay } from '#shared/tally/cohort-day.ts';
import { type Counters, cellKey, type Tally } from '#shared/tally/tally.ts';
import { frozenSegments } from '#shared/usecases/frozen-segments.ts';
import {
  EMAIL_CAMPAIGN_END,
  EMAIL_CAMPAIGN_START,
  emailCampaignDefinition,
  emailCampaignFigures,
} from './email-campaign.ts';

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
