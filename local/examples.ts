import { writeFileSync } from 'node:fs';
import { EXAMPLES, exampleFiles } from './recordings/example-reports.ts';

// npm run examples: writes the reports of the recorded experiments that docs/examples shows.
for (const [name, content] of Object.entries(exampleFiles())) writeFileSync(new URL(name, EXAMPLES), content);
