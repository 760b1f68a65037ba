/** What a terminal says: the counters it keeps, the messages that wait in it, and what reaches the broker when. */
import type { Dice } from './hardware.ts';

/** A line of a recording; the payload is text, as it came. */
export interface Line {
  readonly received_at: number;
  readonly topic: string;
  readonly payload: string;
}

type Body = Record<string, unknown>;
type Channel = 'birth' | 'state' | 'heartbeat' | 'counters' | 'event';

export class Voice {
  online = true;
  /** What the terminal's clock is ahead of the true time, ms. */
  clock = 0;
  readonly counters: Record<string, number> = {};
  readonly #d: Dice;
  readonly #lines: Line[];
  readonly #topics: Readonly<Record<Channel, string>>;
  #boot = '';
  #seq = 0;
  #outbox: { ts: number; channel: Channel; body: Body }[] = [];

  constructor(d: Dice, lines: Line[], tenant: string, terminal: string) {
    this.#d = d;
    this.#lines = lines;
    const topic = (channel: Channel): string => `pos/v1/${tenant}/${terminal}/${channel}`;
    this.#topics = {
      birth: topic('birth'),
      state: topic('state'),
      heartbeat: topic('heartbeat'),
      counters: topic('counters'),
      event: topic('event'),
    };
  }

  get waiting(): number {
    return this.#outbox.length;
  }

  add(key: string, by: number): void {
    this.counters[`${key}_total`] = (this.counters[`${key}_total`] ?? 0) + by;
  }

  /** Counters of these groups begin again. */
  reset(groups?: readonly string[]): void {
    for (const key in this.counters)
      if (!groups || groups.includes(key.slice(0, key.indexOf('.')))) this.counters[key] = 0;
  }

  newBoot(): void {
    this.#boot = this.#d.hex(12);
    this.#seq = 0;
  }

  say(channel: Channel, ts: number, body: Body): void {
    const head = { ts: Math.round(ts + this.clock), boot: this.#boot, seq: this.#seq++ };
    this.#outbox.push({ ts: Math.round(ts), channel, body: { ...head, ...body } });
  }

  event(ts: number, type: string, component?: string, detail?: object): void {
    this.say('event', ts, { type, ...(component ? { component } : {}), ...(detail ? { detail } : {}) });
  }

  /** Says values in the contract's groups: those that the model knows, less one now and then that was not to be had. */
  tell(
    channel: 'heartbeat' | 'counters',
    ts: number,
    values: Readonly<Record<string, number | string | undefined>>,
    known: ReadonlySet<string>,
    drop: number,
  ): void {
    const out: Record<string, Body> = {};
    for (const key in values) {
      const value = values[key];
      if (value === undefined || !known.has(key) || this.#d.chance(drop)) continue;
      const dot = key.indexOf('.');
      (out[key.slice(0, dot)] ??= {})[key.slice(dot + 1)] = value;
    }
    this.say(channel, ts, out);
  }

  /** The broker's word for a session that broke. */
  will(at: number): void {
    this.#write(at, 'state', { boot: this.#boot, online: false, reason: 'connection lost' });
  }

  /** Sends what waits, the oldest first; a redelivery now and then. */
  flush(now: number): void {
    let at = now;
    for (const m of this.#outbox) {
      at = Math.max(at, m.ts) + this.#d.between(30, 400);
      this.#write(at, m.channel, m.body);
      if (this.#d.chance(0.0015)) this.#write(at + 5000, m.channel, m.body);
    }
    this.#outbox = [];
  }

  /** Nothing gets through: the broker notices, and the oldest reading goes where the device keeps `keeps` and no more. */
  hold(at: number, keeps: number): void {
    if (this.online) {
      this.will(at + 90_000);
      this.online = false;
    }
    const beats = this.#outbox.filter((m) => m.channel === 'heartbeat' || m.channel === 'counters');
    if (beats.length > keeps) this.#outbox.splice(this.#outbox.indexOf(beats[0]!), 1);
  }

  #write(at: number, channel: Channel, payload: Body): void {
    this.#lines.push({
      received_at: Math.round(at),
      topic: this.#topics[channel],
      payload: JSON.stringify(payload),
    });
  }
}
