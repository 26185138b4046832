import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Engine, startEngine } from '../../local/stand-ins/engine.ts';

const place = mkdtempSync(join(tmpdir(), 'stepladder-engine-'));
const folder = join(place, 'data');
let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ file: join(folder, 'stepladder.db') });
});
afterAll(async () => {
  await engine?.stop();
  rmSync(place, { recursive: true });
});

// macOS has one address of its own machine.
describe.runIf(process.platform !== 'darwin')('the embedded engine, which lets every page read its answers', () => {
  it('listens at an address that is drawn, where no page finds it by trying ports', async () => {
    const { hostname, port } = new URL(engine.endpoint);
    expect(hostname).toMatch(/^127(\.\d+){3}$/);
    expect(hostname).not.toBe('127.0.0.1');
    expect(await engine.client.send(new ListTablesCommand({}))).toMatchObject({ TableNames: [] });
    for (const known of ['127.0.0.1', 'localhost', '[::1]'])
      await expect(fetch(`http://${known}:${port}/`)).rejects.toThrow('fetch failed');
    const another = await startEngine();
    expect(new URL(another.endpoint).hostname).not.toBe(hostname);
    await another.stop();
  });
});

describe('the file of the embedded engine', () => {
  it('lies in a folder of whoever started it alone: the secrets of the installation are in it', () => {
    expect(statSync(folder).mode & 0o077).toBe(0);
  });
});
