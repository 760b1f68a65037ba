import type { Logger } from 'pino';
import { messageOf, TillwatchError } from '../../contract/errors.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { Reading } from '../../contract/reading.ts';
import type { Meters } from './meters.ts';

/** One MQTT message on its way: acknowledged when everything it holds is durable. */
export interface Pending {
  /** Commits and dead letters still awaited. */
  left: number;
  error: Error | undefined;
  readonly bytes: number;
  readonly done: (error?: Error) => void;
  /** When a recorded message came, whose readings tell of an older arrival. */
  readonly recordedAt?: number;
  /** Not a message: only waits, and is not counted as in flight. */
  readonly alone?: boolean;
}

export interface LaneDeps {
  readonly shard: number;
  readonly publish: (shard: number, readings: readonly Reading[]) => Promise<number>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly meters: Meters;
  /** Readings in one commit at the most. */
  readonly batchReadings: number;
  readonly settled: (pending: Pending, error?: Error) => void;
  /** What was committed in (`after`, `upTo`] was recorded elsewhere, and came at `at`. */
  readonly recorded: (shard: number, after: number, upTo: number, at: number) => void;
  /** A commit was refused for good: nothing more may be taken, as what was seen is not what is stored. */
  readonly failed: (error: TillwatchError) => void;
}

const BACKOFF_FIRST_MS = 50;
const BACKOFF_MOST_MS = 5_000;

/** One shard's way into the journal: one commit under way, everything that arrives meanwhile is the next. */
export class Lane {
  readonly #deps: LaneDeps;
  readonly #stopping = new AbortController();
  #readings: Reading[] = [];
  #waiting: Pending[] = [];
  #inFlight: Pending[] | undefined;
  #position = 0;
  /** When the first recorded message of the next commit came. */
  #recordedAt: number | undefined;

  constructor(deps: LaneDeps) {
    this.#deps = deps;
  }

  get busy(): boolean {
    return this.#inFlight !== undefined || this.#readings.length > 0;
  }
  /** Position of the last commit. */
  get position(): number {
    return this.#position;
  }

  /** Puts a reading in the next commit; the message is settled once for all of its readings there. */
  add(reading: Reading, pending: Pending): void {
    this.#readings.push(reading);
    this.#recordedAt ??= pending.recordedAt;
    if (this.#waiting.at(-1) !== pending) {
      this.#waiting.push(pending);
      pending.left++;
    }
  }

  /** Lets a message wait for what is under way now: a redelivery must not be acknowledged before the first copy is durable. */
  follow(pending: Pending): void {
    if (this.#readings.length > 0) this.#waiting.push(pending);
    else if (this.#inFlight) this.#inFlight.push(pending);
    else return;
    pending.left++;
  }

  /** Resolves when what was added before now is durable, or given up. */
  drained(): Promise<void> {
    if (!this.busy) return Promise.resolve();
    return new Promise((resolve) => {
      this.follow({ left: 0, error: undefined, bytes: 0, done: () => resolve(), alone: true });
    });
  }

  flush(): void {
    if (this.#inFlight !== undefined || this.#readings.length === 0) return;
    const { batchReadings } = this.#deps;
    let readings = this.#readings;
    const recordedAt = this.#recordedAt;
    if (readings.length > batchReadings) {
      // What is left keeps the same waiters: they are settled with the last piece.
      readings = this.#readings.slice(0, batchReadings);
      this.#readings = this.#readings.slice(batchReadings);
      this.#inFlight = [];
    } else {
      this.#inFlight = this.#waiting;
      this.#recordedAt = undefined;
      this.#readings = [];
      this.#waiting = [];
    }
    void this.#commit(readings, recordedAt);
  }

  /** Gives up what is waiting for a retry; nothing of it is acknowledged. */
  abort(): void {
    this.#stopping.abort();
  }

  async #commit(readings: readonly Reading[], recordedAt: number | undefined): Promise<void> {
    const { shard, publish, clock, log, meters, settled, recorded, failed } = this.#deps;
    const began = clock.now();
    let error: TillwatchError | undefined;
    for (let attempt = 0; ; attempt++) {
      try {
        const position = await publish(shard, readings);
        if (recordedAt !== undefined) recorded(shard, this.#position, position, recordedAt);
        this.#position = position;
        break;
      } catch (thrown) {
        const given = thrown instanceof TillwatchError ? thrown : undefined;
        if (given?.retryable && !this.#stopping.signal.aborted) {
          const wait = Math.min(BACKOFF_MOST_MS, BACKOFF_FIRST_MS * 2 ** Math.min(attempt, 10));
          meters.tally.commitRetries++;
          if (attempt === 0 || attempt % 20 === 0) {
            log.warn(
              { shard, attempt, wait, code: given.code, reason: given.message },
              'the journal takes nothing now: senders are held back until it does',
            );
          }
          try {
            await clock.sleep(wait, this.#stopping.signal);
            continue;
          } catch {
            // Stopping: not acknowledged, so it comes again.
          }
        }
        error = this.#stopping.signal.aborted
          ? new TillwatchError('ingest.stopped', 'ingest stopped before this was durable: send it again')
          : (given ?? new TillwatchError('ingest.commit_failed', messageOf(thrown), { cause: thrown }));
        break;
      }
    }
    const waiting = this.#inFlight ?? [];
    this.#inFlight = undefined;
    if (error) failed(error);
    else {
      const now = clock.now();
      meters.commit.observe(Math.max(0, now - began) / 1000);
      meters.durable.observe(Math.max(0, now - (recordedAt ?? readings[0]!.receivedAt)) / 1000);
      meters.batch.observe(readings.length);
    }
    for (const pending of waiting) settled(pending, error);
    if (error) {
      for (const pending of this.#waiting.splice(0)) settled(pending, error);
      this.#readings = [];
    } else this.flush();
  }
}
