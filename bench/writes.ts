/**
 * What one thing that happens writes: every command that the functions send to DynamoDB, counted at the client.
 * Run: npx tsx bench/writes.ts        A few seconds; the numbers are counts, the same on every machine.
 */
import { tallyStream } from '#functions/stream/tally.ts';
import { signRecipient } from '#shared/token/recipient.ts';
import { sequenceOf } from '#shared/usecases/sequence-of.ts';
import { pollStream } from '../local/stand-ins/stream-poller.ts';
import { NOON, SECOND, withAddresses } from '../test/support/an-experiment.ts';
import { openKeyedSite } from '../test/support/keyed-site.ts';
import { BROWSER } from '../test/support/site.ts';

const site = await openKeyedSite({ maxAgeMs: 3_600_000 });
await site.started({ id: 'shop', variants: withAddresses() });
await site.deps.links.put({ id: 'link', experiment: 'shop', step: 'buy', createdAt: NOON });
const key = await site.issue();
const recipient = signRecipient('grace', await site.deps.secrets.recipientSecret());
const headers = { 'user-agent': BROWSER };

const go = (visitor: string) =>
  site.ask('/go/shop', { method: 'GET', headers: { ...headers, cookie: `stepladder=${visitor}` } });
const assign = (visitor: string) => site.ask('/v1/assign', { key, headers, body: { experiment: 'shop', visitor } });
const tell = (...events: readonly object[]) =>
  site.ask('/v1/events', { key, headers, body: { events: events.map((each) => ({ experiment: 'shop', ...each })) } });
const flags = () => site.ask('/ofrep/v1/evaluate/flags', { key, headers, body: { context: { targetingKey: 'ada' } } });
const ladder = (visitor: string) => ['question', 'plan', 'buy'].map((step) => ({ visitor, step }));

// What is held in memory between requests is read first.
await assign('warm-up');
await flags();

const lines: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['a click that is redirected, a new visitor', () => go('new-visitor')],
  ['the same visitor again', () => go('new-visitor')],
  ['a visitor assigned by a site', () => assign('ada')],
  ['one event', () => tell({ visitor: 'ada', type: 'arrival' })],
  ['the same event again', () => tell({ visitor: 'ada', type: 'arrival' })],
  ['three events of one visitor at once', () => tell(...ladder('mary'))],
  [
    'an event that comes late, with an earlier time',
    () => tell({ visitor: 'ada', type: 'arrival', at: NOON - SECOND }),
  ],
  [
    '100 events of 100 visitors at once',
    () => tell(...Array.from({ length: 100 }, (_, i) => ({ visitor: `v${i}`, type: 'exposure' }))),
  ],
  [
    'the link of an e-mail opened',
    () => site.ask(`/l/link/${recipient}`, { method: 'GET', headers: { ...headers, cookie: 'stepladder=a-browser' } }),
  ],
  ['all flags evaluated for a visitor', () => flags()],
];

const isWrite = (command: string) => /^(Put|Update|Delete|Transact|BatchWrite)/.test(command);
const count = (commands: readonly string[]) =>
  `writes ${commands.filter(isWrite).length}, reads ${commands.filter((each) => !isWrite(each)).length}`;
console.log('What happens, and the commands it sends to DynamoDB\n');
for (const [what, run] of lines) console.log(`  ${what.padEnd(50)} ${count(await site.sentDuring(run))}`);

const tally = tallyStream({ tallies: site.deps.tallies, sequenceOf: sequenceOf(site.deps.experiments) });
const commits = await site.sentDuring(async () => {
  const stream = await pollStream(site.engine.client, site.engine.endpoint, 'journeys', tally, (error) => {
    throw error;
  });
  await stream.caughtUp();
  await stream.stop();
});
const transactions = commits.filter((each) => each.startsWith('Transact')).length;
console.log(
  `\n  the live tallies of all that: ${transactions} transaction${transactions === 1 ? '' : 's'}, one for each batch of a shard`,
);
await site.stop();
