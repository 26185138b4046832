import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
export const DASHBOARD_FOLDER = join(ROOT, 'dist/dashboard');

/** Builds the dashboard: one page, one script, one style sheet, the latter two named by their content so that they may be kept for ever. */
export function buildDashboard(folder = DASHBOARD_FOLDER): {
  readonly files: readonly { name: string; content: string }[];
} {
  const built = buildSync({
    absWorkingDir: ROOT,
    entryPoints: { app: 'dashboard/main.tsx', style: 'dashboard/style.css' },
    outdir: folder,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    legalComments: 'none',
    write: false,
    logLevel: 'warning',
  });
  const parts = built.outputFiles.map(({ path, text }) => {
    const ending = path.endsWith('.css') ? 'css' : 'js';
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 10);
    return { name: `${ending === 'css' ? 'style' : 'app'}-${hash}.${ending}`, content: text };
  });
  const named = (ending: string) => parts.find(({ name }) => name.endsWith(ending))?.name ?? '';
  const files = [
    { name: 'index.html', content: page(named('.js'), named('.css')) },
    { name: 'icon.svg', content: ICON },
    ...parts,
  ];
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { name, content } of files) writeFileSync(join(folder, name), content);
  return { files };
}

const page = (script: string, style: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Stepladder</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/${style}">
<script type="module" src="/${script}"></script>
</head>
<body><div id="app"></div><noscript>The dashboard needs scripts. Reports do not: ask for /v1/experiments/ID/report.html.</noscript></body>
</html>
`;

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b6b5d"/><path d="M5 25h7v-6h7v-6h7V7" fill="none" stroke="#fff" stroke-width="3" stroke-linejoin="round" stroke-linecap="round"/></svg>`;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const { name, content } of buildDashboard().files)
    console.log(`${name.padEnd(24)} ${Buffer.byteLength(content).toLocaleString('en-US').padStart(9)} bytes`);
}
