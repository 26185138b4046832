import { apiClient } from './commands/api-client.ts';
import { helpOf, wordsNeeded } from './commands/command.ts';
import { experimentCommands } from './commands/experiments.ts';
import { keyCommands } from './commands/keys.ts';
import { operationCommands } from './commands/operations.ts';
import { proofFor } from './commands/proof.ts';
import { asTyped, dataFolder } from './installation/data-folder.ts';
import { namedTables } from './installation/named-tables.ts';

const { STEPLADDER_URL: url = 'http://localhost:3000', STEPLADDER_PROJECTS = 'main' } = process.env;
const folder = dataFolder(process.env);
const projects = STEPLADDER_PROJECTS.split(/[ ,]+/).filter(Boolean);

const api = apiClient(url, proofFor(url, process.env, folder));
const groups = [
  experimentCommands(api),
  keyCommands(api, projects),
  operationCommands(api, folder, namedTables(process.env)),
];
const USAGE = `stepladder COMMAND

${groups.map(helpOf).join('\n\n')}

The API is at STEPLADDER_URL (now: ${url}). On AWS requests are signed with your AWS credentials; elsewhere the key is
STEPLADDER_KEY, or what npm start left in ${asTyped(folder, process.cwd())}. Keys are for the projects in STEPLADDER_PROJECTS (now: ${projects.join(' ')}).`;

const [name = 'help', ...args] = process.argv.slice(2);
const command = groups.flatMap((group) => Object.entries(group)).find(([each]) => each === name)?.[1];
if (name === 'help') console.log(USAGE);
else if (command === undefined || args.length < wordsNeeded(command)) {
  console.error(USAGE);
  process.exitCode = 2;
} else
  await command.run(args).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
