import { defaultProvider } from '@aws-sdk/credential-provider-node';
import type { ReportArchive } from '#shared/usecases/ports.ts';

/** The bucket of reports, where the installation has one. What signs for it is loaded with the first report. */
export function reportArchive(bucket: string | undefined): ReportArchive | undefined {
  if (bucket === undefined) return undefined;
  return {
    put: async (report, html) => {
      const { s3Archive } = await import('#shared/deliver/report-archive.ts');
      const archive = s3Archive({
        bucket,
        region: process.env.AWS_REGION ?? '',
        credentials: defaultProvider(),
        clock: Date.now,
        wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      });
      await archive.put(report, html);
    },
  };
}
