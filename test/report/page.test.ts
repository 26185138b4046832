import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeReport } from '#shared/report/compose.ts';
import { reportHtml } from '#shared/report/html.ts';
import type { Report } from '#shared/report/report.ts';
import { EMAIL_CAMPAIGN_END } from '../../local/recordings/email-campaign.ts';
import { emailCampaignExperiment, emailCampaignTally } from '../../local/recordings/email-campaign-tally.ts';
import { FREE_TRIAL_END } from '../../local/recordings/free-trial.ts';
import { freeTrialExperiment, freeTrialTally } from '../../local/recordings/free-trial-tally.ts';
import { launchBrowser } from '../browser/browser.ts';
import { anExperiment, DAY, NOON, withWeights } from '../support/an-experiment.ts';
import { communityExperiment, populationTally, SAME } from './a-population.ts';
import { aReport } from './a-report.ts';
import { printed } from './printed.ts';

function freeTrial(): Report {
  const experiment = freeTrialExperiment();
  return composeReport(experiment, freeTrialTally(experiment), 0, FREE_TRIAL_END);
}

function emailCampaign(): Report {
  const experiment = emailCampaignExperiment();
  return composeReport(experiment, emailCampaignTally(experiment), 0, EMAIL_CAMPAIGN_END);
}

function everythingMeasured(): Report {
  const experiment = communityExperiment();
  const truth = { 'one-ask': SAME, ladder: { ...SAME, posts: [1.8, 0.9, 0.6, 0.4] } };
  return composeReport(
    experiment,
    populationTally(experiment, truth, { days: 10, daily: 60, seed: 11 }),
    0,
    NOON + 33 * DAY,
  );
}

/** Four variants with long names that lie close together, and times of people. */
const fourAlike = (): Report => {
  const { variants = [], ...rest } = withWeights(1, 1, 1, 1);
  const long = variants.map((variant, i) => ({ ...variant, name: `A quiet word with the neighbours, ${i + 1}` }));
  return aReport({
    experiment: anExperiment({ ...rest, variants: long }),
    daily: { v0: [900, 100], v1: [897, 103], v2: [905, 95], v3: [899, 101] },
    takes: [5e3, 6e4, 9e5, 7.2e6, 2e8],
  });
};

const REPORTS = [
  { name: 'the free trial', report: freeTrial },
  { name: 'the e-mail campaign', report: emailCampaign },
  { name: 'everything measured', report: everythingMeasured },
  { name: 'four variants with long names', report: fourAlike },
] as const;

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

async function open(report: Report, width: number) {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: 'dark' });
  await page.setContent(reportHtml(report));
  return page;
}

/** A text of a plot that can be seen: how large its type is, in pixels of the screen, and where it stands. */
type Label = { plot: string; text: string; size: number; left: number; right: number; top: number; bottom: number };

/** Runs in the page. */
function labels(): Label[] {
  const { document, getComputedStyle } = globalThis as unknown as {
    document: ParentNode;
    getComputedStyle: (element: Element) => { fontSize: string };
  };
  type Drawn = Element & { getScreenCTM: () => { a: number } };
  return [...document.querySelectorAll<Drawn>('svg.plot')]
    .filter((plot) => plot.getClientRects().length > 0)
    .flatMap((plot) =>
      [...plot.querySelectorAll('text')].map((text) => {
        const { left, right, top, bottom } = text.getBoundingClientRect();
        return {
          plot: plot.querySelector('title')?.textContent ?? '',
          text: text.textContent ?? '',
          size: Number.parseFloat(getComputedStyle(text).fontSize) * plot.getScreenCTM().a,
          left,
          right,
          top,
          bottom,
        };
      }),
    );
}

/** Boxes of lines reach above and below their letters, so that a few pixels are shared by neighbours that do not touch. */
const SHARED = 4;

const overlapping = (all: readonly Label[]): string[] =>
  all.flatMap((a, i) =>
    all
      .slice(i + 1)
      .flatMap((b) =>
        a.plot === b.plot &&
        Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
        Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > SHARED
          ? [`${a.plot}: “${a.text}” and “${b.text}”`]
          : [],
      ),
  );

describe.each(REPORTS)('the page of a report: $name', ({ report }) => {
  it.each([360, 390, 700, 1280])(
    'has plots whose labels can be read and do not meet, %i pixels wide',
    async (width) => {
      const page = await open(report(), width);
      const all = await page.evaluate(labels);
      expect(all.length).toBeGreaterThan(10);
      expect(all.filter(({ size }) => size < 10.5)).toEqual([]);
      expect(all.filter(({ left, right }) => left < 0 || right > width)).toEqual([]);
      expect(overlapping(all)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      await page.close();
    },
  );

  it.each([360, 390, 700, 1280])('has tables of which nothing hides beyond an edge, %i pixels wide', async (width) => {
    const page = await open(report(), width);
    expect(await page.evaluate('document.querySelectorAll(".wide").length')).toBeGreaterThan(3);
    const hiding = `[...document.querySelectorAll('.wide')].filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.getAttribute('aria-label'))`;
    expect(await page.evaluate(hiding)).toEqual([]);
    await page.close();
  });

  it.each(['A4', 'Letter'] as const)('is printed on %s with nothing cut and no heading alone', async (format) => {
    const page = await open(report(), 1280);
    const things = await printed(
      page,
      format,
      'h2, h3, h4, section > p, figure, .side, .wide, .next, .checks li, .advice li',
    );
    expect(things.length).toBeGreaterThan(20);
    // Ladders side by side may go on in another row, each of them whole.
    const whole = things.filter(({ what }) => !what.startsWith('div.side'));
    expect(whole.filter(({ from, until }) => from !== until)).toEqual([]);
    expect(things.filter(({ what, until, nextFrom = until }) => /^(h\d|p):/.test(what) && nextFrom !== until)).toEqual(
      [],
    );
    await page.close();
  });
});

describe('a printed report', () => {
  it('is dark on white, also for whoever reads in the dark', async () => {
    const page = await open(freeTrial(), 1280);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await page.evaluate('getComputedStyle(document.body).color')).toBe('rgb(0, 0, 0)');
    await page.close();
  });
});
