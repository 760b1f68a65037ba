import type { Logger } from 'pino';
import { Counter, Gauge, type Registry } from 'prom-client';
import { TillwatchError } from '../../contract/errors.ts';
import { encodeReadings } from '../../contract/journal-codec.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { ConsumeOptions, Journal, JournalFeed, Subscription } from '../../contract/ports/journal.ts';
import type { Reading } from '../../contract/reading.ts';
import { FeedReader, type ReaderMetrics } from './feed-reader.ts';

export interface JournalFeedDeps {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Registry;
  /** Readings a reader may have waiting live before it reads back instead. Default 20,000. */
  readonly liveReadings?: number;
  /** Bytes read back at a time. Default 2 MiB. */
  readonly readBytes?: number;
}

/** Publishing and tailing over any journal (see the port). */
export function createJournalFeed(deps: JournalFeedDeps): JournalFeed {
  const { journal, metrics } = deps;
  const readers = new Map<number, Set<FeedReader>>();
  const tails = new Map<number, number>();
  let stopped = false;

  const readerMetrics: ReaderMetrics = {
    lag: new Gauge({
      name: 'tillwatch_journal_lag_batches',
      help: 'Batches in the journal that a reader has not finished.',
      labelNames: ['consumer', 'shard'],
      registers: [metrics],
    }),
    readBack: new Counter({
      name: 'tillwatch_journal_read_back_batches_total',
      help: 'Batches that a reader read back from the journal, being behind.',
      labelNames: ['consumer'],
      registers: [metrics],
    }),
    damaged: new Counter({
      name: 'tillwatch_journal_damaged_batches_total',
      help: 'Batches passed over because their bytes are damaged.',
      labelNames: ['consumer'],
      registers: [metrics],
    }),
    retries: new Counter({
      name: 'tillwatch_journal_reader_retries_total',
      help: 'Times that a reader rejected a batch and was given it again.',
      labelNames: ['consumer'],
      registers: [metrics],
    }),
  };

  const append = async (shard: number, readings: readonly Reading[], after?: number): Promise<number> => {
    const bytes = encodeReadings(readings);
    if (bytes.byteLength > journal.maxEntryBytes && readings.length > 1) {
      const half = readings.length >> 1;
      const first = append(shard, readings.slice(0, half), after);
      if (after !== undefined) return append(shard, readings.slice(half), await first);
      const second = append(shard, readings.slice(half));
      await first;
      return second;
    }
    const position = await journal.append(shard, bytes, after);
    if (position > (tails.get(shard) ?? 0)) tails.set(shard, position);
    const live = readers.get(shard);
    if (live) for (const reader of live) reader.offer({ shard, position, readings });
    return position;
  };

  return {
    publish(shard, readings, after) {
      if (stopped) return Promise.reject(new TillwatchError('journal.closed', 'the feed is stopped'));
      if (readings.length === 0) return journal.last(shard);
      return append(shard, readings, after);
    },

    async consume(options: ConsumeOptions): Promise<Subscription> {
      if (stopped) throw new TillwatchError('journal.closed', 'the feed is stopped');
      const { consumer, shard } = options;
      // A counter that is only there from its first fault on shows no growth to whoever watches for it.
      for (const counter of [readerMetrics.damaged, readerMetrics.retries]) counter.inc({ consumer }, 0);
      const last = await journal.last(shard);
      if (last > (tails.get(shard) ?? 0)) tails.set(shard, last);
      const ephemeral = options.after === 'end' || options.cursor === 'none';
      const after = options.after === 'end' ? last : (options.after ?? (await journal.cursor(consumer, shard)));
      // Known from the start, so that nothing is trimmed before its first batch is finished.
      if (!ephemeral) await journal.commit(consumer, shard, after);
      const reader = new FeedReader(deps, readerMetrics, options, after, () => tails.get(shard) ?? 0);
      const set = readers.get(shard) ?? new Set();
      readers.set(shard, set);
      set.add(reader);
      reader.start(() => set.delete(reader));
      return reader;
    },

    async stop() {
      stopped = true;
      await Promise.all([...readers.values()].flatMap((set) => [...set].map((reader) => reader.stop())));
    },
  };
}
