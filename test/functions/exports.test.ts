import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Journey } from '#shared/journey/journey.ts';
import { journeyLines } from '../../local/commands/journey-lines.ts';
import { aReport, clearWinner } from '../report/a-report.ts';
import { aJourney, DAY, NOON } from '../support/an-experiment.ts';
import { openSite, type Site } from '../support/site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
  await site.started({ id: 'checkout' });
});
afterAll(() => site?.stop());

describe('GET /v1/experiments/{experiment}/journeys.jsonl', () => {
  it('hands out all journeys over linked pages, none twice, none left out', async () => {
    const visitors = Array.from({ length: 130 }, (_, i) => `visitor-${i}`);
    // Six of these fill an answer.
    const ballast = { ballast: 'x'.repeat(390_000) };
    for (const [i, visitor] of visitors.entries())
      await site.deps.journeys.record(aJourney({ visitor, ...(i % 15 === 0 && { segments: ballast }) }));
    const answers: { status: number; type: string | null; bytes: number }[] = [];
    const lines: string[] = [];
    const ask = async (address: string) => {
      const { status, headers, body } = await site.ask('GET', address.replace('http://here', ''));
      answers.push({ status, type: headers.get('content-type'), bytes: Buffer.byteLength(body) });
      return new Response(body, { headers });
    };
    for await (const page of journeyLines('http://here/v1/experiments/checkout/journeys.jsonl', ask)) lines.push(page);
    const journeys = lines.flatMap((page) =>
      page
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Journey),
    );
    expect(journeys.map(({ visitor }) => visitor).sort()).toEqual(visitors.sort());
    expect(answers.length).toBeGreaterThan(1);
    for (const { status, type, bytes } of answers) {
      expect([status, type]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
      expect(bytes).toBeLessThanOrEqual(2_500_000);
    }
    expect(journeys[0]).toEqual(await site.deps.journeys.find('checkout', journeys[0]?.visitor ?? ''));
  });

  it.each([
    ['nowhere/journeys.jsonl', 404, 'experiment.not-found'],
    [`checkout/journeys.jsonl?after=${'x'.repeat(129)}`, 400, 'request.invalid'],
    ['checkout/reports?before=yesterday', 400, 'request.invalid'],
    ['checkout/reports/yesterday', 404, 'report.not-found'],
    ['checkout/reports/2026-01-15T12:00:00.001Z', 404, 'report.not-found'],
    ['nowhere/reports', 404, 'experiment.not-found'],
  ])('refuses %s', async (path, status, code) => {
    expect((await site.ask('GET', `/v1/experiments/${path}`)).json).toMatchObject({ status, code });
  });
});

describe('GET /v1/experiments/{experiment}/reports', () => {
  it('lists what the schedule wrote over linked pages, and shows each as it was', async () => {
    const report = aReport({ daily: clearWinner });
    for (let day = 0; day < 33; day++)
      await site.deps.reports.put({ ...report, writtenAt: NOON + day * DAY }, `<h1>day ${day}</h1>`);
    const first = await site.ask('GET', '/v1/experiments/checkout/reports');
    const next = /^<(.+)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await site.ask('GET', next);
    const written = [first, second].flatMap(({ json }) =>
      json.reports.map((each: { writtenAt: number }) => each.writtenAt),
    );
    expect(written).toEqual(Array.from({ length: 33 }, (_, i) => NOON + (32 - i) * DAY));
    expect([first.json.reports.length, second.headers.get('link')]).toEqual([31, null]);
    expect(first.json.reports[0]).toMatchObject({ label: 'Winner: Three asks', counted: 28_000 });

    const path = `/v1/experiments/checkout/reports/${new Date(NOON + 3 * DAY).toISOString()}`;
    expect((await site.ask('GET', path)).json).toMatchObject({
      writtenAt: NOON + 3 * DAY,
      experiment: { id: 'checkout' },
    });
    const page = await site.ask('GET', `${path}/report.html`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.body).toBe('<h1>day 3</h1>');
  });
});
