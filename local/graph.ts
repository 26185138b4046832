import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withPicture } from './graph/page.ts';
import { ROOT } from './graph/source-files.ts';

// npm run graph: draws the picture in docs/architecture.md anew, from what the sources import.
const page = join(ROOT, 'docs/architecture.md');
writeFileSync(page, withPicture(readFileSync(page, 'utf8')));
