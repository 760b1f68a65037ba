import { once } from 'node:events';
import { Cron } from 'croner';
import type { Logger } from 'pino';
import { messageOf, TillwatchError } from '../contract/errors.ts';
import type { Clock } from '../contract/ports/clock.ts';
import type { Job } from '../contract/room.ts';
import type { Tracing } from './tracing.ts';

/** Runs the rooms' jobs: intervals by the platform's clock, cron expressions (UTC) by croner; a job never runs twice at once. */
export function createScheduler(deps: { clock: Clock; log: Logger; tracing?: Tracing | undefined }): {
  start(jobs: readonly Job[]): void;
  stop(): Promise<void>;
} {
  const { clock, log, tracing } = deps;
  const stops: (() => void)[] = [];
  const running = new Set<Promise<void>>();
  const abort = new AbortController();

  const run = async (job: Job): Promise<void> => {
    const start = () => job.run(clock.now(), abort.signal);
    const work = (tracing ? tracing.within(`job ${job.name}`, {}, start) : start()).catch((error: unknown) => {
      if (abort.signal.aborted) return;
      // What may pass is tried again at the job's next turn; nobody has to act on it yet.
      const level = error instanceof TillwatchError && error.retryable ? 'warn' : 'error';
      log[level]({ err: error, job: job.name }, `job ${job.name} failed: ${messageOf(error)}`);
    });
    running.add(work);
    await work;
    running.delete(work);
  };
  return {
    start(jobs) {
      for (const job of jobs) {
        if (typeof job.every === 'number') {
          stops.push(clock.every(job.every, () => run(job)));
        } else {
          const cron = new Cron(job.every, { timezone: 'UTC', protect: true, unref: true }, () => run(job));
          stops.push(() => cron.stop());
        }
      }
    },
    async stop() {
      for (const stop of stops) stop();
      abort.abort(new Error('the platform is stopping'));
      await Promise.allSettled(running);
    },
  };
}

/** Waits for work that heeds no signal itself, but not beyond the signal: it goes on by itself, and whoever does it ends it as it stops. */
export async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const done = new AbortController();
  try {
    await Promise.race([work, once(signal, 'abort', { signal: done.signal })]);
  } finally {
    done.abort();
  }
}
