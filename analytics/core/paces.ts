import type { Habits } from './habits.ts';
import {
  BEAT_AT,
  COUNTED_AT,
  DOWN,
  FLAGS,
  GOODBYE,
  INTERVAL,
  NEXT_PACE,
  PACE,
  SITE,
  type Terminals,
} from './terminals.ts';

/** How far beyond its interval a message may come before it is overdue: as a share, and ms. */
const JITTER = 1.1;
const GRACE = 25_000;
/** Pauses this many times as long at the most are alike, and how many in a row are a pace. */
const ALIKE = 1.15;
const IN_A_ROW = 3;
/** Seconds between messages beyond which a terminal is away, not asleep. */
const SLOWEST = 2 * 3600;
/** What NEXT_PACE holds: how many pauses there were in a row, above their seconds. */
const COUNT = 1 << 13;

/**
 * The slower pace at which a terminal speaks while it sleeps: every five minutes awake, every half hour off its dock by night. Its silence between two such messages is
 * no loss. A pace is three pauses alike in a row, which messages lost on the way hardly ever make; it is waited for in hours in which the shop's
 * terminals were slow lately, and in those in which nothing is sold.
 */
export class Paces {
  readonly #terminals: Terminals;
  readonly #habits: Habits;

  constructor(terminals: Terminals, habits: Habits) {
    this.#terminals = terminals;
    this.#habits = habits;
  }

  /** What it measured at `ts` has come; asked before it is taken in. */
  came(index: number, ts: number): void {
    const t = this.#terminals;
    const last = Math.max(t.time(index, BEAT_AT), t.time(index, COUNTED_AT));
    const gap = ts - last;
    const next = t.int(index, NEXT_PACE);
    const interval = this.interval(index);
    if (gap <= overdue(interval)) {
      // Counters beside a heartbeat say nothing of its pace; a heartbeat in time does.
      if (next !== 0 && gap > interval / 2) t.setInt(index, NEXT_PACE, 0);
      return;
    }
    const seconds = Math.round(gap / 1000);
    if (last === 0 || seconds > SLOWEST || t.int(index, FLAGS) & (DOWN | GOODBYE)) return;
    const pace = t.int(index, PACE);
    if (seconds <= pace * ALIKE) {
      this.#habits.slowed(t.int(index, SITE), last, ts);
      return;
    }
    const before = next % COUNT;
    const isAlike = seconds <= before * ALIKE && before <= seconds * ALIKE;
    const count = isAlike ? Math.floor(next / COUNT) + 1 : 1;
    t.setInt(index, NEXT_PACE, count < IN_A_ROW ? count * COUNT + seconds : 0);
    if (count < IN_A_ROW) return;
    t.setInt(index, PACE, seconds);
    this.#habits.slowed(t.int(index, SITE), last - (IN_A_ROW - 1) * gap, ts);
  }

  /** A heartbeat measured at `ts` has come. They come as often as they come, whatever the birth said: gaps count for at most three intervals. */
  learnInterval(index: number, ts: number): void {
    const last = this.#terminals.time(index, BEAT_AT);
    const known = this.#terminals.int(index, INTERVAL);
    if (last === 0) return;
    const seconds = Math.min((ts - last) / 1000, known === 0 ? 3600 : known * 3);
    this.#terminals.setInt(
      index,
      INTERVAL,
      known === 0 ? Math.ceil(seconds) : Math.ceil(known + (seconds - known) * 0.1),
    );
  }

  /** It says how many seconds there are between its heartbeats. */
  told(index: number, seconds: number): void {
    this.#terminals.setInt(index, INTERVAL, seconds);
  }

  /** ms until it is next heard of, as far as is known at `at`. */
  beat(index: number, at: number): number {
    const interval = this.interval(index);
    const pace = this.#terminals.int(index, PACE) * 1000;
    if (pace <= interval) return interval;
    const site = this.#terminals.int(index, SITE);
    return this.#habits.isSlow(site, at) || !this.#habits.sells(site, at) ? pace : interval;
  }

  /** ms between its messages at its slowest. */
  slowest(index: number): number {
    return Math.max(this.interval(index), this.#terminals.int(index, PACE) * 1000);
  }

  /** ms between its heartbeats, as it says. */
  interval(index: number): number {
    return (this.#terminals.int(index, INTERVAL) || 60) * 1000;
  }
}

/** ms of silence after which a terminal that speaks every so many is overdue. */
export function overdue(beat: number): number {
  return beat * JITTER + GRACE;
}
