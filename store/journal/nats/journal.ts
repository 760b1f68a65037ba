import { randomUUID } from 'node:crypto';
import {
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type StreamInfo,
} from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import { connect, type NatsConnection, type NodeConnectionOptions, type Subscription } from '@nats-io/transport-node';
import { messageOf, TillwatchError } from '../../../contract/errors.ts';
import type { Journal, JournalEntry, JournalStats } from '../../../contract/ports/journal.ts';

export interface NatsJournalOptions {
  /** `nats://host:4222`; several servers of one cluster, comma-separated. */
  readonly url: string;
  readonly shards: number;
  /** Begins the names of streams, subjects and the bucket of cursors: letters, digits, `-` and `_`. Default `tillwatch`. */
  readonly prefix?: string;
  /** Bytes that all shards together may take on the servers. Default 8 GiB. */
  readonly budgetBytes?: number;
  /** Copies of each stream in a cluster. Default 1. */
  readonly replicas?: number;
  /** Credentials, TLS and the like, as the client takes them. */
  readonly connection?: Omit<NodeConnectionOptions, 'servers'>;
}

interface Open {
  readonly nc: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  readonly kv: KV;
}

const GIB = 2 ** 30;
const HEADROOM = 4096;
const PUBLISH_TIMEOUT_MS = 5_000;
const PUBLISH_ATTEMPTS = 3;
// A message that is published again within this time under the same id is stored once.
const DUPLICATE_WINDOW_NS = 120 * 1_000_000_000;
const WINDOW = 16;
const POLL_MS = 1_000;
// https://github.com/nats-io/nats-server/blob/main/server/errors.json
const NO_MESSAGE = 10037;
const STREAM_NOT_FOUND = 10059;
const WRONG_LAST_SEQUENCE = 10071;
const FULL = new Set([10023, 10047, 10077, 10122]);

/**
 * Journal on NATS JetStream: a stream and a subject a shard, so that a position is the stream's own sequence. Durable as far as the
 * servers are: a single server writes without forcing to disk unless its `sync_interval` is `always`; replicas cover the rest.
 */
