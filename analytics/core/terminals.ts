import type { TenantId } from '../../contract/topics.ts';

const FIRST = 256;

/** Ints of a terminal: blocks of its detectors, then its groups. */
export const SITE = 8;
export const CELL = 9;
export const FLEET = 10;
export const INTERVAL = 11;
export const MODEL = 12;
export const CARRIER = 13;
export const FIRMWARE = 14;
export const FLAGS = 15;
/** The way out that it shares with others of its site: the shop's line, or the mobile network. */
export const LINE = 16;
/** Days of the week, as bits, on which it was last away in hours in which it is usually there. */
export const AWAY_DAYS = 17;
const INTS = 18;

/** Kinds of line: the shop's own, and the mobile network. */
export const FIXED = 1;
export const MOBILE = 2;

/** Flags: a will has told of its loss; it said goodbye; it is part of an outage that stands; it is alone in its silence; its battery was nearly empty. */
export const DOWN = 1;
export const GOODBYE = 2;
export const OUT = 4;
export const ALONE = 8;
export const LOW = 16;

/** Doubles of a terminal, ms: newest heartbeat and counters by event time, newest arrival, first seen. */
export const BEAT_AT = 0;
export const COUNTED_AT = 1;
export const SEEN_AT = 2;
export const FIRST_AT = 3;
export const LOST_AT = 4;
/** When a failing battery last explained what else went wrong. */
export const PACK_AT = 5;
const DOUBLES = 6;

/** Half hours of a day: how often a terminal is heard of in each, as bytes. */
export const HABIT_SLOTS = 48;
export const UNKNOWN_HABIT = 255;

/** Every terminal the engine knows, by number: names in arrays, all else in two typed arrays that double as the fleet grows. */
export class Terminals {
  readonly #byTenant = new Map<string, Map<string, number>>();
  readonly tenants: TenantId[] = [];
  readonly names: string[] = [];
  ints = new Int32Array(FIRST * INTS);
  doubles = new Float64Array(FIRST * DOUBLES);
  habits = new Uint8Array(FIRST * HABIT_SLOTS).fill(UNKNOWN_HABIT);

  get count(): number {
    return this.names.length;
  }

  find(tenant: string, terminal: string): number {
    return this.#byTenant.get(tenant)?.get(terminal) ?? -1;
  }

  add(tenant: TenantId, terminal: string): number {
    const index = this.names.length;
    let names = this.#byTenant.get(tenant);
    if (!names) this.#byTenant.set(tenant, (names = new Map()));
    names.set(terminal, index);
    this.tenants.push(tenant);
    this.names.push(terminal);
    if ((index + 1) * INTS > this.ints.length) {
      const ints = new Int32Array(this.ints.length * 2);
      ints.set(this.ints);
      this.ints = ints;
      const doubles = new Float64Array(this.doubles.length * 2);
      doubles.set(this.doubles);
      this.doubles = doubles;
      const habits = new Uint8Array(this.habits.length * 2).fill(UNKNOWN_HABIT);
      habits.set(this.habits);
      this.habits = habits;
    }
    return index;
  }

  int(index: number, slot: number): number {
    return this.ints[index * INTS + slot]!;
  }

  setInt(index: number, slot: number, value: number): void {
    this.ints[index * INTS + slot] = value;
  }

  time(index: number, slot: number): number {
    return this.doubles[index * DOUBLES + slot]!;
  }

  setTime(index: number, slot: number, value: number): void {
    this.doubles[index * DOUBLES + slot] = value;
  }

  get bytes(): number {
    return this.ints.byteLength + this.doubles.byteLength + this.habits.byteLength;
  }

  save(): { tenants: readonly TenantId[]; names: readonly string[]; parts: Uint8Array[] } {
    const ints = this.ints.slice(0, this.count * INTS);
    const doubles = this.doubles.slice(0, this.count * DOUBLES);
    return {
      tenants: this.tenants,
      names: this.names,
      parts: [
        new Uint8Array(ints.buffer),
        new Uint8Array(doubles.buffer),
        this.habits.slice(0, this.count * HABIT_SLOTS),
      ],
    };
  }

  load(tenants: readonly TenantId[], names: readonly string[], bytes: Uint8Array, at: number): number {
    this.#byTenant.clear();
    this.tenants.length = 0;
    this.names.length = 0;
    names.forEach((name, i) => {
      this.add(tenants[i]!, name);
    });
    const count = names.length;
    const intBytes = count * INTS * 4;
    const doubleBytes = count * DOUBLES * 8;
    this.ints.set(new Int32Array(bytes.slice(at, at + intBytes).buffer));
    this.doubles.set(new Float64Array(bytes.slice(at + intBytes, at + intBytes + doubleBytes).buffer));
    const habitsAt = at + intBytes + doubleBytes;
    const habitBytes = count * HABIT_SLOTS;
    this.habits.set(bytes.subarray(habitsAt, habitsAt + habitBytes));
    return habitsAt + habitBytes;
  }
}
