import { describe, expect, it } from 'vitest';
import { csv, laddersCsv, reportCsv } from '#shared/report/csv.ts';
import { anExperiment, steps } from '../support/an-experiment.ts';
import { aReport, aTally, clearWinner } from './a-report.ts';

const rows = (text: string): string[][] =>
  text
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','));

describe('csv', () => {
  it('quotes what a reader would take for a separator, and doubles quotes', () => {
    expect(csv([['a,b', 'say "yes"', 'two\nlines', 1.5, true, null]])).toBe(
      '"a,b","say ""yes""","two\nlines",1.5,true,\r\n',
    );
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1'])(
    'makes a text that begins like a formula harmless: %j',
    (text) => {
      expect(csv([[text]]).replace(/^"/, '')).toMatch(/^'/);
    },
  );

  it('leaves numbers alone, also below zero', () => {
    expect(csv([[-0.5, -12]])).toBe('-0.5,-12\r\n');
  });
});

describe('reportCsv', () => {
  it('has a row for every rung of every variant, and names cannot run', () => {
    const experiment = anExperiment({
      variants: [
        { id: 'one-ask', name: '=HYPERLINK("https://evil")', steps: steps('buy') },
        { id: 'ladder', name: 'Three asks', steps: steps('question', 'plan', 'buy') },
      ],
    });
    const text = reportCsv(aReport({ experiment, daily: clearWinner }));
    expect(rows(text)).toHaveLength(1 + 1 + 3);
    expect(text).toContain(`"'=HYPERLINK(""https://evil"")"`);
    expect(text).not.toMatch(/NaN|undefined/);
  });
});

describe('laddersCsv', () => {
  it('gives back the counts, day by day and class by class', () => {
    const [head = [], ...body] = rows(
      laddersCsv(
        new Map([
          ...aTally({ days: 3, daily: clearWinner }),
          ...aTally({ days: 1, daily: { ladder: [5, 0, 0, 0] }, kind: 'machine' }),
        ]),
      ),
    );
    expect(body).toHaveLength(3 * 2 + 1);
    const column = (row: string[], name: string) => row[head.indexOf(name)];
    const ladder = body.find((row) => column(row, 'variant') === 'ladder' && column(row, 'class') === 'human');
    expect(['visitors', 'rung_1', 'rung_2', 'rung_3'].map((name) => column(ladder ?? [], name))).toEqual([
      '1000',
      '600',
      '300',
      '150',
    ]);
  });
});
