import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApi } from '#shared/contracts/openapi.ts';
import { composeReport } from '#shared/report/compose.ts';
import { reportHtml } from '#shared/report/html.ts';
import { docsHtml } from '../../local/pages/docs-page.ts';
import { EMAIL_CAMPAIGN_END } from '../../local/recordings/email-campaign.ts';
import { emailCampaignExperiment, emailCampaignTally } from '../../local/recordings/email-campaign-tally.ts';
import { FREE_TRIAL_END } from '../../local/recordings/free-trial.ts';
import { freeTrialExperiment, freeTrialTally } from '../../local/recordings/free-trial-tally.ts';
import { launchBrowser } from '../browser/browser.ts';
import { communityExperiment, populationTally, SAME } from '../report/a-population.ts';
import { aReport, clearWinner } from '../report/a-report.ts';
import { aJourney } from '../support/an-experiment.ts';
import { type Dashboard, type Look, openDashboard, visit, withHistory } from './a-dashboard.ts';

let dashboard: Dashboard;
let browser: Browser;
const problems: string[] = [];

beforeAll(async () => {
  dashboard = await openDashboard();
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await dashboard?.stop();
});

/** A page at a place, with an eye on what goes wrong in it. */
async function open(hash = '#/', { key = true, ...look }: Look & { key?: boolean } = {}): Promise<Page> {
  const page = await visit(browser, dashboard, look, key);
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    // A refusal is an answer, and browsers log every one; anything else is a mistake of ours.
    if (message.type() === 'error' && !message.text().includes('status of 4')) problems.push(message.text());
  });
  await page.goto(`${dashboard.base}/${hash}`);
  return page;
}

