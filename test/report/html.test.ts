import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { composeReport } from '#shared/report/compose.ts';
import { reportHtml } from '#shared/report/html.ts';
import type { Report } from '#shared/report/report.ts';
import { FREE_TRIAL_END } from '../../local/recordings/free-trial.ts';
import { freeTrialExperiment, freeTrialTally } from '../../local/recordings/free-trial-tally.ts';
import { anExperiment, DAY, NOON, steps, withWeights } from '../support/an-experiment.ts';
import { communityExperiment, populationTally, SAME, type Truth } from './a-population.ts';
import { aReport, aTally, clearWinner, noDifference } from './a-report.ts';

const freeTrial = (): Report => {
  const experiment = freeTrialExperiment();
  return composeReport(experiment, freeTrialTally(experiment), 0, FREE_TRIAL_END);
};
const page = (report: Report) => parseHTML(reportHtml(report)).document;
const words = (report: Report): string => (page(report).body.textContent ?? '').replace(/\s+/g, ' ');

const community = (now: number, ladder: Truth = { ...SAME, posts: [1.8, 0.9, 0.6, 0.4] }): Report => {
  const experiment = communityExperiment();
  const truth = { 'one-ask': SAME, ladder };
  return composeReport(experiment, populationTally(experiment, truth, { days: 10, daily: 60, seed: 11 }), 0, now);
};

const REPORTS: readonly { name: string; report: () => Report }[] = [
  { name: 'the free trial', report: freeTrial },
  { name: 'nobody at all', report: () => composeReport(anExperiment(), new Map(), 0, NOON) },
  {
    name: 'nobody mature',
    report: () => composeReport(anExperiment(), aTally({ days: 1, daily: clearWinner }), 0, NOON + DAY),
  },
  { name: 'one visitor', report: () => aReport({ days: 1, daily: { 'one-ask': [1, 0], ladder: [0, 0, 0, 0] } }) },
  { name: 'no goal at all', report: () => aReport({ daily: { 'one-ask': [500, 0], ladder: [300, 200, 0, 0] } }) },
  { name: 'everyone at the goal', report: () => aReport({ daily: { 'one-ask': [0, 500], ladder: [0, 0, 0, 500] } }) },
  { name: 'a winner', report: () => aReport({ daily: clearWinner }) },
  {
    name: 'a control that wins',
    report: () => aReport({ daily: { 'one-ask': [800, 200], ladder: [500, 300, 100, 100] } }),
  },
  { name: 'a broken split', report: () => aReport({ daily: { 'one-ask': [900, 100], ladder: [200, 100, 50, 50] } }) },
  { name: 'no difference', report: () => aReport({ days: 28, daily: noDifference }) },
  {
    name: 'four variants',
    report: () =>
      aReport({
        experiment: anExperiment(withWeights(1, 1, 1, 1)),
        daily: { v0: [900, 100], v1: [890, 110], v2: [905, 95], v3: [880, 120] },
      }),
  },
  { name: 'everything measured, half of it mature', report: () => community(NOON + 33 * DAY) },
  { name: 'everything measured, nothing mature', report: () => community(NOON + 2 * DAY) },
  { name: 'a crossed guardrail', report: () => community(NOON + 12 * DAY, { ...SAME, buys: 0.02, spends: 100 }) },
  { name: 'times of people', report: () => aReport({ daily: clearWinner, takes: [5e3, 6e4, 9e5, 7.2e6, 2e8] }) },
];

