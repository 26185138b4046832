import { execFile } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signAws } from '#shared/deliver/sign-aws.ts';
import { apiClient } from '../../local/commands/api-client.ts';
import { wordsNeeded } from '../../local/commands/command.ts';
import { proofFor } from '../../local/commands/proof.ts';
import { ROOT } from '../../local/graph/source-files.ts';
import { anExperiment } from '../support/an-experiment.ts';
import { type KeyedSite, openKeyedSite } from '../support/keyed-site.ts';

const run = promisify(execFile);
/** The credentials of AWS's own examples. */
const EXAMPLE = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };

describe('signAws', () => {
  it('signs as AWS’s own example of a request to S3 is signed', async () => {
    const headers = await signAws(
      {
        method: 'GET',
        url: new URL('https://examplebucket.s3.amazonaws.com/test.txt'),
        headers: { range: 'bytes=0-9' },
      },
      { credentials: EXAMPLE, region: 'us-east-1', service: 's3' },
      Date.UTC(2013, 4, 24),
    );
    expect(headers.authorization).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, ' +
        'SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, ' +
        'Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    );
  });
});

describe('the proof of who calls', () => {
  it('is a signature where API Gateway is asked, over the method, the path, the query and the body', async () => {
    const url = new URL('https://abc.execute-api.eu-central-1.amazonaws.com/v1/experiments/a%20b/start?x=1&a=%2F');
    const body = '{"ship":"four"}';
    process.env.AWS_ACCESS_KEY_ID = EXAMPLE.accessKeyId;
    process.env.AWS_SECRET_ACCESS_KEY = EXAMPLE.secretAccessKey;
    const plain = { 'content-type': 'application/json' };
    const headers = await proofFor(url.origin, {}, '/nowhere')({ method: 'POST', url, headers: plain, body });
    expect(headers.authorization).toBe(recomputed('POST', url, headers, body));
  });

  it('is a key elsewhere, and the key of this machine is sent to this machine alone', async () => {
    const asked = { method: 'GET', url: new URL('http://x/'), headers: {} };
    expect(await proofFor('https://example.com', {}, ROOT)(asked)).toEqual({});
    expect(await proofFor('https://example.com', { STEPLADDER_KEY: 'k' }, ROOT)(asked)).toEqual({
      authorization: 'Bearer k',
    });
  });
});

/** Signature Version 4 again, from its description, in other words than the library's. */
function recomputed(method: string, url: URL, headers: Readonly<Record<string, string>>, body: string): string {
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const [, scope = '', names = ''] =
    /Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+),/.exec(headers.authorization ?? '') ?? [];
  const [date = '', region = '', service = ''] = scope.split('/');
  const all: Readonly<Record<string, string>> = { ...headers, host: url.host };
  const canonical = [
    method,
    url.pathname.split('/').map(encodeURIComponent).join('/'),
    [...url.searchParams]
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .sort()
      .join('&'),
    ...names.split(';').map((name) => `${name}:${all[name]}`),
    '',
    names,
    hash(body),
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', all['x-amz-date'], scope, hash(canonical)].join('\n');
  const key = ['aws4_request', service, region, date].reduceRight<Buffer | string>(
    (made, part) => hmac(made, part),
    `AWS4${EXAMPLE.secretAccessKey}`,
  );
  const signature = hmac(key, toSign).toString('hex');
  return `AWS4-HMAC-SHA256 Credential=${EXAMPLE.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
}

describe('npm run stepladder', () => {
  let site: KeyedSite;
  beforeAll(async () => {
    site = await openKeyedSite();
    await site.put(anExperiment({ id: 'checkout' }));
  });
  afterAll(() => site?.stop());
  const stepladder = (...args: string[]) =>
    run(process.execPath, ['--import', 'tsx', 'local/stepladder.ts', ...args], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, STEPLADDER_URL: site.origin, STEPLADDER_DATA: '/nonexistent' },
    }).then(
      ({ stdout }) => stdout,
      ({ stdout, stderr }: { stdout: string; stderr: string }) => `${stdout}${stderr}`,
    );

  it('repairs, rotates and erases through the API', async () => {
    expect(await stepladder('redrive')).toContain('checkout: the live counts are the recount.');
    expect(await stepladder('rotate-secret', 'token')).toContain('is accepted now and signs from 2026-01-15T12:10');
    expect(await stepladder('erase', 'nobody')).toBe('There was nothing of them.\n');
  });

  it('shows and changes the holdout', async () => {
    expect(await stepladder('holdout')).toBe('0 of all visitors are held out (revision 0, nobody ever set it).\n');
    expect(await stepladder('holdout', '0.05')).toContain(
      '0.05 of all visitors are held out (revision 1, by local, 2026',
    );
    expect(await stepladder('holdout', '5')).toContain('five per cent are 0.05');
  });

  it('says a refusal as the API says it, and shows its help when it is not understood', async () => {
    expect(await stepladder('repair', 'unknown')).toBe('no experiment is called unknown\n');
    expect(await stepladder('rotate-secret', 'recipient')).toContain('is never rotated');
    expect(await stepladder('repair')).toContain('repair ID');
  });
});

describe('wordsNeeded', () => {
  it('counts what is not in brackets', () => {
    const does = '';
    const run = async () => {};
    expect(
      ['KEY [HOURS]', 'ID', undefined].map((takes) => wordsNeeded({ ...(takes && { takes }), does, run })),
    ).toEqual([1, 1, 0]);
  });
});

describe('apiClient', () => {
  let server: Server;
  let seen: IncomingHttpHeaders = {};
  beforeAll(async () => {
    server = createServer((request, response) => {
      seen = request.headers;
      response.writeHead(403, { 'content-type': 'application/json' }).end('{"message":"Forbidden"}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());

  it('sends what proves who calls, and says what API Gateway said', async () => {
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const api = apiClient(address, async () => ({ authorization: 'as proved' }));
    await expect(api.call('GET', '/v1/experiments')).rejects.toThrow('Forbidden');
    expect(seen.authorization).toBe('as proved');
  });
});
