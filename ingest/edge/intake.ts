import type { Logger } from 'pino';
import { messageOf, type TillwatchError } from '../../contract/errors.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { NewDeadLetter } from '../../contract/ports/dead-letters.ts';
import type { Announcement } from '../../contract/ports/registry.ts';
import type { LinkChange, SourceMessage, TelemetrySink } from '../../contract/ports/telemetry-source.ts';
import type { Reading } from '../../contract/reading.ts';
import { shardOf } from '../../contract/shard.ts';
import { type Accepted, type Delivery, emptyAccepted, faultLetter, type Pipeline } from '../core/pipeline.ts';
import { Lane, type Pending } from './lane.ts';
import type { Meters } from './meters.ts';

export interface IntakeDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly pipeline: Pipeline;
  readonly shards: number;
  readonly publish: (shard: number, readings: readonly Reading[]) => Promise<number>;
  readonly meters: Meters;
  /** Bytes taken and not yet durable above which sources stop reading; they go on below half of it. */
  readonly inFlightBytes: number;
  readonly batchReadings: number;
  /** See `LaneDeps.recorded`. */
  readonly recorded: (shard: number, after: number, upTo: number, at: number) => void;
  /** Keeps rejections; resolves when they are kept (or given up, counted). */
  readonly keep: (letters: readonly NewDeadLetter[]) => Promise<void>;
  readonly announce: (announcements: readonly Announcement[]) => void;
  /** Ids of terminals whose link changed. */
  readonly linksChanged: (ids: readonly number[]) => void;
  /** Readings in order of acceptance, before they are durable (for what must be quick, such as command results). */
  readonly seen: (reading: Reading) => void;
}

/** A message as a recording holds it. */
export interface RecordedMessage {
  /** ms since 1970 UTC. */
  readonly receivedAt: number;
  readonly topic: string;
  readonly payload: Uint8Array;
}

export interface ImportCounts {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: Readonly<Record<string, number>>;
}

const RECORDED: Delivery = { recorded: true };

/** What a message costs in memory beside its payload. */
const OVERHEAD_BYTES = 512;

/** The sink of all sources: messages go through the pipeline, then by shard into the journal, and are acknowledged when durable. */
export class Intake implements TelemetrySink {
  readonly #deps: IntakeDeps;
  readonly #lanes: Lane[];
  readonly #openers = new Set<() => void>();
  #bytes = 0;
  #messages = 0;
  #open = true;
  #scheduled = false;
  #failure: TillwatchError | undefined;
  #idle: (() => void)[] = [];
  #settled: Pending[] = [];

