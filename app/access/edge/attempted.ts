import type { Attempts } from '../core/lockout.ts';

/** Names out of thin air must not fill the memory: beyond this the oldest is forgotten. */
const KEPT = 50_000;

/** Wrong attempts by address or by a name that nobody has. */
export class Attempted {
  readonly #by = new Map<string, Attempts>();

  of(key: string): Attempts | undefined {
    return this.#by.get(key.slice(0, 128));
  }

  count(key: string, now: number): void {
    const short = key.slice(0, 128);
    const failures = (this.#by.get(short)?.failures ?? 0) + 1;
    this.#by.delete(short);
    this.#by.set(short, { failures, failedAt: now });
    if (this.#by.size > KEPT) this.#by.delete(this.#by.keys().next().value ?? '');
  }

  forget(key: string): void {
    this.#by.delete(key.slice(0, 128));
  }

  trim(before: number): void {
    for (const [key, { failedAt }] of this.#by) if (failedAt < before) this.#by.delete(key);
  }
}
