import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpHandler } from '#shared/http/endpoint.ts';
import { readReport } from '#shared/usecases/write-report.ts';
import type { Progress } from '../../local/commands/progress.ts';
import { type Installation, openInstallation } from '../../local/installation/installation.ts';
import { amountsOf, emailCampaignFigures, emailCampaignRecording } from '../../local/recordings/email-campaign.ts';
import { playRecording } from '../../local/recordings/play-recording.ts';
import type { RecordedVisitor, Recording } from '../../local/recordings/recording.ts';

const silent: Progress = { start: () => {}, advance: () => {}, finish: () => {} };
const sum = (amounts: readonly number[]): number => amounts.reduce((total, each) => total + each, 0);
const squares = (amounts: readonly number[]): number => sum(amounts.map((each) => each ** 2));

describe('amountsOf', () => {
  it('gives whole cents that add up to the sum exactly, and squares that add up to theirs as nearly as cents allow', () => {
    const spent = fc.array(fc.integer({ min: 1_000, max: 50_000 }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(spent, (real) => {
        const figures = { buyers: real.length, spend: sum(real), spendSquared: squares(real) };
        const amounts = amountsOf(figures);
        expect(amounts).toHaveLength(real.length);
        expect(amounts.every((each) => Number.isInteger(each) && each >= 0)).toBe(true);
        expect(sum(amounts)).toBe(figures.spend);
        expect(Math.abs(squares(amounts) / figures.spendSquared - 1)).toBeLessThan(1e-3);
      }),
    );
  });

  it('gives nothing to a variant in which nobody bought', () => {
    expect(amountsOf({ buyers: 0, spend: 0, spendSquared: 0 })).toEqual([]);
  });
});

describe('emailCampaignRecording', () => {
  const customers = emailCampaignRecording().days.flatMap(({ visitors }) => visitors);
  const tookStep = (of: readonly RecordedVisitor[], wanted: string) =>
    of.flatMap(({ steps }) => steps.filter(({ step }) => step === wanted));

  it('holds every customer once, with what was published of each kind of them', () => {
    expect(customers).toHaveLength(64_000);
    for (const figures of emailCampaignFigures()) {
      const kind = customers.filter(
        ({ variant, attributes }) =>
          variant === figures.variant &&
          attributes?.channel === figures.channel &&
          attributes?.customer === figures.customer,
      );
      const bought = tookStep(kind, 'buy').map(({ value = 0 }) => value);
      expect([kind.length, tookStep(kind, 'visit').length, bought.length, sum(bought)]).toEqual([
        figures.customers,
        figures.visits,
        figures.buyers,
        figures.spend,
      ]);
    }
  });

  it('lets nobody spend more than the cap, which nobody in the source did', () => {
    expect(Math.max(...tookStep(customers, 'buy').map(({ value = 0 }) => value))).toBeLessThanOrEqual(50_000);
  });
});

describe('playRecording', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await openInstallation();
  });
  afterAll(() => installation.stop());

  /** One customer in a hundred. */
  const whole = emailCampaignRecording();
  const recording: Recording = {
    ...whole,
    days: whole.days.map((day) => ({ ...day, visitors: day.visitors.filter((_, i) => i % 100 === 0) })),
  };

  it('leaves off when it is told to, counts each visitor and each request once when it is played again, and does nothing after its end', async () => {
    const leaving = new AbortController();
    const soon: Progress = { ...silent, advance: (done) => done === 300 && leaving.abort() };
    expect(await playRecording(installation, recording, soon, leaving.signal)).toBeUndefined();
    expect((await installation.deps.experiments.find('email-campaign'))?.status).toBe('running');

    let asked = 0;
    const { site } = installation.handlers;
    const counting: HttpHandler = (...request) => {
      asked += 1;
      return site(...request);
    };
    const handlers = { ...installation.handlers, site: counting };
    const played = await playRecording({ ...installation, handlers }, recording, silent);
    expect(played).toMatchObject({ visitors: 640, requests: asked });
    await installation.stream.caughtUp();
    const report = await readReport(installation.deps, 'email-campaign');
    const visited = (variant: string) =>
      recording.days[0]?.visitors.filter((each) => each.variant === variant && each.steps.length > 0).length;
    expect(report.variants.map(({ id, rungs }) => [id, rungs.find(({ step }) => step === 'visit')?.reached])).toEqual(
      ['none', 'mens', 'womens'].map((variant) => [variant, visited(variant)]),
    );
    expect(report).toMatchObject({ drift: 0, headcount: { counted: 640 }, experiment: { shipped: 'mens' } });

    expect(await playRecording(installation, recording, silent)).toBeUndefined();
  });
});
