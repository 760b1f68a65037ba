import type { Dice } from '../wild-random.ts';
import { MIN } from './frame.ts';
import type { Hardware } from './hardware.ts';
import type { Gateway, Post } from './post.ts';

type Values = Record<string, number | string | undefined>;
export type Groups = Record<string, Values>;

/** Digits after the point with which a gauge is usually sent; others are whole. */
const DIGITS: Readonly<Record<string, number>> = {
  soc_pct: 1,
  temp_c: 1,
  head_temp_c: 1,
  head_ohm: 1,
  rsrq_db: 1,
  sinr_db: 1,
  loss_pct: 2,
  cpu_pct: 1,
  resistance_mohm: 1,
};

/** What a till says and how: its boot and numbering, its clock, what its firmware leaves out, what it keeps while there is no link. */
export class Voice {
  readonly tenant: string;
  readonly terminal: string;
  readonly #hw: Hardware;
  readonly #d: Dice;
  readonly #post: Post;
  readonly #gateway: Gateway | undefined;
  readonly #gauges: readonly (readonly [group: string, fields: readonly string[]])[];
  readonly #counters: readonly (readonly [group: string, fields: readonly string[]])[];
  readonly #clockOff: number;
  readonly #clockDrift: number;
  readonly #smoothed = new Map<string, number>();
  readonly #kept: { channel: string; payload: object }[] = [];
  boot = '';
  #seq = 0;
  #boots = 0;
  #connected = false;
  /** A session that broke off, which the broker has not noticed yet. */
  #broken: { boot: string; at: number } | undefined;

  constructor(tenant: string, terminal: string, hw: Hardware, d: Dice, post: Post, gateway: Gateway | undefined) {
    this.tenant = tenant;
    this.terminal = terminal;
    this.#hw = hw;
    this.#d = d;
    this.#post = post;
    this.#gateway = gateway;
    this.#gauges = Object.entries(hw.gauges).map(([group, fields]) => [group, fields.split(' ')]);
    this.#counters = Object.entries(hw.counters).map(([group, fields]) => [group, fields.split(' ')]);
    const draw = d();
    this.#clockOff =
      draw < 0.05 ? -d.between(60, 1_500) * 1_000 : draw < 0.09 ? d.between(20, 400) * 1_000 : d.between(-900, 900);
    this.#clockDrift = d.chance(0.1) ? d.between(-2e-5, 2e-5) : 0;
  }

  get buffered(): number {
    return this.#kept.length;
  }

  begin(t: number): void {
    this.boot = `${(t / 1_000).toString(36)}-${(this.#boots++).toString(36)}${Math.floor(this.#d() * 1e6).toString(36)}`;
    this.#seq = 0;
    this.#connected = false;
    this.#smoothed.clear();
  }

  say(channel: string, t: number, body: object, up: boolean): void {
    const ts = Math.round(t + this.#clockOff + (t % 1e10) * this.#clockDrift);
    const payload = { ts, boot: this.boot, seq: this.#seq++, ...body };
    if (this.#gateway) this.#gatewayOr(channel, payload, up);
    else if (up) this.#post.send(t, this.#topic(channel), JSON.stringify(payload));
    else this.#keep(channel, payload);
  }

  heartbeat(t: number, groups: Groups, up: boolean): void {
    this.say('heartbeat', t, this.#chosen(this.#gauges, groups, true), up);
  }

  counters(t: number, groups: Groups, up: boolean): void {
    this.say('counters', t, this.#chosen(this.#counters, groups, false), up);
  }

  /** The link is back: says so, and sends what was kept. */
  connect(t: number): void {
    this.#will(t);
    if (!this.#connected) this.say('state', t + 1_000, { online: true }, true);
    this.#connected = true;
    let at = t + 2_000;
    for (const { channel, payload } of this.#kept.splice(0)) {
      if (this.#gateway) this.#gateway.take({ terminal: this.terminal, channel, payload });
      else this.#post.send(at, this.#topic(channel), JSON.stringify(payload));
      at += 25;
    }
  }

  /** The broker finds a broken session when its keepalive runs out, or sooner when its terminal comes again. */
  lose(t: number): void {
    if (!this.#connected) return;
    this.#connected = false;
    if (this.#gateway) return;
    this.#broken = { boot: this.boot, at: t };
  }

  /** Passes a minute for the broker. */
  tick(t: number): void {
    if (this.#broken && t - this.#broken.at >= 2 * MIN) this.#will(t);
  }

  #will(t: number): void {
    if (!this.#broken) return;
    this.#post.send(t, this.#topic('state'), JSON.stringify({ boot: this.#broken.boot, online: false }));
    this.#broken = undefined;
  }

  /** A clean shutdown; what could not be sent stays for the next boot where the model has flash for it. */
  end(t: number, up: boolean): void {
    this.say('event', t, { type: 'shutdown' }, up);
    this.say('state', t + 500, { online: false, reason: 'shutdown' }, up);
    this.#connected = false;
  }

  #topic(channel: string): string {
    return `pos/v1/${this.tenant}/${this.terminal}/${channel}`;
  }

  #gatewayOr(channel: string, payload: object, up: boolean): void {
    if (up) this.#gateway?.take({ terminal: this.terminal, channel, payload });
    else this.#keep(channel, payload);
  }

  #keep(channel: string, payload: object): void {
    if (channel === 'state') return;
    this.#kept.push({ channel, payload });
    if (this.#kept.length > this.#hw.buffer) this.#kept.shift();
  }

  #chosen(wanted: readonly (readonly [string, readonly string[]])[], groups: Groups, gauges: boolean): object {
    const out: Record<string, Values> = {};
    for (const [name, fields] of wanted) {
      const from = groups[name];
      if (!from) continue;
      const group: Values = {};
      for (const field of fields) {
        const value = from[field];
        if (value === undefined || (this.#hw.drop > 0 && this.#d.chance(this.#hw.drop))) continue;
        group[field] = typeof value === 'string' ? value : gauges ? this.#gauge(name, field, value) : Math.round(value);
      }
      out[name] = group;
    }
    return out;
  }

  #gauge(group: string, field: string, value: number): number {
    const { smooth, step } = this.#hw;
    let v = value;
    const alpha = smooth[field];
    if (alpha !== undefined) {
      const key = `${group}.${field}`;
      v = (this.#smoothed.get(key) ?? v) * alpha + v * (1 - alpha);
      this.#smoothed.set(key, v);
    }
    const grain = step[field] ?? step['*'];
    if (grain !== undefined) return Number((Math.round(v / grain) * grain).toFixed(3));
    return Number(v.toFixed(DIGITS[field] ?? 0));
  }
}
