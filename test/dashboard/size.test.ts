import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { buildDashboard } from '../../dashboard/build.ts';

describe('buildDashboard', () => {
  const { files } = buildDashboard(mkdtempSync(join(tmpdir(), 'dashboard-')));

  it('loads for the first time under 150 KB, compressed', () => {
    const bytes = files.reduce((sum, { content }) => sum + gzipSync(content).length, 0);
    expect(bytes).toBeLessThan(150_000);
  });

  it('names what may be kept for ever by its content, and asks nothing of another host', () => {
    const [page, , ...parts] = files;
    for (const { name } of parts) expect(page?.content).toContain(`/${name}`);
    expect(page?.content).not.toMatch(/https?:\/\//);
  });
});
