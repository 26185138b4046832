import type { AddressInfo } from 'node:net';
import { Definition } from '#shared/experiment/definition.ts';
import { countsOf } from '#shared/tally/counts.ts';
import { createExperiment, moveExperiment } from '#shared/usecases/define-experiment.ts';
import { recountWithDrift } from '#shared/usecases/recount.ts';
import { openInstallation } from '../../local/installation/installation.ts';
import { httpServer } from '../../local/stand-ins/http-server.ts';

// The local server in a process of its own, as `npm start` runs it but for the pages. Its parent asks it for its figures.

const steps = (...ids: readonly string[]) => ids.map((id) => ({ id, name: id, url: `https://shop.example/${id}` }));
const definition = Definition.parse({
  id: 'load',
  name: 'One ask or two',
  goal: 'buy',
  control: 'one-ask',
  variants: [
    { id: 'one-ask', name: 'One', steps: steps('buy') },
    { id: 'ladder', name: 'Two', steps: steps('question', 'buy') },
  ],
});

const { deps, handlers, stream, engine, stop } = await openInstallation(process.argv[2]);
await createExperiment(deps, definition, 'the salt of a bench', 'bench');
await moveExperiment(deps, 'load', 'started', 'bench');
const server = httpServer(handlers);
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
process.send?.({ kind: 'ready', port: (server.address() as AddressInfo).port, engine: engine.pid() });

process.on('message', async (message: 'memory' | 'count' | 'stop') => {
  if (message === 'memory') process.send?.({ kind: 'memory', ...process.memoryUsage(), cpu: process.cpuUsage() });
  if (message === 'count') {
    await stream.caughtUp();
    const experiment = await deps.experiments.find('load');
    if (experiment === undefined) throw new Error('the experiment is gone');
    const { tally, drift } = await recountWithDrift(deps, experiment);
    const visitors = countsOf(tally, experiment.sequences[0]).reduce((sum, counts) => sum + counts.visitors, 0);
    process.send?.({ kind: 'count', visitors, drift });
  }
  if (message === 'stop') {
    server.closeAllConnections();
    server.close();
    await stop();
    process.exit(0);
  }
});