/** Serious and critical findings of axe, as sentences. */
async function findings(page: Page): Promise<string[]> {
  // Runs beside the page's own policy, as an extension would.
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as axe.AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary}`),
    );
}

async function visitors(experiment: string, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const visitor = `visitor-${Math.random().toString(36).slice(2)}`;
    const post = (path: string, body: unknown) =>
      fetch(dashboard.base + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0' },
        body: JSON.stringify(body),
      });
    const { steps } = (await (await post('/v1/assign', { experiment, visitor })).json()) as { steps: { id: string }[] };
    await post('/v1/events', { events: [{ experiment, visitor, step: steps[0]?.id }] });
  }
}

const assigned = async (page: Page): Promise<number> => {
  const counts = await page.locator('[data-visitors]').allTextContents();
  return counts.reduce((sum, text) => sum + Number(text.replaceAll(',', '')), 0);
};

describe('the dashboard', () => {
  it('takes an experiment from a template to its conclusion, with live counts on the way', async () => {
    const page = await open();
    await page.getByText('Nothing is being tried yet').waitFor();
    await page.getByRole('link', { name: 'New experiment' }).first().click();
    await page.getByRole('button', { name: /Ad funnel/ }).click();
    await page.getByLabel('Name', { exact: true }).fill('Shall we ask first?');

    const ladder = page.getByRole('region', { name: 'Variant Climb the ladder' });
    const names = () =>
      ladder
        .locator('.step-name textarea')
        .evaluateAll((inputs) => inputs.map((each) => (each as unknown as { value: string }).value));
    await ladder.getByRole('button', { name: /^Move See your plan, now step 3/ }).focus();
    await page.keyboard.press('ArrowLeft');
    await expect
      .poll(names)
      .toEqual(['Answer one question', 'See your plan', 'Choose an aim', 'Have the plan sent', 'Buy']);
    // The focus went along, so the next key moves the same step; and nothing passes the goal.
    for (let press = 0; press < 4; press++) await page.keyboard.press('ArrowRight');
    await expect
      .poll(names)
      .toEqual(['Answer one question', 'Choose an aim', 'Have the plan sent', 'See your plan', 'Buy']);
    await page.getByText(/33,355 visitors per variant/).waitFor();

    await page.getByRole('button', { name: 'Create as a draft' }).click();
    await page.getByRole('heading', { name: 'Shall we ask first?' }).waitFor();
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click();
    await page.getByText('live', { exact: true }).waitFor();

    await visitors('ad-funnel', 6);
    await expect.poll(() => assigned(page)).toBe(6);
    await visitors('ad-funnel', 4);
    await expect.poll(() => assigned(page)).toBe(10);

    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByRole('spinbutton', { name: 'Weight' }).first().fill('3');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Conclude' }).click();
    expect(await page.getByRole('radio', { name: /Buy at once/ }).isChecked()).toBe(true);
    await page.getByRole('dialog').getByRole('button', { name: 'Conclude' }).click();
    await page
      .locator('.meta')
      .getByText(/everyone gets/)
      .waitFor();
    await page.getByRole('link', { name: 'History' }).click();
    await expect
      .poll(() => page.locator('.history b').allTextContents())
      .toEqual(['concluded', 'edited', 'started', 'created']);
    expect(await page.locator('.changes').allTextContents()).toEqual(['Buy at once: weight: 1 3']);
    await page.context().close();
  });

  it('puts what the API refuses beside its field, in the words of the API', async () => {
    const page = await open('#/new');
    await page.getByRole('button', { name: /Community/ }).click();
    await page.getByLabel('Id', { exact: true }).fill('Not An Id');
    await page.getByLabel('Leads to').first().fill('javascript:alert(1)');
    await page.getByText('Where reports go').click();
    await page.getByLabel('E-mail, separated by commas').fill('ada@example.com, nobody');
    await page.getByText('Where reports go').click();
    await page.getByRole('button', { name: 'Create as a draft' }).click();
    const field = page.locator('[data-path="id"]');
    await field.getByText(/has lower-case letters, digits and inner hyphens/).waitFor();
    expect(await field.locator('input').getAttribute('aria-invalid')).toBe('true');
    await page
      .locator('[data-path="variants.0.steps.0.url"]')
      .getByText(/needs an absolute http or https address/)
      .waitFor();
    // An entry of a list stands at the list's field, which was folded away and is not any more.
    expect(await page.getByText('needs an e-mail address').isVisible()).toBe(true);
    await expect.poll(() => page.evaluate('document.activeElement.closest(".refused") !== null')).toBe(true);
    await page.context().close();
  });

  it('has a place for everything else a definition may hold, and moves steps by mouse too', async () => {
    const page = await open('#/new');
    await page.getByRole('button', { name: /^Empty/ }).click();
    await page.getByLabel('Name', { exact: true }).fill('Everything');
    const ladder = page.getByRole('region', { name: 'Variant A ladder' });
    // The goal is one step with one name and one id, whichever ladder it is renamed in.
    await ladder.getByLabel('Step 2').fill('Become a member');
    await ladder.getByRole('button', { name: 'Add a step' }).click();
    await page.keyboard.type('Say hello');
    await ladder.getByRole('button', { name: /^Move Say hello/ }).dragTo(ladder.locator('.tread').first());
    await ladder.getByText('Costs nothing').click();
    await ladder.getByLabel('For each visitor').fill('12');
    await ladder.getByText('More').first().click();
    await ladder.getByLabel('What may make it hard').first().fill('choices: 3, clear: true');

    for (const [title, add] of [
      ['What else is measured', 'Add a metric'],
      ['Segments', 'Add a segment'],
      ['Early and late visitors', 'Add a rule'],
      ['Who joins, and when', 'Add a share'],
      ['Weights', undefined],
      ['Team and housekeeping', 'Add a visitor of the team'],
    ] as const) {
      const fold = page.locator('.fold', { has: page.locator('.fold-title', { hasText: title }) });
      await fold.locator('summary').click();
      if (add) await fold.getByRole('button', { name: add }).click();
    }
    const at = (path: string) => page.locator(`[data-path="${path}"]`).locator('input, select');
    await at('metrics.0.name').fill('Complaints');
    await at('metrics.0.activity').fill('complaint');
    await at('metrics.0.better').selectOption('less');
    await at('metrics.0.guardrail').selectOption('pauses when a variant is worse');
    await at('metrics.0.guardrail.margin').fill('20');
    await at('segments.0.attribute').fill('country');
    await at('segments.0.values').fill('SE, DE');
    await at('ramp.0.at').fill('2027-01-31T08:00');
    await at('ramp.0.traffic').fill('100');
    await at('traffic').fill('10');
    await at('layer.name').fill('checkout');
    await at('layer.until').fill('50');
    await at('allocation.kind').selectOption('thompson');
    await at('forced.').fill('ada');
    await at('retentionDays').fill('90');
    await page.getByRole('button', { name: 'Create as a draft' }).click();
    await page.getByRole('heading', { name: 'Everything' }).waitFor();
    const stored = await dashboard.installation.deps.experiments.find('everything');
    const goal = { id: 'become-a-member', name: 'Become a member' };
    expect(stored?.definition).toMatchObject({
      goal: goal.id,
      traffic: 0.1,
      ramp: [{ at: '2027-01-31T08:00:00Z', traffic: 1 }],
      layer: { name: 'checkout', from: 0, until: 0.5 },
      segments: [{ attribute: 'country', values: ['SE', 'DE'] }],
      intent: { rules: [{ stage: 'late', when: [{ attribute: 'returning', operator: 'is', value: true }] }] },
      metrics: [
        {
          id: 'complaints',
          kind: 'count',
          activity: 'complaint',
          better: 'lower',
          guardrail: { margin: 0.2, action: 'stop' },
        },
      ],
      allocation: { kind: 'thompson' },
      forced: { ada: 'control' },
      retentionDays: 90,
      variants: [
        { steps: [goal] },
        {
          cost: { perVisitor: 12, fixed: 0 },
          steps: [
            { id: 'say-hello', frictions: { choices: 3, clear: true } },
            { id: 'first', name: 'A first small step' },
            goal,
          ],
        },
      ],
    });
    await page.context().close();
  });

  it('asks before a half-edited page is left by a link or the back button, and asks nothing where nothing is lost', async () => {
    const page = await open('#/keys');
    await page.goto(`${dashboard.base}/#/new`);
    await page.getByRole('button', { name: /^Empty/ }).click();
    const name = page.getByLabel('Name', { exact: true });
    const question = page.getByRole('dialog', { name: 'Leave without saving?' });
    await name.fill('Half a thought');
    await page.getByRole('link', { name: 'Frictions' }).click();
    await question.getByText('It is lost if you leave.').waitFor();
    await page.keyboard.press('Escape');
    await question.waitFor({ state: 'detached' });
    await page.goBack();
    await question.getByRole('button', { name: 'Keep editing' }).click();
    expect(await name.inputValue()).toBe('Half a thought');
    expect(page.url()).toMatch(/#\/new$/);

    await page.goBack();
    await question.getByRole('button', { name: 'Leave' }).click();
    await page.getByRole('heading', { name: 'Keys' }).waitFor();

    // What was changed and changed back is no work.
    await page.goto(`${dashboard.base}/#/new`);
    await page.getByRole('button', { name: /^Empty/ }).click();
    const before = await name.inputValue();
    await name.fill('Another thought');
    await name.fill(before);
    await page.getByRole('link', { name: 'Frictions' }).click();
    await page.getByRole('heading', { name: 'What makes steps hard' }).waitFor();
    await page.context().close();
  });

  it('asks for the key when it needs one, and goes on with it', async () => {
    const page = await open('#/new', { key: false });
    await page.getByRole('button', { name: /Relationship/ }).click();
    await page.getByRole('button', { name: 'Create as a draft' }).click();
    const dialog = page.getByRole('dialog', { name: 'Which key?' });
    await dialog.getByLabel('Key').fill(dashboard.installation.keys.admin);
    await dialog.getByRole('button', { name: 'Use this key' }).click();
    await page.getByRole('button', { name: 'Create as a draft' }).click();
    await page.getByRole('heading', { name: 'A year at once, or week by week?' }).waitFor();
    await page.context().close();
  });

  it('says so when an experiment is not there, and offers to try again', async () => {
    const page = await open('#/experiments/nothing-here');
    await page.getByText(/no experiment is called nothing-here/i).waitFor();
    expect(await page.getByRole('button', { name: 'Try again' }).isVisible()).toBe(true);
    await page.context().close();
  });

  it('makes a key that works, shows it once, and ends it', async () => {
    const page = await open('#/keys');
    await page.getByRole('button', { name: 'New key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('The shop');
    await dialog.getByLabel('Origins, separated by commas').fill('https://shop.example/path');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await dialog.getByText(/needs an origin without a path/).waitFor();
    await dialog.getByLabel('Origins, separated by commas').fill('https://shop.example');
    await dialog.getByRole('button', { name: 'Create' }).click();
    const once = page.getByRole('dialog', { name: 'The key of The shop' });
    const text = await once.getByLabel('The key', { exact: true }).inputValue();
    await once.getByRole('button', { name: 'I have kept it' }).click();
    const row = page.locator('.keys li', { hasText: 'The shop' });
    await row.waitFor();
    expect(await page.content()).not.toContain(text);

    const assign = (key: string) =>
      fetch(`${dashboard.base}/v1/assign`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, origin: 'https://shop.example', 'content-type': 'application/json' },
        body: JSON.stringify({ experiment: 'ad-funnel', visitor: 'ada' }),
      });
    expect((await assign(text)).status).toBe(200);

    await row.getByRole('button', { name: 'Rotate' }).click();
    await page.getByLabel('The secret of today').selectOption('is good for an hour more');
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
    const second = await page.getByLabel('The key', { exact: true }).inputValue();
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await row.getByText(/secret before this one is good until/).waitFor();
    // Running functions hold a key for a while: the new secret is good once they have looked again.
    await expect.poll(async () => (await assign(second)).status).toBe(200);
    expect((await assign(text)).status).toBe(200);

    await row.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('1 key that ended').waitFor();
    await expect.poll(async () => (await assign(second)).status).toBe(401);
    await page.context().close();
  });

  describe('with two experiments that are over', () => {
    beforeAll(() => withHistory(dashboard));
    const trial = '#/experiments/free-trial-screener';

    it('shows how the verdict came about, and each report as it was written', async () => {
      const page = await open(`${trial}/reports`);
      const lines = page.locator('ol.kept li');
      await expect.poll(() => lines.count()).toBe(22);
      expect(await page.locator('ol.kept .changed .label').allTextContents()).toEqual([
        'No clear winner',
        'Keep running',
      ]);
      await page.getByRole('link', { name: /2014-11-10/ }).click();
      await page.getByText('No verdict yet (one step 0.94').waitFor();
      const [tab] = await Promise.all([
        page.context().waitForEvent('page'),
        page.getByRole('link', { name: 'As the page that was sent' }).click(),
      ]);
      expect(await tab.getByRole('heading').textContent()).toBe('The page of the day');
      await page.context().close();
    });

    it('holds visitors out and forgets one who asks for it, each after a question', async () => {
      const page = await open('#/installation');
      await page.getByLabel('Held out, % of all visitors').fill('80');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText(/must be at most 0.5/).waitFor();
      await page.getByLabel('Held out, % of all visitors').fill('5');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.locator('.history li', { hasText: '5.0' }).waitFor();
      expect((await dashboard.installation.deps.settings.find())?.holdout.share).toBe(0.05);

      const { journeys } = dashboard.installation.deps;
      await journeys.record(aJourney({ experiment: 'email-campaign', visitor: 'ada', variant: 'none' }));
      await page.getByLabel('Visitor, by the opaque id your site uses').fill('ada');
      await page.getByRole('button', { name: 'Erase' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Erase' }).click();
      await page.getByText('Erased from email-campaign.').waitFor();
      expect(await journeys.find('email-campaign', 'ada')).toBeUndefined();
      await page.context().close();
    });

    it('compares what makes steps hard, over the experiments that say so', async () => {
      const campaign = emailCampaignExperiment();
      const variants = campaign.definition.variants.map((variant) => ({
        ...variant,
        steps: variant.steps.map((step) => (step.id === 'visit' ? { ...step, frictions: { clicks: 1 } } : step)),
      }));
      const told = { ...campaign, revision: 4, definition: { ...campaign.definition, variants } };
      const { experiments, reports } = dashboard.installation.deps;
      await experiments.replace(told, { revision: 4, at: 0, by: 'ada', action: 'edited', experiment: told });
      await reports.put(composeReport(told, emailCampaignTally(told), 0, EMAIL_CAMPAIGN_END), '');
      const page = await open('#/frictions');
      await page.getByRole('region', { name: 'Steps by clicks' }).getByText('3 steps of 1 experiment').waitFor();
      await page.context().close();
    });

    it('says beside the verdict what guardrails and metrics say, and offers to pause where one is crossed', async () => {
      const { experiments, tallies } = dashboard.installation.deps;
      const experiment = communityExperiment();
      await experiments.create(experiment, { revision: 1, at: 0, by: 'ada', action: 'created', experiment });
      const truth = { 'one-ask': SAME, ladder: { ...SAME, spends: 500 } };
      await tallies.correct(experiment.id, populationTally(experiment, truth, { days: 14, daily: 100, seed: 11 }));
      const page = await open('#/experiments/checkout');
      await page.locator('.verdict').getByText('Personal answer crosses the guardrail “spend”.').waitFor();
      expect(await page.locator('.findings .bad').textContent()).toBe('crossed');
      await page.getByText(/^Personal answer has .+ worse than tolerated with probability over 99\.9/).waitFor();
      expect(await page.getByRole('button', { name: 'Pause' }).getAttribute('class')).toBe('primary');
      await page.context().close();
    });

    it('shows what went where, and what did not', async () => {
      const page = await open(`${trial}/deliveries`);
      const failing = page.locator('.failing');
      await failing
        .getByText(/not been reached since 2014-11-01 00:00 UTC, in 51 tries: the webhook answered 410/)
        .waitFor();
      expect(await page.locator('.destination:not(.failing) .outcomes li').count()).toBe(17);
      await page.getByText('Show it').click();
      expect(await page.getByLabel('The secret webhooks are signed with').inputValue()).toMatch(/^[\w-]{43}$/);
      await page.context().close();
    });

    it.each([
      { width: 1200, colorScheme: 'light' },
      { width: 390, colorScheme: 'dark' },
    ] as const)('can be used by everyone, $width wide and $colorScheme', async (look) => {
      const page = await open('#/', look);
      const looksWell = async (hash: string, sign: string): Promise<void> => {
        await page.goto(`${dashboard.base}/${hash}`);
        await page.locator(sign).first().waitFor();
        for (const summary of await page.locator('summary').all()) await summary.click();
        expect(await findings(page), hash).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), hash).toBe(true);
      };
      await looksWell('#/', '.experiments li');
      await looksWell('#/keys', '.keys li');
      await looksWell('#/frictions', '.share-bar');
      await looksWell('#/installation', '.history');
      await looksWell(trial, '.verdict');
      await looksWell(`${trial}/reports`, 'ol.kept li');
      await looksWell(`${trial}/reports/2014-11-17T00:00:00.000Z`, '.checks li');
      await looksWell(`${trial}/deliveries`, '.outcomes li');
      await looksWell(`${trial}/history`, '.history li');
      await looksWell('#/experiments/nothing-here', '.failure');
      await looksWell('#/experiments/email-campaign', '.ladder');
      // What decides is in sight, also on a phone.
      expect(
        await page.evaluate(
          '[...document.querySelectorAll("table.goal td")].filter((cell) => cell.getBoundingClientRect().right > innerWidth).length',
        ),
      ).toBe(0);
      await looksWell('#/experiments/checkout', '.findings');
      await looksWell('#/new', '.templates li');
      await page.getByRole('button', { name: /E-mail sequence/ }).click();
      for (const summary of await page.locator('summary').all()) await summary.click();
      expect(await findings(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      await page.context().close();
    });
  });

  it('runs without an error of its own', () => {
    expect(problems).toEqual([]);
  });
});

describe('reportHtml', () => {
  const trial = freeTrialExperiment();
  it.each([
    {
      name: 'the free trial',
      report: () => composeReport(trial, freeTrialTally(trial), 0, FREE_TRIAL_END),
      colorScheme: 'light',
    },
    {
      name: 'a winner with times',
      report: () => aReport({ daily: clearWinner, takes: [5e3, 6e4, 9e5] }),
      colorScheme: 'dark',
    },
  ] as const)('can be read by everyone: $name, $colorScheme', async ({ report, colorScheme }) => {
    const context = await browser.newContext({ viewport: { width: 390, height: 900 }, colorScheme });
    const page = await context.newPage();
    await page.setContent(reportHtml(report()));
    expect(await findings(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await context.close();
  });
});

describe('the page of the API', () => {
  it('can be read by everyone, on a phone in the dark too', async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 900 }, colorScheme: 'dark' });
    const page = await context.newPage();
    await page.setContent(docsHtml(openApi() as unknown as Parameters<typeof docsHtml>[0]));
    await page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true');
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(await findings(page)).toEqual([]);
    await context.close();
  });
});