describe('reportHtml', () => {
  it.each(REPORTS)('shows no number that is none: $name', ({ report }) => {
    expect(reportHtml(report())).not.toMatch(/NaN|Infinity|undefined|\bnull\b|\[object/);
  });

  it.each(REPORTS)('is one file without a script that loads nothing: $name', ({ report }) => {
    const html = reportHtml(report());
    expect(html).not.toMatch(/<script|<link|<img|<iframe|\ssrc=|@import|url\(\s*["']?(https?:|\/\/)|\son\w+=/i);
    expect(
      page(report()).querySelector('meta[http-equiv="Content-Security-Policy"]')?.getAttribute('content'),
    ).toContain("default-src 'none'");
  });

  it.each(REPORTS)('gives every plot a title, a description and a sentence: $name', ({ report }) => {
    const document = page(report());
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const plot of document.querySelectorAll('svg.plot')) {
      expect(plot.getAttribute('role')).toBe('img');
      for (const id of (plot.getAttribute('aria-labelledby') ?? '').split(' '))
        expect(document.getElementById(id)?.textContent).not.toBe('');
      expect(plot.closest('figure')?.querySelector('figcaption')?.textContent).not.toBe('');
    }
  });

  it('says the verdict before anything else, in one sentence', () => {
    expect(page(freeTrial()).querySelector('h1')?.textContent).toMatch(
      /^No clear difference at the goal \(one step 0\.96.%, question first 0\.92.%\)\.$/,
    );
    expect(page(aReport({ daily: clearWinner })).querySelector('h1')?.textContent).toMatch(/^Three asks wins/);
  });

  it('shows names as they were written, whatever they contain', () => {
    const nasty = '<script>alert(1)</script>"\'&<img src=x onerror=alert(1)>';
    const experiment = anExperiment({
      name: nasty,
      hypothesis: nasty,
      variants: [
        { id: 'one-ask', name: nasty, steps: [{ id: 'buy', name: nasty }] },
        {
          id: 'ladder',
          name: `${nasty}2`,
          steps: [{ id: 'question', name: nasty }, ...steps('plan'), { id: 'buy', name: nasty }],
        },
      ],
    });
    const report = aReport({ experiment, daily: clearWinner, takes: [5e3, 6e4, 9e5] });
    const document = page(report);
    expect(document.querySelector('script, img, [onerror]')).toBeNull();
    expect(document.querySelector('title')?.textContent).toContain(nasty);
    expect(document.querySelector('.eyebrow b')?.textContent).toBe(nasty);
  });

  it('reads the free trial as its publisher did: the question costs enrolments, and payments are not clear', () => {
    const text = words(freeTrial());
    expect(text).toContain('enrolquestion first−0.16');
    expect(text).toContain('is not shared out: there may be nothing to share');
    expect(text).toMatch(
      /question first loses between “start free trial” and “enrol”, where “answer the question” stands \(−9\.4.%\)/,
    );
    expect(text).toContain('“answer the question” itself was not counted, so nothing is said about who stops there');
  });

  it('shows no time on step where everyone took the same time, and says why', () => {
    expect(words(freeTrial())).toContain('Not shown: everyone took the same time');
    expect(page(freeTrial()).querySelector('svg[aria-labelledby^="time-"]')).toBeNull();
    expect(
      page(aReport({ daily: clearWinner, takes: [5e3, 6e4, 9e5] })).querySelector('svg[aria-labelledby^="time-"]'),
    ).not.toBeNull();
  });

  it('shares a clear difference out between the steps both ladders have', () => {
    const experiment = anExperiment({
      variants: [
        { id: 'one-ask', name: 'Short', steps: steps('lead', 'buy') },
        { id: 'ladder', name: 'Long', steps: steps('question', 'lead', 'buy') },
      ],
    });
    const text = words(aReport({ experiment, daily: { 'one-ask': [500, 400, 100], ladder: [300, 200, 300, 200] } }));
    expect(text).toContain('Most of that');
    expect(text).toContain('This is accounting, not cause');
  });

  it('tells who was not counted, and what counting machines would have changed', () => {
    const experiment = anExperiment();
    const people = aTally({ daily: clearWinner });
    const robots = aTally({ daily: { 'one-ask': [0, 400], ladder: [0, 0, 0, 0] }, kind: 'machine' });
    const text = words(composeReport(experiment, new Map([...people, ...robots]), 0, NOON + 22 * DAY));
    expect(text).toContain('Machines5,600');
    expect(text).toContain('another variant would be ahead');
  });
});
