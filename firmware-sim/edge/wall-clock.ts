import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../contract/ports/clock.ts';

/** The machine's own clock, optionally running `speed` times as fast from `start` on. */
export function createWallClock(speed = 1, start?: number): Clock {
  const began = Date.now();
  const origin = start ?? began;
  const now = (): number => origin + (Date.now() - began) * speed;
  return {
    now,
    sleep: (ms, signal) => wait(ms / speed, undefined, signal ? { signal } : {}),
    every: (ms, tick, onError) => {
      let busy = false;
      const timer = setInterval(
        () => {
          if (busy) return;
          busy = true;
          Promise.resolve()
            .then(tick)
            .catch((error: unknown) => onError?.(error))
            .finally(() => {
              busy = false;
            });
        },
        Math.max(1, ms / speed),
      );
      return () => clearInterval(timer);
    },
  };
}
