import type { Dice } from '../wild-random.ts';
import { type Line, MIN } from './frame.ts';

/** Messages on their way, given out in the order in which they arrive. */
export class Post {
  readonly #minutes = new Map<number, Line[]>();
  readonly #d: Dice;

  constructor(d: Dice) {
    this.#d = d;
  }

  /** Sends at `t`; what is sent arrives a little later, and now and then twice. */
  send(t: number, topic: string, payload: string): void {
    const at = Math.round(t + this.#d.between(40, 900));
    this.#put({ received_at: at, topic, payload });
    if (this.#d.chance(0.0008))
      this.#put({ received_at: at + Math.round(this.#d.between(2_000, 90_000)), topic, payload });
  }

  /** What has arrived before minute `t` ends. */
  arrived(t: number): readonly Line[] {
    const minute = Math.floor(t / MIN);
    const lines = this.#minutes.get(minute) ?? [];
    this.#minutes.delete(minute);
    return lines.sort((a, b) => a.received_at - b.received_at);
  }

  #put(line: Line): void {
    const minute = Math.floor(line.received_at / MIN);
    const lines = this.#minutes.get(minute);
    if (lines) lines.push(line);
    else this.#minutes.set(minute, [line]);
  }
}

interface Entry {
  readonly terminal: string;
  readonly channel: string;
  readonly payload: object;
}

/** A store's gateway: collects what its tills say and sends it every few minutes, while its line holds. */
export class Gateway {
  readonly #topic: string;
  readonly #post: Post;
  readonly #everyMin: number;
  #held: Entry[] = [];

  constructor(tenant: string, id: string, everyMin: number, post: Post) {
    this.#topic = `pos/v1/${tenant}/${id}/batch`;
    this.#everyMin = everyMin;
    this.#post = post;
  }

  take(entry: Entry): void {
    this.#held.push(entry);
  }

  step(t: number, line: boolean): void {
    if (!line || (t / MIN) % this.#everyMin !== 0) return;
    for (let from = 0; from < this.#held.length; from += 500) {
      // One after the other: a backlog goes out in the order in which it was taken.
      const messages = this.#held.slice(from, from + 500);
      this.#post.send(t + MIN - 2_000 + from * 4, this.#topic, JSON.stringify({ messages }));
    }
    this.#held = [];
  }
}
