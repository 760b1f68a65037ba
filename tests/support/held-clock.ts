import { systemClock } from '../../app/system-clock.ts';
import type { Clock } from '../../contract/ports/clock.ts';

/**
 * The system's clock, which can be held (timers go on, but no time passes, so that nothing grows old, falls silent or falls due) and set
 * wrong.
 */
export class HeldClock implements Clock {
  readonly sleep = systemClock.sleep;
  readonly every = systemClock.every;
  /** How far it is ahead of the true time, ms. */
  ahead = 0;
  #at: number | undefined;

  now(): number {
    return (this.#at ?? systemClock.now()) + this.ahead;
  }

  hold(): void {
    this.#at ??= systemClock.now();
  }

  release(): void {
    this.#at = undefined;
  }
}