export function createNatsJournal(options: NatsJournalOptions): Journal {
  const { shards } = options;
  const prefix = options.prefix ?? 'tillwatch';
  const budgetBytes = options.budgetBytes ?? 8 * GIB;
  const replicas = options.replicas ?? 1;
  let open: Open | undefined;
  let maxEntryBytes = 2 ** 20 - HEADROOM;
  const cursors = new Map<string, number>();
  const lasts = new Array<number>(shards).fill(0);
  const notices = new Map<number, Subscription>();
  const waiters = new Map<number, Set<() => void>>();

  const streamOf = (shard: number): string => `${prefix}_journal_${shard}`;
  const subjectOf = (shard: number): string => `${prefix}.journal.${shard}`;
  const noticeOf = (shard: number): string => `${prefix}.appended.${shard}`;
  const keyOf = (consumer: string, shard: number): string => {
    if (!/^[A-Za-z0-9_-]+$/.test(consumer)) {
      throw new TillwatchError('journal.bad_consumer', `"${consumer}": use letters, digits, "-" and "_"`);
    }
    return `${consumer}.${shard}`;
  };

  const opened = (shard?: number): Open => {
    if (!open) throw new TillwatchError('journal.closed', 'the journal is not open');
    if (shard !== undefined && !(Number.isInteger(shard) && shard >= 0 && shard < shards)) {
      throw new TillwatchError('journal.bad_shard', `there is no shard ${shard}: the journal has ${shards}`);
    }
    return open;
  };

  /** Gives the client's errors our codes; a call that was under way when `stop` came was closed, not failed. */
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof TillwatchError) throw error;
      if (!open) throw new TillwatchError('journal.closed', 'the journal is not open', { cause: error });
      const code = error instanceof JetStreamApiError ? error.code : undefined;
      if (code === WRONG_LAST_SEQUENCE) {
        throw new TillwatchError('journal.moved', `another writer has appended: ${messageOf(error)}`, { cause: error });
      }
      const full =
        (code !== undefined && FULL.has(code)) || /maximum bytes exceeded|insufficient/i.test(messageOf(error));
      throw new TillwatchError(full ? 'journal.full' : 'journal.unavailable', messageOf(error), {
        context: { url: options.url, code },
        retryable: true,
        status: 503,
        cause: error,
      });
    }
  };

  const seen = (shard: number, position: number): void => {
    if (position <= lasts[shard]!) return;
    lasts[shard] = position;
    const waiting = waiters.get(shard);
    waiters.delete(shard);
    if (waiting) for (const wake of waiting) wake();
  };

  const infoOf = (shard: number): Promise<StreamInfo> =>
    guarded(async () => {
      const info = await opened(shard).jsm.streams.info(streamOf(shard));
      seen(shard, info.state.last_seq);
      return info;
    });

  const prepare = async ({ jsm, kv }: Open): Promise<void> => {
    const had = Number((await kv.get('shards'))?.string() ?? shards);
    if (had !== shards) {
      throw new TillwatchError(
        'journal.shards_changed',
        `the journal "${prefix}" has ${had} shards and ${shards} are asked for: let all readers finish and choose another prefix`,
        { context: { had, asked: shards } },
      );
    }
    await kv.put('shards', String(shards));
    for (let shard = 0; shard < shards; shard++) {
      const config = {
        name: streamOf(shard),
        subjects: [subjectOf(shard)],
        retention: RetentionPolicy.Limits,
        storage: StorageType.File,
        // Full means refused, never that the oldest go: readers may still need them.
        discard: DiscardPolicy.New,
        max_bytes: Math.floor(budgetBytes / shards),
        num_replicas: replicas,
        duplicate_window: DUPLICATE_WINDOW_NS,
        allow_direct: true,
      };
      try {
        await jsm.streams.info(config.name);
        await jsm.streams.update(config.name, config);
      } catch (error) {
        if (!(error instanceof JetStreamApiError) || error.code !== STREAM_NOT_FOUND) throw error;
        await jsm.streams.add(config);
      }
    }
  };

  const watch = (shard: number): void => {
    if (notices.has(shard)) return;
    const subscription = opened(shard).nc.subscribe(noticeOf(shard), {
      callback: (error, message) => {
        if (!error) seen(shard, Number(message.string()));
      },
    });
    notices.set(shard, subscription);
  };

  return {
    shards,
    shared: true,
    get maxEntryBytes() {
      return maxEntryBytes;
    },

    async start() {
      if (open) return;
      let nc: NatsConnection;
      try {
        nc = await connect({
          name: 'tillwatch-journal',
          maxReconnectAttempts: -1,
          ...options.connection,
          servers: options.url.split(','),
        });
      } catch (error) {
        throw new TillwatchError('journal.unavailable', `${options.url}: ${messageOf(error)}`, {
          retryable: true,
          cause: error,
        });
      }
      try {
        const js = jetstream(nc);
        const opening: Open = {
          nc,
          js,
          jsm: await jetstreamManager(nc),
          kv: await new Kvm(js).create(`${prefix}_cursors`, { replicas }),
        };
        maxEntryBytes = (nc.info?.max_payload ?? 2 ** 20) - HEADROOM;
        await prepare(opening);
        open = opening;
      } catch (error) {
        await nc.close();
        if (error instanceof TillwatchError) throw error;
        throw new TillwatchError('journal.unavailable', `${options.url}: ${messageOf(error)}`, {
          retryable: true,
          cause: error,
        });
      }
      cursors.clear();
      for (let shard = 0; shard < shards; shard++) await infoOf(shard);
    },

    async stop() {
      const closing = open;
      open = undefined;
      notices.clear();
      for (const waiting of waiters.values()) for (const wake of waiting) wake();
      waiters.clear();
      await closing?.nc.close();
    },

    async append(shard, bytes, after) {
      const { js, nc } = opened(shard);
      if (bytes.byteLength > maxEntryBytes) {
        throw new TillwatchError(
          'journal.too_large',
          `an entry of ${bytes.byteLength} bytes exceeds ${maxEntryBytes}`,
          {
            context: { bytes: bytes.byteLength },
          },
        );
      }
      const msgID = randomUUID();
      return guarded(async () => {
        for (let attempt = 1; ; attempt++) {
          try {
            const { seq } = await js.publish(subjectOf(shard), bytes, {
              msgID,
              timeout: PUBLISH_TIMEOUT_MS,
              ...(after === undefined ? {} : { expect: { lastSequence: after } }),
            });
            nc.publish(noticeOf(shard), String(seq));
            seen(shard, seq);
            return seq;
          } catch (error) {
            // A lost answer is asked for again under the same id: the server stores it once and tells where.
            const settled = error instanceof JetStreamApiError;
            if (settled || attempt >= PUBLISH_ATTEMPTS || open === undefined) throw error;
          }
        }
      });
    },

    async read(shard, after, maxBytes) {
      const { state } = await infoOf(shard);
      const { jsm } = opened(shard);
      const found: JournalEntry[] = [];
      let size = 0;
      let next = Math.max(after + 1, state.first_seq);
      while (next <= state.last_seq) {
        const count = Math.min(WINDOW, state.last_seq - next + 1);
        const messages = await guarded(() =>
          Promise.all(Array.from({ length: count }, (_, i) => messageAt(jsm, streamOf(shard), next + i))),
        );
        for (const [i, bytes] of messages.entries()) {
          // Trimmed meanwhile.
          if (!bytes) continue;
          size += bytes.byteLength;
          if (found.length > 0 && size > maxBytes) return found;
          found.push({ shard, position: next + i, bytes });
        }
        next += count;
        if (size >= maxBytes) break;
      }
      return found;
    },

    async wait(shard, after, signal) {
      opened(shard);
      if (signal.aborted || lasts[shard]! > after) return;
      watch(shard);
      await new Promise<void>((resolve) => {
        const waiting = waiters.get(shard) ?? new Set();
        waiters.set(shard, waiting);
        // A notice may be lost with a connection; the stream itself is asked now and then.
        const poll = setInterval(() => {
          infoOf(shard).then(
            () => {},
            // Unreachable: the reader finds out when it reads.
            () => done(),
          );
        }, POLL_MS);
        const done = (): void => {
          clearInterval(poll);
          signal.removeEventListener('abort', done);
          waiting.delete(done);
          resolve();
        };
        waiting.add(done);
        signal.addEventListener('abort', done);
      });
    },

    async last(shard) {
      return (await infoOf(shard)).state.last_seq;
    },

    async cursor(consumer, shard) {
      const { kv } = opened(shard);
      const key = keyOf(consumer, shard);
      const entry = await guarded(() => kv.get(key));
      const position = entry && entry.operation === 'PUT' ? Number(entry.string()) : 0;
      cursors.set(key, position);
      return position;
    },

    async commit(consumer, shard, position) {
      const { kv } = opened(shard);
      const key = keyOf(consumer, shard);
      const known = cursors.get(key);
      if (known !== undefined && known >= position && position > 0) return;
      await guarded(async () => {
        const entry = await kv.get(key);
        const exists = entry !== null && entry.operation === 'PUT';
        const at = exists ? Number(entry.string()) : -1;
        if (position > at) await kv.put(key, String(position));
        cursors.set(key, Math.max(at, position));
      });
    },

    async forget(consumer) {
      const { kv } = opened();
      await guarded(async () => {
        for (let shard = 0; shard < shards; shard++) {
          const key = keyOf(consumer, shard);
          await kv.purge(key);
          cursors.delete(key);
        }
      });
    },

    async trim() {
      const { kv, jsm } = opened();
      return guarded(async () => {
        const passed = new Array<number>(shards).fill(Infinity);
        const consumers = new Map<string, number[]>();
        for await (const key of await kv.keys()) {
          const [consumer = '', shard] = key.split('.');
          if (shard === undefined) continue;
          const positions = consumers.get(consumer) ?? new Array<number>(shards).fill(0);
          consumers.set(consumer, positions);
          const entry = await kv.get(key);
          if (entry && entry.operation === 'PUT') positions[Number(shard)] = Number(entry.string());
        }
        if (consumers.size === 0) return 0;
        for (const positions of consumers.values()) {
          positions.forEach((position, shard) => {
            passed[shard] = Math.min(passed[shard]!, position);
          });
        }
        let deleted = 0;
        for (const [shard, position] of passed.entries()) {
          if (position === 0) continue;
          const { purged } = await jsm.streams.purge(streamOf(shard), { seq: position + 1 });
          deleted += purged;
        }
        return deleted;
      });
    },

    async stats(): Promise<JournalStats> {
      const infos = await Promise.all(Array.from({ length: shards }, (_, shard) => infoOf(shard)));
      return {
        bytes: infos.reduce((sum, { state }) => sum + state.bytes, 0),
        budgetBytes,
        shards: infos.map(({ state }, shard) => ({
          shard,
          first: state.messages > 0 ? state.first_seq : state.last_seq + 1,
          last: state.last_seq,
        })),
      };
    },
  };
}

async function messageAt(jsm: JetStreamManager, stream: string, seq: number): Promise<Uint8Array | undefined> {
  try {
    return (await jsm.direct.getMessage(stream, { seq }))?.data;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === NO_MESSAGE) return undefined;
    throw error;
  }
}
