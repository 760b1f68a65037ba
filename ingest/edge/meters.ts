import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Numbers that the hot path counts by hand; the registry reads them when it is asked. */
export interface Tally {
  received: number;
  receivedBytes: number;
  accepted: number;
  duplicates: number;
  stale: number;
  shed: number;
  rejected: Map<string, number>;
  deadLettersLost: number;
  commitRetries: number;
}

/** Ingest's part of /metrics: one name a stage, from arrival to queryable. */
export interface Meters {
  readonly tally: Tally;
  /** Seconds from the oldest arrival in a batch to its commit. */
  readonly durable: Histogram;
  /** Seconds a commit took. */
  readonly commit: Histogram;
  readonly batch: Histogram;
  /** Seconds from the oldest arrival in a batch until it can be queried. */
  readonly queryable: Histogram;
}

export interface Levels {
  inFlightBytes(): number;
  inFlightMessages(): number;
  terminals(): number;
  gaps(): number;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createMeters(registry: Registry, levels: Levels): Meters {
  const tally: Tally = {
    received: 0,
    receivedBytes: 0,
    accepted: 0,
    duplicates: 0,
    stale: 0,
    shed: 0,
    rejected: new Map(),
    deadLettersLost: 0,
    commitRetries: 0,
  };
  const registers = [registry];
  const count = (name: string, help: string, read: () => number): void => {
    new Counter({
      name: `tillwatch_ingest_${name}_total`,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  };
  const level = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name: `tillwatch_ingest_${name}`,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  count('received', 'MQTT messages that arrived.', () => tally.received);
  count('received_bytes', 'Payload bytes that arrived.', () => tally.receivedBytes);
  count('accepted', 'Readings accepted (entries of gateway arrays count one by one).', () => tally.accepted);
  count('duplicates', 'Redeliveries dropped.', () => tally.duplicates);
  count('stale_wills', 'Wills of older boots that ended nothing.', () => tally.stale);
  count('shed', 'QoS 0 messages dropped under overload.', () => tally.shed);
  count('dead_letters_lost', 'Rejections that the dead letters could not take.', () => tally.deadLettersLost);
  count('commit_retries', 'Commits tried again.', () => tally.commitRetries);
  new Counter({
    name: 'tillwatch_ingest_rejected_total',
    help: 'Messages that could not be used, by reason.',
    labelNames: ['reason'],
    registers,
    collect() {
      this.reset();
      for (const [reason, n] of tally.rejected) this.inc({ reason }, n);
    },
  });
  level('in_flight_bytes', 'Bytes accepted and not yet durable.', levels.inFlightBytes);
  level('in_flight_messages', 'Messages accepted and not yet acknowledged.', levels.inFlightMessages);
  level('terminals', 'Terminals ever heard of.', levels.terminals);
  level('missing', 'Messages known to be missing (gaps in seq), over all terminals.', levels.gaps);
  const histogram = (name: string, help: string, buckets: number[]): Histogram =>
    new Histogram({ name: `tillwatch_ingest_${name}`, help, buckets, registers });
  return {
    tally,
    durable: histogram('durable_seconds', 'Arrival to durable, oldest message of each commit.', SECONDS),
    commit: histogram('commit_seconds', 'Time a journal commit took.', SECONDS),
    batch: histogram('batch_readings', 'Readings in one commit.', [1, 4, 16, 64, 256, 1024, 4096, 16384]),
    queryable: histogram('queryable_seconds', 'Arrival to queryable, oldest message of each batch.', SECONDS),
  };
}
