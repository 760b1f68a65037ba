import type { TenantId } from '../../contract/topics.ts';
import { NameTable } from './names.ts';
import { Slab } from './slab.ts';

/** Words of a terminal: records of its detectors, then its groups. */
const DETECTOR_SLOTS = 5;
export const SITE = 5;
export const CELL = 6;
export const MODEL = 7;
export const CARRIER = 8;
export const FIRMWARE = 9;
/** Times in whole seconds: first seen, and when a failing battery last explained what else went wrong. */
export const FIRST_AT = 10;
export const PACK_AT = 11;
/** Times in ms, each with its upper bits in a half: newest heartbeat and counters by event time, newest arrival, and when it was lost. */
const MS = 12;
export const BEAT_AT = 12;
export const COUNTED_AT = 13;
export const SEEN_AT = 14;
export const LOST_AT = 15;
const WORDS = 16;

/** Halves, which are numbered from HALF on: shapes of its records; upper bits of times; then what follows. */
const HALF = 32;
const SHAPES = HALF;
const UPPER = SHAPES + DETECTOR_SLOTS;
/** Seconds between heartbeats. */
export const INTERVAL = UPPER + 4;
export const FLAGS = INTERVAL + 1;
/** What its serial number comes to in sixteen bits, plus one where that is 0; 0 where none was told. */
export const SERIAL = INTERVAL + 2;
/** Seconds between messages while it sleeps, 0 where it has but one pace; and the pauses in a row that may become it. */
export const PACE = INTERVAL + 3;
export const NEXT_PACE = INTERVAL + 4;
const HALF_WORDS = 7;
const FIRST_HALF = 2 * WORDS - HALF;
const FIRST_UPPER = FIRST_HALF + UPPER - MS;

/** Kinds of line: the shop's own, and the mobile network. */
export const FIXED = 1;
export const MOBILE = 2;

/**
 * Flags: a will has told of its loss; it said goodbye; it is part of an outage that stands; it is alone in its silence; its battery was nearly empty; it started and has not shown
 * its readings since. */
export const DOWN = 1;
export const GOODBYE = 2;
export const OUT = 4;
export const ALONE = 8;
export const LOW = 16;
export const STARTED = 32;
/** Above them: its line, the days of the week on which it was last away, and whether it has another line to fall back to. */
const LINE_AT = 6;
const LINE_BITS = 3 << LINE_AT;
const AWAY_AT = 8;
const AWAY_BITS = 0x7f << AWAY_AT;
/** It has gone on over the mobile network where its shop's line did not carry it. */
const FALLS_BACK = 1 << 15;

/** Half hours of a day: how often a terminal is heard of in each, as bytes kept plus one, so that 0 says unknown. */
export const HABIT_SLOTS = 48;
export const UNKNOWN_HABIT = 255;
const HABIT_AT = WORDS + HALF_WORDS;
const STRIDE = HABIT_AT + HABIT_SLOTS / 4;

/** Every terminal the engine knows, by number, in a row of words each: nothing of it is an object. */
export class Terminals {
  readonly #names = new NameTable();
  readonly #tenants: TenantId[] = [];
  readonly #tenantNumbers = new Map<string, number>();
  /** By tenant: group of all its terminals. */
  readonly #fleets: number[] = [];
  readonly #rows = new Slab(STRIDE);

  get count(): number {
    return this.#names.count;
  }

  name(index: number): string {
    return this.#names.at(index);
  }

  tenant(index: number): TenantId {
    return this.#tenants[this.#names.tenant(index)]!;
  }

  find(tenant: string, terminal: string): number {
    const number = this.#tenantNumbers.get(tenant);
    return number === undefined ? -1 : this.#names.find(number, terminal);
  }

  add(tenant: TenantId, terminal: string): number {
    let number = this.#tenantNumbers.get(tenant);
    if (number === undefined) {
      number = this.#tenants.push(tenant) - 1;
      this.#tenantNumbers.set(tenant, number);
    }
    this.#rows.allocate();
    return this.#names.add(number, terminal);
  }

  int(index: number, slot: number): number {
    const row = this.#rows.offset(index + 1);
    return slot < HALF
      ? this.#rows.words(index + 1)[row + slot]!
      : this.#rows.halves(index + 1)[2 * row + FIRST_HALF + slot]!;
  }

  setInt(index: number, slot: number, value: number): void {
    const row = this.#rows.offset(index + 1);
    if (slot < HALF) this.#rows.words(index + 1)[row + slot] = value;
    else this.#rows.halves(index + 1)[2 * row + FIRST_HALF + slot] = Math.min(value, 0xffff);
  }

