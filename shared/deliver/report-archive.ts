import type { Report } from '../report/report.ts';
import type { ReportArchive } from '../usecases/ports.ts';
import { type AwsIdentity, signAws } from './sign-aws.ts';

const ATTEMPTS = 3;

export type ArchiveOptions = Pick<AwsIdentity, 'credentials' | 'region'> & {
  readonly bucket: string;
  readonly clock: () => number;
  readonly send?: (url: URL, init: RequestInit) => Promise<Response>;
  readonly wait: (ms: number) => Promise<void>;
};

/** Where a report lies, without its ending: by experiment, in the order of time. @example archived('checkout', 0) // 'reports/checkout/1970-01-01T000000Z' */
export const archived = (experiment: string, writtenAt: number): string =>
  `reports/${experiment}/${new Date(writtenAt).toISOString().replace(/:|\.\d+/g, '')}`;

/**
 * Keeps every report in S3, as JSON for programs and as the page for people. Two signed requests instead of an SDK client, which would
 * weigh more than the function.
 */
export function s3Archive({ bucket, clock, send = fetch, wait, ...identity }: ArchiveOptions): ReportArchive {
  return {
    async put(report: Report, html: string) {
      const path = archived(report.experiment.id, report.writtenAt);
      await put(`${path}.json`, 'application/json', JSON.stringify(report));
      await put(`${path}.html`, 'text/html; charset=utf-8', html);
    },
  };

  async function put(path: string, contentType: string, body: string): Promise<void> {
    const url = new URL(`https://${bucket}.s3.${identity.region}.amazonaws.com/${path}`);
    const headers = { 'content-type': contentType };
    for (let attempt = 1; ; attempt++) {
      const signed = await signAws({ method: 'PUT', url, headers, body }, { ...identity, service: 's3' }, clock());
      const answer = await send(url, { method: 'PUT', headers: signed, body, signal: AbortSignal.timeout(10_000) });
      if (answer.ok) return;
      const why = `S3 answered ${answer.status} to ${path}: ${(await answer.text()).slice(0, 300)}`;
      if (answer.status < 500 || attempt === ATTEMPTS) throw new Error(why);
      await wait(attempt * 1_000);
    }
  }
}
