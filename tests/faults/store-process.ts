import { once } from 'node:events';
import { openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { systemClock } from '../../app/system-clock.ts';
import type { ReadingBatch } from '../../contract/reading.ts';
import { createJournalFeed } from '../../store/journal/feed.ts';
import { createSqliteJournal } from '../../store/journal/sqlite/journal.ts';
import { createDuckDbTelemetry } from '../../store/telemetry/duckdb/store.ts';
import { counters, event, heartbeat } from '../support/readings.ts';

/**
 * A process that stores as fast as it can until it is killed: `node store-process.ts DIR`. Says `loaded`, waits for `go FIRST`, says
 * `ready POSITION LAST` when it has opened its stores, and on `drain` stops sending, then says `drained`. In DIR/ledger it notes `sent N`
 * before message N is appended and `acked N` once it is durable: what a process wrote to a file outlives it, whereas lines that wait for a
 * pipe's reader die with it.
 */
const [dir = ''] = process.argv.slice(2);
const DAY = 86_400_000;
const T = Date.UTC(2026, 0, 6);

const log = pino({ level: 'warn' }, pino.destination(2));
const journal = createSqliteJournal({ dir: `${dir}/journal`, shards: 1, segmentBytes: 400_000, keepBytes: 0 });
const telemetry = createDuckDbTelemetry({
  dir: `${dir}/telemetry`,
  directory: { facts: () => undefined },
  memoryMb: 256,
});
const ledger = openSync(`${dir}/ledger`, 'a');
const note = (lines: readonly string[]): void => void writeSync(ledger, `${lines.join('\n')}\n`);

let draining = false;
const commands = createInterface({ input: process.stdin });
const go = once(commands, 'line') as Promise<[line: string]>;
commands.on('line', (line) => {
  if (line === 'drain') draining = true;
});
console.log('loaded');
const first = Number((await go)[0].slice('go '.length));

await Promise.all([journal.start(), telemetry.start()]);
const feed = createJournalFeed({ journal, clock: systemClock, log, metrics: new Registry(), liveReadings: 200 });
console.log(`ready ${await telemetry.position(0)} ${await journal.last(0)}`);

/** Message n makes rows in two days' files, a counters row and now and then an event. */
function readingsOf(n: number) {
  const ts = T + n * 1000;
  return [
    heartbeat(`t${n % 20}`, ts, { battery: { cycles: n }, custom: { n } }, { seq: n }),
    heartbeat(`t${n % 20}`, ts - DAY, { battery: { cycles: n }, printer: { state: 'ok' } }, { seq: n }),
    counters(`t${n % 20}`, ts, { txn: { ok_total: n } }, { seq: n }),
    ...(n % 7 === 0 ? [event('t0', ts, { type: 'cleaned', detail: { n } }, { seq: n })] : []),
  ];
}

let pending: ReadingBatch[] = [];
let storing: Promise<void> | undefined;
const subscription = await feed.consume({
  consumer: 'telemetry',
  shard: 0,
  after: await telemetry.position(0),
  cursor: 'manual',
  handle: async (batch) => {
    pending.push(batch);
    if (pending.length >= 50) await storing;
    storing ??= store().finally(() => {
      storing = undefined;
    });
  },
});

async function store(): Promise<void> {
  while (pending.length > 0) {
    const some = pending;
    pending = [];
    await telemetry.writeAll(some);
    await subscription.acknowledge(some.at(-1)!.position);
  }
}

const maintenance = (async () => {
  for (let round = 0; !draining; round++) {
    await telemetry.maintain(T + DAY + (round % 3) * 3 * 3_600_000);
    await journal.trim();
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
})();

let n = first;
while (!draining) {
  const some = Array.from({ length: 20 }, (_, i) => n + i);
  n += some.length;
  // Said first: what may have been appended must never be sent again under the same number.
  note(some.map((one) => `sent ${one}`));
  await Promise.all(some.map((one) => feed.publish(0, readingsOf(one)).then(() => note([`acked ${one}`]))));
}
await maintenance;
const last = await journal.last(0);
while ((await telemetry.position(0)) < last) {
  if (subscription.failure) throw subscription.failure;
  await new Promise((resolve) => setTimeout(resolve, 20));
}
await feed.stop();
await telemetry.stop();
await journal.stop();
console.log('drained');
process.exit(0);
