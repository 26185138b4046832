import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SIGN_IN_PATH } from '#shared/contracts/sign-in.ts';
import { ROOT } from '../../infra/bundle.ts';
import { FIXED_NAMES } from '../../infra/dashboard-site.ts';
import { FUNCTIONS } from '../../infra/function-names.ts';

const out = mkdtempSync(join(tmpdir(), 'stepladder-synth-'));
afterAll(() => rmSync(out, { recursive: true }));

describe('infra/app.ts', () => {
  it('synthesizes without a network, without credentials, and from nothing but the sources', () => {
    const { app } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8'));
    expect(app).toBe('tsx infra/app.ts');
    execFileSync(process.execPath, ['--import', './test/infra/no-network.mjs', '--import', 'tsx', 'infra/app.ts'], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, HOME: '/nonexistent', CDK_OUTDIR: out, CDK_VALIDATION: 'false' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const files = readdirSync(out);
    expect(files).toContain('Stepladder-live.template.json');
    const folders = files.filter((file) => file.startsWith('asset.') && !file.includes('.zip'));
    const assets = folders.map((asset) => readdirSync(join(out, asset)));
    // One folder for each function that every stage has. The maps stay at home.
    const functions = assets.filter((content) => content.includes('index.mjs'));
    expect(functions).toHaveLength(FUNCTIONS.length - 1);
    expect(functions.flat().filter((file) => !/\.mjs$|^openapi\.json$/.test(file))).toEqual([]);
    // The dashboard as it was built a moment ago. What is not named by its content must not be kept for ever.
    const [dashboard = []] = assets.filter((content) => content.includes('index.html'));
    expect(dashboard).toContainEqual(expect.stringMatching(/^app-[0-9a-f]{10}\.js$/));
    const fixed = dashboard.filter((name) => !/-[0-9a-f]{10}\.\w+$/.test(name));
    expect([...fixed, SIGN_IN_PATH.slice(1)].sort()).toEqual([...FIXED_NAMES].sort());
  });
});