  constructor(deps: IntakeDeps) {
    this.#deps = deps;
    this.#lanes = Array.from(
      { length: deps.shards },
      (_, shard) =>
        new Lane({
          shard,
          publish: deps.publish,
          clock: deps.clock,
          log: deps.log,
          meters: deps.meters,
          batchReadings: deps.batchReadings,
          recorded: deps.recorded,
          settled: (pending, error) => this.#settle(pending, error),
          failed: (error) => this.#fail(error),
        }),
    );
  }

  get open(): boolean {
    return this.#open;
  }
  get inFlightBytes(): number {
    return this.#bytes;
  }
  get inFlightMessages(): number {
    return this.#messages;
  }
  /** Why nothing more is taken, once a commit was refused for good. */
  get failure(): TillwatchError | undefined {
    return this.#failure;
  }
  /** Position of each shard's last commit by this process. */
  get positions(): readonly number[] {
    return this.#lanes.map((lane) => lane.position);
  }

  onOpen(listener: () => void): () => void {
    this.#openers.add(listener);
    return () => {
      this.#openers.delete(listener);
    };
  }

  link(change: LinkChange): void {
    const { pipeline, clock, linksChanged } = this.#deps;
    if (!pipeline.link(change, clock.now())) return;
    linksChanged([pipeline.table.find(change.tenant, change.terminal)]);
  }

  message(message: SourceMessage, done: (error?: Error) => void): void {
    const { tally } = this.#deps.meters;
    tally.received++;
    tally.receivedBytes += message.payload.byteLength;
    if (this.#failure) done(this.#failure);
    else if (!this.#open && message.qos === 0) {
      tally.shed++;
      done();
    } else this.#take(message.topic, message.payload, message.receivedAt ?? this.#deps.clock.now(), message, done);
  }

  /** Takes recorded messages with their own times of arrival; resolves once they are durable. */
  async import(messages: readonly RecordedMessage[]): Promise<ImportCounts> {
    const counts = { accepted: 0, duplicates: 0, rejected: {} as Record<string, number> };
    const durable: Promise<void>[] = [];
    for (const { topic, payload, receivedAt } of messages) {
      if (!this.#open && !this.#failure) await this.#opened();
      if (this.#failure) throw this.#failure;
      durable.push(
        new Promise((resolve, reject) => {
          const out = this.#take(topic, payload, receivedAt, RECORDED, (error) => (error ? reject(error) : resolve()));
          counts.accepted += out.readings.length;
          counts.duplicates += out.duplicates;
          for (const { reason } of out.rejections) counts.rejected[reason] = (counts.rejected[reason] ?? 0) + 1;
        }),
      );
    }
    await Promise.all(durable);
    return counts;
  }

  #take(
    topic: string,
    payload: Uint8Array,
    receivedAt: number,
    delivery: Delivery,
    done: (error?: Error) => void,
  ): Accepted {
    const { meters, shards, seen } = this.#deps;
    const { tally } = meters;
    const bytes = payload.byteLength + OVERHEAD_BYTES;
    const recorded = delivery.recorded ? { recordedAt: this.#deps.clock.now() } : undefined;
    const pending: Pending = { left: 1, error: undefined, bytes, done, ...recorded };
    this.#bytes += bytes;
    this.#messages++;
    if (this.#bytes > this.#deps.inFlightBytes) this.#open = false;

    const out = this.#accept(topic, payload, receivedAt, delivery);
    for (const reading of out.readings) {
      this.#lanes[shardOf(reading.tenant, reading.terminal, shards)]!.add(reading, pending);
      seen(reading);
    }
    tally.accepted += out.readings.length;
    if (out.readings.length > 0) this.#schedule();
    if (out.duplicates > 0) {
      tally.duplicates += out.duplicates;
      for (const lane of this.#lanes) if (lane.busy) lane.follow(pending);
    }
    tally.stale += out.stale;
    if (out.rejections.length > 0) this.#reject(out.rejections, pending);
    if (out.announcements.length > 0) this.#deps.announce(out.announcements);
    if (out.linkChanges.length > 0) this.#deps.linksChanged(out.linkChanges);
    this.#settle(pending);
    return out;
  }

  /** A fault of our own in one message must not take the others down with it. */
  #accept(topic: string, payload: Uint8Array, receivedAt: number, delivery: Delivery): Accepted {
    try {
      return this.#deps.pipeline.accept(topic, payload, receivedAt, delivery);
    } catch (error) {
      this.#deps.log.error({ topic, err: error }, 'a message broke the pipeline: it is kept with the dead letters');
      const out = emptyAccepted();
      out.rejections.push(faultLetter(topic, payload, receivedAt, messageOf(error)));
      return out;
    }
  }

  #opened(): Promise<void> {
    return new Promise((resolve) => {
      const ends = this.onOpen(() => {
        ends();
        resolve();
      });
    });
  }

  /** Resolves once nothing is under way. */
  idle(): Promise<void> {
    if (this.#messages === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Resolves once every reading taken before now is durable (or never will be). */
  async idleLanes(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.drained()));
  }

  /** Gives up commits that are being tried again; their messages are not acknowledged. */
  abort(): void {
    for (const lane of this.#lanes) lane.abort();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    // After everything that this turn of the loop reads from its sockets: one commit for all of it.
    setImmediate(() => {
      this.#scheduled = false;
      for (const lane of this.#lanes) lane.flush();
    });
  }

  #reject(rejections: readonly NewDeadLetter[], pending: Pending): void {
    const { rejected } = this.#deps.meters.tally;
    for (const { reason } of rejections) rejected.set(reason, (rejected.get(reason) ?? 0) + 1);
    pending.left++;
    void this.#deps.keep(rejections).then(
      () => this.#settle(pending),
      (error: Error) => this.#settle(pending, error),
    );
  }

  #settle(pending: Pending, error?: Error): void {
    if (error) pending.error ??= error;
    if (--pending.left > 0) return;
    if (pending.alone) {
      pending.done();
      return;
    }
    this.#settled.push(pending);
    if (this.#settled.length > 1) return;
    // Commits of several shards end in the same turn of the loop: together, their acknowledgements take one write a connection.
    setImmediate(() => this.#finish());
  }

  #finish(): void {
    const settled = this.#settled;
    this.#settled = [];
    for (const pending of settled) {
      this.#bytes -= pending.bytes;
      this.#messages--;
      pending.done(pending.error);
    }
    if (!this.#open && !this.#failure && this.#bytes < this.#deps.inFlightBytes / 2) {
      this.#open = true;
      for (const listener of this.#openers) listener();
    }
    if (this.#messages === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  #fail(error: TillwatchError): void {
    if (this.#failure) return;
    this.#failure = error;
    this.#open = false;
    if (error.code === 'ingest.stopped') return;
    this.#deps.log.error(
      { code: error.code, reason: error.message },
      'ingest takes nothing more: the journal refused a commit for good; restart when its cause is mended',
    );
  }
}
