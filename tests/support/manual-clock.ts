import type { Clock } from '../../contract/ports/clock.ts';

interface Timer {
  at: number;
  readonly order: number;
  fire(): void;
}

/** A clock that stands still until a test moves it; timers fire in the order of their time, then of their making. */
export class ManualClock implements Clock {
  #now: number;
  #made = 0;
  readonly #timers = new Set<Timer>();

  constructor(now = Date.UTC(2026, 0, 5, 8)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const timer: Timer = { at: this.#now + ms, order: this.#made++, fire: resolve };
      this.#timers.add(timer);
      signal?.addEventListener('abort', () => {
        this.#timers.delete(timer);
        reject(signal.reason as Error);
      });
    });
  }

  every(ms: number, tick: () => void | Promise<void>, onError: (error: unknown) => void = () => {}): () => void {
    let busy = false;
    const timer: Timer = {
      at: this.#now + ms,
      order: this.#made++,
      fire: () => {
        timer.at += ms;
        this.#timers.add(timer);
        if (busy) return;
        busy = true;
        void (async () => tick())()
          .catch(onError)
          .finally(() => {
            busy = false;
          });
      },
    };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** Moves time by `ms`, firing what falls due on the way and letting the promises it wakes run in between. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter((t) => t.at <= end).sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (!due) break;
      this.#now = Math.max(this.#now, due.at);
      this.#timers.delete(due);
      due.fire();
      await settle();
    }
    this.#now = end;
    await settle();
  }
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
