import { beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../client/build.ts';
import { eventsOf, openPage } from './page.ts';

let client = '';
beforeAll(async () => {
  client = await bundle('stepladder-api.js');
});

describe('the outbox', () => {
  it('sends what happens within a quarter of a second in one request', async () => {
    const page = openPage(client);
    const ladder = page.ladder();
    ladder.step('four-steps', 'answer');
    ladder.step('four-steps', 'plan');
    ladder.value('four-steps', 'buy', 2990);
    await page.pass(249);
    expect(page.sent).toHaveLength(0);
    await page.pass(1);
    const [events, ...more] = page.sent.map(eventsOf);
    expect(more).toEqual([]);
    expect(events?.map(({ step, value }) => [step, value]).sort()).toEqual([
      ['answer', undefined],
      ['buy', 2990],
      ['plan', undefined],
    ]);
  });

  it('keeps the time of an event through all tries', async () => {
    const page = openPage(client, { reply: (_, number) => ({ status: number < 3 ? 503 : 200 }) });
    page.ladder().step('four-steps', 'answer');
    await page.pass(10_000);
    expect(new Set(page.sent.flatMap(eventsOf).map(({ at }) => at)).size).toBe(1);
    expect(page.sent).toHaveLength(3);
  });

  it('waits longer after each failure, eight and a half minutes at most', async () => {
    const page = openPage(client, { reply: () => ({ status: 500 }), before: 'Math.random = () => 1 - Number.EPSILON' });
    page.ladder().step('four-steps', 'answer');
    await page.pass(3_600_000);
    const pauses = page.sent.slice(1).map(({ at }, i) => Math.round((at - (page.sent[i]?.at ?? 0)) / 1000));
    expect(pauses.slice(0, 10)).toEqual([1, 3, 7, 15, 31, 63, 127, 255, 511, 511]);
  });

  it('leaves the server alone as long as it asks, whatever is added or flushed meanwhile', async () => {
    const page = openPage(client, {
      reply: (_, number) => (number === 1 ? { status: 429, retryAfter: '20' } : { status: 200 }),
    });
    const ladder = page.ladder();
    ladder.step('four-steps', 'answer');
    await page.pass(300);
    ladder.step('four-steps', 'plan');
    await ladder.flush();
    await page.pass(19_900);
    page.document.hidden = true;
    page.happen('visibilitychange');
    expect([page.sent.length, page.beacons.length]).toEqual([1, 0]);
    await page.pass(1_100);
    expect(page.sent.map((each) => eventsOf(each).length)).toEqual([1, 2]);
  });

  it('does not forget a pause because an event came while the request was under way', async () => {
    let answer = (_: { status: number; retryAfter?: string }) => {};
    const page = openPage(client, { reply: () => new Promise((resolve) => (answer = resolve)) });
    const ladder = page.ladder();
    ladder.step('four-steps', 'answer');
    await page.pass(250);
    ladder.step('four-steps', 'plan');
    answer({ status: 503, retryAfter: '60' });
    await page.pass(59_000);
    expect(page.sent).toHaveLength(1);
  });

  it.each([400, 401, 403, 404, 413, 422])('gives up what a %i refuses', async (status) => {
    const storage = {};
    const page = openPage(client, { storage, reply: () => ({ status }) });
    page.ladder().step('four-steps', 'answer');
    await page.pass(60_000);
    expect(page.sent).toHaveLength(1);
    expect(Object.keys(storage).filter((name) => name.includes('event'))).toEqual([]);
  });

  it.each([
    { name: 'a 408', reply: { status: 408 } },
    { name: 'a 429', reply: { status: 429 } },
    { name: 'a 500', reply: { status: 500 } },
    { name: 'a 503', reply: { status: 503 } },
    { name: 'the login page of a hotel', reply: { status: 200, text: '<html>Welcome</html>' } },
  ])('keeps what $name answers, and sends it from the next page', async ({ reply }) => {
    const storage = {};
    const page = openPage(client, { storage, reply: () => reply });
    page.ladder().step('four-steps', 'answer');
    await page.pass(500);
    const next = openPage(client, { storage });
    next.ladder();
    await next.pass(0);
    expect(next.sent.map(eventsOf)).toMatchObject([[{ step: 'answer' }]]);
    expect(Object.keys(storage).filter((name) => name.includes('event'))).toEqual([]);
  });

  it('sends again what the server failed with, and nothing that it took or refused', async () => {
    const storage = {};
    const statuses = ['recorded', 'failed', 'refused', 'failed', 'duplicate'];
    const page = openPage(client, {
      storage,
      reply: (_, number) => ({
        status: 200,
        text: JSON.stringify({ answers: number === 1 ? statuses.map((status) => ({ status })) : [] }),
      }),
    });
    const ladder = page.ladder();
    for (const i of statuses.keys()) {
      ladder.step('four-steps', `step-${i}`);
      await page.pass(1);
    }
    await page.pass(60_000);
    expect(page.sent.map((each) => eventsOf(each).map(({ step }) => step))).toEqual([
      ['step-0', 'step-1', 'step-2', 'step-3', 'step-4'],
      ['step-1', 'step-3'],
    ]);
    expect(Object.keys(storage).filter((name) => name.includes('event'))).toEqual([]);
  });

  it('waits longer and longer with an event that the server fails with again and again', async () => {
    const page = openPage(client, {
      reply: () => ({ status: 200, text: '{"answers":[{"status":"failed"}]}' }),
      before: 'Math.random = () => 1 - Number.EPSILON',
    });
    page.ladder().step('four-steps', 'answer');
    await page.pass(3_600_000);
    expect(page.sent.length).toBeGreaterThan(9);
    expect(page.sent.length).toBeLessThan(20);
  });

  it('holds a hundred events, and lets the oldest go', async () => {
    const storage = {};
    const page = openPage(client, { storage, reply: () => ({ status: 500 }) });
    const ladder = page.ladder();
    for (let i = 0; i < 130; i++) {
      ladder.step('four-steps', `step-${i}`);
      await page.pass(1);
    }
    const waiting = Object.entries(storage)
      .filter(([name]) => name.includes('event'))
      .map(([, text]) => text as string);
    expect(waiting).toHaveLength(100);
    expect(waiting.join()).toContain('step-129');
    expect(waiting.join()).not.toContain('step-29"');
  });

  it('holds no more than a browser sends for a page that is gone, in any script', async () => {
    const page = openPage(client);
    const ladder = page.ladder();
    for (let i = 0; i < 100; i++) ladder.step('東'.repeat(200), '京'.repeat(300));
    page.document.hidden = true;
    page.happen('visibilitychange');
    const bytes = Buffer.byteLength(page.beacons[0]?.body ?? '');
    expect(bytes).toBeGreaterThan(30_000);
    expect(bytes).toBeLessThan(65_536);
  });

  it('loses nothing between two tabs that write, send and fail by turns', async () => {
    const storage = {};
    const received = new Set<unknown>();
    const reply = (tab: number) => (sent: Parameters<typeof eventsOf>[0], number: number) => {
      if ((number + tab) % 3 === 0) return { status: 503 };
      for (const { step } of eventsOf(sent)) received.add(step);
      return { status: 200 };
    };
    const tabs = [0, 1].map((tab) => openPage(client, { storage, reply: reply(tab) }));
    const ladders = tabs.map((tab) => tab.ladder());
    for (let i = 0; i < 90; i++) {
      ladders[i % 2]?.step('four-steps', `step-${i}`);
      if (i % 5 === 0) for (const tab of tabs) await tab.pass(100);
    }
    for (const tab of tabs) await tab.pass(600_000);
    expect(received.size).toBe(90);
    expect(new Set(tabs.flatMap((tab) => tab.sent.flatMap(eventsOf)).map(({ visitor }) => visitor)).size).toBe(1);
  });

  it('shows its key in the header, and in the body, because a beacon has no headers', async () => {
    const page = openPage(client);
    const ladder = page.ladder({ api: 'https://ladder.example.com', key: 'pk_1' });
    ladder.step('four-steps', 'answer');
    page.document.hidden = true;
    page.happen('visibilitychange');
    await page.pass(300);
    expect(page.beacons[0]).toMatchObject({ path: 'https://ladder.example.com/v1/events', headers: {} });
    expect(JSON.parse(page.beacons[0]?.body ?? '').key).toBe('pk_1');
    expect(page.sent[0]?.headers).toEqual({ 'x-api-key': 'pk_1' });
  });

  it('sends arrays whole from pages that taught them a toJSON', async () => {
    const page = openPage(client, { before: 'Array.prototype.toJSON = function () { return "spoilt" }' });
    page.ladder().step('four-steps', 'answer');
    await page.pass(300);
    expect(page.sent.map(eventsOf)).toMatchObject([[{ step: 'answer' }]]);
  });
});
