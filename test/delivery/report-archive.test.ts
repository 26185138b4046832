import { describe, expect, it } from 'vitest';
import { archived, s3Archive } from '#shared/deliver/report-archive.ts';
import { aReport, clearWinner } from '../report/a-report.ts';

const report = aReport({ daily: clearWinner });

/** S3 as it answers: so many times badly, then well. */
function bucket(...answers: number[]) {
  const sent: { url: string; headers: Record<string, string>; body: string }[] = [];
  const waits: number[] = [];
  const archive = s3Archive({
    bucket: 'reports-of-ours',
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret', sessionToken: 'session' },
    clock: () => Date.UTC(2026, 0, 15),
    wait: async (ms) => void waits.push(ms),
    send: async (url, init) => {
      sent.push({ url: url.href, headers: init.headers as Record<string, string>, body: String(init.body) });
      return new Response('<Error>why</Error>', { status: answers.shift() ?? 200 });
    },
  });
  return { sent, waits, put: () => archive.put(report, '<p>the page</p>') };
}

describe('archived', () => {
  it('names reports of an experiment in the order of time', () => {
    expect(archived('checkout', 0)).toBe('reports/checkout/1970-01-01T000000Z');
    const names = [0, 1_000, 60_000, 86_400_000, 3e12].map((at) => archived('checkout', at));
    expect(names).toEqual([...names].sort());
  });
});

describe('the archive', () => {
  it('keeps a report as JSON and as the page, each signed with what it is', async () => {
    const { sent, put } = bucket();
    await put();
    const path = `https://reports-of-ours.s3.eu-central-1.amazonaws.com/${archived(report.experiment.id, report.writtenAt)}`;
    expect(sent.map(({ url }) => url)).toEqual([`${path}.json`, `${path}.html`]);
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual(JSON.parse(JSON.stringify(report)));
    expect(sent.map(({ headers }) => headers['content-type'])).toEqual([
      'application/json',
      'text/html; charset=utf-8',
    ]);
    for (const { headers } of sent) {
      expect(headers.authorization).toMatch(
        /^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/20260115\/eu-central-1\/s3\/aws4_request, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token,/,
      );
      expect(headers).not.toHaveProperty('host');
    }
  });

  it('asks again when S3 is busy, and not when S3 refuses', async () => {
    const busy = bucket(503, 500);
    await busy.put();
    expect(busy.sent).toHaveLength(4);
    expect(busy.waits).toEqual([1_000, 2_000]);
    const refused = bucket(403);
    await expect(refused.put()).rejects.toThrow(/S3 answered 403 to reports\/\S+\.json: <Error>why/);
    expect(refused.sent).toHaveLength(1);
  });

  it('gives up after three tries', async () => {
    const away = bucket(503, 503, 503, 503);
    await expect(away.put()).rejects.toThrow('S3 answered 503');
    expect(away.sent).toHaveLength(3);
  });
});
