import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentity, Provider } from '@smithy/types';

export type AwsIdentity = {
  readonly credentials: AwsCredentialIdentity | Provider<AwsCredentialIdentity>;
  readonly region: string;
  /** As signatures name it: `s3`, `execute-api`. */
  readonly service: string;
};

export type Unsigned = {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
};

/** The headers of a request, and those of a Signature Version 4 over it, made at an instant (ms). The body travels as it was signed. */
export async function signAws(
  { method, url, headers, body }: Unsigned,
  { service, ...identity }: AwsIdentity,
  at: number,
): Promise<Record<string, string>> {
  // S3 takes a path as it stands; every other service wants it escaped once more.
  const signer = new SignatureV4({ ...identity, service, sha256: Sha256, uriEscapePath: service !== 's3' });
  const query: Record<string, string[]> = {};
  for (const name of new Set(url.searchParams.keys())) query[name] = url.searchParams.getAll(name);
  const signed = await signer.sign(
    {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port && { port: Number(url.port) }),
      path: url.pathname,
      query,
      headers: { ...headers, host: url.host },
      body,
    },
    { signingDate: new Date(at) },
  );
  // Whoever sends the request sets its host, from the address that was signed.
  const { host: _, ...rest } = signed.headers;
  return rest;
}
