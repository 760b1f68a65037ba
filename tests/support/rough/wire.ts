import type { Dice } from '../wild-random.ts';

export type Channel = 'birth' | 'state' | 'heartbeat' | 'counters' | 'event' | 'batch';

/** A line of a recorded fleet. A payload that is a string is broken text, as it came. */
export interface Line {
  readonly received_at: number;
  readonly topic: string;
  readonly payload: Record<string, unknown> | string;
}

interface Entry {
  readonly terminal: string;
  readonly channel: Channel;
  readonly payload: Record<string, unknown>;
}

const TENANT = 'rough';
/** Messages that a terminal keeps while it cannot send. */
const KEPT = 600;

/** The way from terminals to the broker: latency, backlogs, gateways that gather, and what gets broken or doubled on the way. */
export class Wire {
  readonly #d: Dice;
  readonly #dirt: number;
  readonly #waiting = new Map<string, Entry[]>();
  readonly #gathered = new Map<string, Entry[]>();
  #lines: Line[] = [];

  constructor(d: Dice, dirt: number) {
    this.#d = d;
    this.#dirt = dirt;
  }

  /** Sends now, by way of `gateway` where one is named. */
  send(at: number, entry: Entry, gateway?: string): void {
    if (gateway !== undefined) {
      const gathered = this.#gathered.get(gateway);
      if (gathered) gathered.push(entry);
      else this.#gathered.set(gateway, [entry]);
      return;
    }
    this.#put(at + this.#d.between(40, 900), entry.terminal, entry.channel, entry.payload);
  }

  /** Keeps for later; the oldest go where the device is full. */
  keep(entry: Entry): void {
    const kept = this.#waiting.get(entry.terminal) ?? [];
    kept.push(entry);
    if (kept.length > KEPT) kept.shift();
    this.#waiting.set(entry.terminal, kept);
  }

  waiting(terminal: string): number {
    return this.#waiting.get(terminal)?.length ?? 0;
  }

  /** The link is back: what was kept follows, oldest first, in a rush. */
  flush(at: number, terminal: string): void {
    let t = at + 1500;
    for (const { channel, payload } of this.#waiting.get(terminal) ?? []) {
      t += this.#d.between(15, 140);
      this.#put(t, terminal, channel, payload);
    }
    this.#waiting.delete(terminal);
  }

  /** What the broker says when a terminal's session breaks. */
  will(at: number, terminal: string, boot: string): void {
    this.#lines.push({
      received_at: Math.round(at),
      topic: topicOf(terminal, 'state'),
      payload: { boot, online: false },
    });
  }

  /** Gateways speak once a minute or step. */
  gather(at: number, gateway: string): void {
    const messages = this.#gathered.get(gateway);
    if (!messages) return;
    this.#gathered.delete(gateway);
    this.#lines.push({
      received_at: Math.round(at + this.#d.between(500, 4000)),
      topic: topicOf(gateway, 'batch'),
      payload: { messages },
    });
  }

  /** Lines received before `until`, in the order of their arrival. */
  take(until: number): Line[] {
    this.#lines.sort((a, b) => a.received_at - b.received_at);
    let n = 0;
    while (n < this.#lines.length && this.#lines[n]!.received_at < until) n++;
    const taken = this.#lines.slice(0, n);
    this.#lines = this.#lines.slice(n);
    return taken;
  }

  #put(at: number, terminal: string, channel: Channel, payload: Record<string, unknown>): void {
    const line = { received_at: Math.round(at), topic: topicOf(terminal, channel), payload };
    this.#lines.push(line);
    if (this.#dirt === 0) return;
    const d = this.#d;
    if (d.chance(this.#dirt))
      this.#lines.push({ ...line, received_at: line.received_at + Math.round(d.between(100, 90_000)) });
    if (!d.chance(this.#dirt)) return;
    const text = JSON.stringify(payload);
    const broken: readonly (Record<string, unknown> | string)[] = [
      text.slice(0, Math.floor(text.length * d.between(0.2, 0.9))),
      { ...payload, ts: 'noon' },
      { ...payload, seq: -4 },
      { ...payload, battery: { soc_pct: 240 } },
      { ...payload, printer: { state: 'on_fire' } },
    ];
    this.#lines.push({ ...line, payload: d.pick(broken) });
  }
}

function topicOf(terminal: string, channel: Channel): string {
  return `pos/v1/${TENANT}/${terminal}/${channel}`;
}
