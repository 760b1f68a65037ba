import type { Logger } from 'pino';
import { messageOf } from '../../contract/errors.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { DeadLetterRepository, NewDeadLetter } from '../../contract/ports/dead-letters.ts';
import type { Meters } from './meters.ts';

export interface DeadLetterWriterDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly meters: Meters;
  readonly repository: DeadLetterRepository;
  /** Letters that may wait to be written; more are counted as lost, as poison must not hold up the line. */
  readonly queue: number;
}

interface Entry {
  readonly letters: readonly NewDeadLetter[];
  readonly kept: () => void;
}

const BATCH = 500;
const TRIES = 4;
const BACKOFF_MS = 100;

/** Writes rejections in batches, one transaction under way at a time; a store that stays away costs the letters, never the line. */
export class DeadLetterWriter {
  readonly #deps: DeadLetterWriterDeps;
  #queue: Entry[] = [];
  #queued = 0;
  #running = false;

  constructor(deps: DeadLetterWriterDeps) {
    this.#deps = deps;
  }

  /** Resolves when the letters are stored, or given up and counted. */
  keep(letters: readonly NewDeadLetter[]): Promise<void> {
    const { meters, queue } = this.#deps;
    if (this.#queued + letters.length > queue && this.#queued > 0) {
      meters.tally.deadLettersLost += letters.length;
      return Promise.resolve();
    }
    return new Promise((kept) => {
      this.#queue.push({ letters, kept });
      this.#queued += letters.length;
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#queue.length > 0) {
      const batch: Entry[] = [];
      let size = 0;
      while (this.#queue.length > 0 && size < BATCH) {
        const next = this.#queue.shift()!;
        batch.push(next);
        size += next.letters.length;
      }
      await this.#write(batch.flatMap((entry) => entry.letters));
      this.#queued -= size;
      for (const entry of batch) entry.kept();
    }
    this.#running = false;
  }

  async #write(letters: readonly NewDeadLetter[]): Promise<void> {
    const { repository, clock, log, meters } = this.#deps;
    for (let attempt = 1; ; attempt++) {
      try {
        await repository.add(letters);
        return;
      } catch (error) {
        if (attempt === TRIES) {
          meters.tally.deadLettersLost += letters.length;
          log.error(
            { lost: letters.length, reason: messageOf(error) },
            'rejected messages could not be kept: mend the relational store; telemetry goes on',
          );
          return;
        }
        await clock.sleep(BACKOFF_MS * 4 ** (attempt - 1));
      }
    }
  }
}
