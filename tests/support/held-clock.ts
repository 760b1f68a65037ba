import { systemClock } from '../../app/system-clock.ts';
import type { Clock } from '../../contract/ports/clock.ts';

/** The system's clock, which can be held: timers go on, but no time passes, so that nothing grows old, falls silent or falls due. */
export class HeldClock implements Clock {
  readonly sleep = systemClock.sleep;
  readonly every = systemClock.every;
  #at: number | undefined;

  now(): number {
    return this.#at ?? systemClock.now();
  }

  hold(): void {
    this.#at ??= systemClock.now();
  }

  release(): void {
    this.#at = undefined;
  }
}
