import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import {
  CreateTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { dynamoClient } from '#shared/store/dynamo/client.ts';
import { type TableNames, TTL_ATTRIBUTE, tableShapes } from '#shared/store/dynamo/tables.ts';
import { indexStream } from './engine-index.ts';

// The SDK announces the end of Node 20 at every start; the README states the supported range instead.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** A DynamoDB to work on, wherever it runs. `stop` ends what was started here and nothing else. */
export type Engine = {
  readonly endpoint: string;
  readonly client: DynamoDBClient;
  /** The process of an engine that was started here, as it is now. */
  readonly pid: () => number | undefined;
  readonly stop: () => Promise<void>;
};

type EngineOptions = {
  /** Where the engine keeps its data; without one it forgets everything when it stops. */
  readonly file?: string;
  /** An engine that runs already, to be used instead. */
  readonly endpoint?: string | undefined;
  /** Hears when an engine with a file stopped by itself and was started again. */
  readonly report?: (what: string) => void;
};

/**
 * Starts the embedded engine, or uses the one that `endpoint` names. One with a file that dies is started again on its port:
 * what it acknowledged is in the file, and whoever asks meanwhile is told that the store is busy.
 */
export async function startEngine({ file, endpoint: running, report }: EngineOptions = {}): Promise<Engine> {
  if (running) return { endpoint: running, client: clientOf(running), pid: () => undefined, stop: async () => {} };
  if (file) await prepareFile(file);
  const place = await freePlace();
  let child = await launch(place, file);
  let stopping = false;
  const revive = (code: number | null, signal: string | null) => {
    if (stopping || !file) return;
    launch(place, file).then(
      (next) => {
        child = next.once('exit', revive);
        if (stopping) end();
        else report?.(`The embedded engine died (${signal ?? `exit code ${code}`}) and was started again.`);
      },
      (error: unknown) => report?.(`The embedded engine died and cannot be started again: ${String(error)}`),
    );
  };
  child.once('exit', revive);
  const endpoint = endpointOf(place);
  const client = clientOf(endpoint);
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  return {
    endpoint,
    client,
    pid: () => child.pid,
    stop: async () => {
      stopping = true;
      client.destroy();
      process.removeListener('exit', end);
      await stopped(child);
    },
  };
}

type Place = { readonly host: string; readonly port: number };
const endpointOf = ({ host, port }: Place) => `http://${host}:${port}`;

/** Lets the engine make its file, if there is none, and gives the file the index that keeps writes fast. */
async function prepareFile(file: string): Promise<void> {
  // Secrets and keys' hashes are in it.
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (!existsSync(file)) await stopped(await launch(await freePlace(), file));
  await indexStream(file);
}

async function launch(place: Place, file: string | undefined): Promise<ChildProcess> {
  const at = ['--host', place.host, '--port', String(place.port)];
  const child = spawn(binary(), ['serve', ...at, ...(file ? ['--db-path', file] : [])], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own, so that Ctrl-C reaches us first and the engine is stopped last, with nothing left unwritten.
    detached: true,
  });
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2000);
  });
  await answering(endpointOf(place), child, () => complaint);
  return child;
}

/** Creates the tables that are not there yet. */
export async function createTables(client: DynamoDBClient, names: TableNames): Promise<void> {
  for (const shape of tableShapes(names)) {
    try {
      await client.send(new CreateTableCommand(shape));
    } catch (error) {
      if (!(error instanceof ResourceInUseException)) throw error;
    }
  }
  await client
    .send(
      new UpdateTimeToLiveCommand({
        TableName: names.journeys,
        TimeToLiveSpecification: { AttributeName: TTL_ATTRIBUTE, Enabled: true },
      }),
    )
    .catch((error: Error) => {
      // Set on an earlier start; engines say so in different words.
      if (!/already enabled/i.test(error.message)) throw error;
    });
}

/** Credentials are made up: no local engine checks them, and none of a real account may be sent to one. */
export const clientOf = (endpoint: string): DynamoDBClient =>
  dynamoClient({
    endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 3,
    signer: UNSIGNED,
  });

/** Signing takes a good part of what a call costs here, and nobody on this machine checks more than that there is a signature. */
const UNSIGNED = {
  sign: async <T extends { headers: Record<string, string> }>(request: T): Promise<T> => {
    request.headers.authorization =
      'AWS4-HMAC-SHA256 Credential=local/20260101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=local';
    request.headers['x-amz-date'] = '20260101T000000Z';
    return request;
  },
};

function binary(): string {
  const name = `@dynoxide/${process.platform}-${process.arch}`;
  try {
    const path = join(
      dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)),
      process.platform === 'win32' ? 'dynoxide.exe' : 'dynoxide',
    );
    if (existsSync(path)) return path;
  } catch {
    // Falls through to the sentence below, which says more than "cannot resolve" does.
  }
  throw new Error(
    `the embedded DynamoDB engine for ${process.platform}-${process.arch} is not installed; ` +
      `run npm install --no-save ${name}@1.2.1, or set AWS_ENDPOINT_URL_DYNAMODB to any DynamoDB`,
  );
}

async function answering(endpoint: string, child: ChildProcess, complaint: () => string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null)
      throw new Error(`the embedded engine stopped at once: ${complaint().trim() || `exit code ${child.exitCode}`}`);
    // Any answer will do: what is asked for is no request the engine knows.
    const alive = await fetch(endpoint).then(
      () => true,
      () => false,
    );
    if (alive) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`the embedded engine did not answer within five seconds: ${complaint().trim()}`);
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    const impatience = setTimeout(() => child.kill('SIGKILL'), 3_000);
    child.once('exit', () => {
      clearTimeout(impatience);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

/**
 * Where the engine listens: an address that no web page finds. It asks nobody who they are and lets every page read its answers, so
 * whatever is open in a browser here could read the tables once it had tried the ports of 127.0.0.1. Of this machine's own
 * addresses there are sixteen million; where a system has but the one (macOS), that has to do.
 */
async function freePlace(): Promise<Place> {
  const host = `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`;
  return (await freePortAt(host).catch(() => undefined)) ?? freePortAt('127.0.0.1');
}

function freePortAt(host: string): Promise<Place> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, host, () => {
      const address = probe.address();
      probe.close(() => resolve({ host, port: typeof address === 'object' && address ? address.port : 0 }));
    });
  });
}