  /** ms; 0 where it never was. */
  time(index: number, slot: number): number {
    const id = index + 1;
    const row = this.#rows.offset(id);
    const word = this.#rows.words(id)[row + slot]!;
    return slot < MS ? word * 1000 : this.#rows.halves(id)[2 * row + FIRST_UPPER + slot]! * 0x1_0000_0000 + word;
  }

  setTime(index: number, slot: number, ms: number): void {
    const id = index + 1;
    const row = this.#rows.offset(id);
    const words = this.#rows.words(id);
    if (slot < MS) {
      words[row + slot] = Math.floor(ms / 1000);
      return;
    }
    const whole = Math.max(0, Math.floor(ms));
    // What is stored is the number modulo 2³².
    words[row + slot] = whole;
    this.#rows.halves(id)[2 * row + FIRST_UPPER + slot] = Math.min(0xffff, Math.floor(whole / 0x1_0000_0000));
  }

  /** Group of all terminals of its tenant. */
  fleet(index: number): number {
    return this.#fleets[this.#names.tenant(index)] ?? 0;
  }

  setFleet(index: number, group: number): void {
    this.#fleets[this.#names.tenant(index)] = group;
  }

  /** The way out that it shares with others of its site: the shop's line, or the mobile network; 0 where it has not told. */
  line(index: number): number {
    return (this.int(index, FLAGS) & LINE_BITS) >> LINE_AT;
  }

  setLine(index: number, line: number): void {
    const fell = this.line(index) === FIXED && line === MOBILE ? FALLS_BACK : 0;
    this.setInt(index, FLAGS, (this.int(index, FLAGS) & ~LINE_BITS) | (line << LINE_AT) | fell);
  }

  /** Whether it was once heard of on the mobile network after its shop's line: that line alone does not silence it. */
  fallsBack(index: number): boolean {
    return (this.int(index, FLAGS) & FALLS_BACK) !== 0;
  }

  /** Days of the week, as bits, on which it was last away in hours in which it is usually there. */
  awayDays(index: number): number {
    return (this.int(index, FLAGS) & AWAY_BITS) >> AWAY_AT;
  }

  setAwayDays(index: number, days: number): void {
    this.setInt(index, FLAGS, (this.int(index, FLAGS) & ~AWAY_BITS) | (days << AWAY_AT));
  }

  /** Number of the shape of a detector's record; the record itself is `int(index, detector)`. */
  shape(index: number, detector: number): number {
    return this.int(index, SHAPES + detector);
  }

  setRecord(index: number, detector: number, id: number, shape: number): void {
    this.setInt(index, detector, id);
    this.setInt(index, SHAPES + detector, shape);
  }

  /** Share of days on which it is heard of in a half hour of the day, in 200ths; UNKNOWN_HABIT before it has been seen there. */
  habit(index: number, slot: number): number {
    const half = this.#rows.halves(index + 1)[this.#habitAt(index, slot)]!;
    const kept = slot & 1 ? half >> 8 : half & 0xff;
    return kept === 0 ? UNKNOWN_HABIT : kept - 1;
  }

  setHabit(index: number, slot: number, share: number): void {
    const halves = this.#rows.halves(index + 1);
    const at = this.#habitAt(index, slot);
    halves[at] = slot & 1 ? (halves[at]! & 0xff) | ((share + 1) << 8) : (halves[at]! & 0xff00) | (share + 1);
  }

  #habitAt(index: number, slot: number): number {
    return 2 * (this.#rows.offset(index + 1) + HABIT_AT) + (slot >> 1);
  }

  get bytes(): number {
    return this.#rows.bytes + this.#names.bytes;
  }

  save(): { tenants: readonly TenantId[]; fleets: readonly number[]; parts: Uint8Array[] } {
    const parts = [...this.#names.save(), ...this.#rows.save()];
    return { tenants: this.#tenants, fleets: this.#fleets, parts };
  }

  load(tenants: readonly TenantId[], fleets: readonly number[], bytes: Uint8Array, at: number): number {
    this.#fleets.length = 0;
    this.#fleets.push(...fleets);
    this.#tenants.length = 0;
    this.#tenantNumbers.clear();
    for (const tenant of tenants) this.#tenantNumbers.set(tenant, this.#tenants.push(tenant) - 1);
    return this.#rows.load(bytes, this.#names.load(bytes, at));
  }
}
