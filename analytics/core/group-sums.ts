import type { Detector } from './detector.ts';
import { pack, packSigned, unpack, unpackSigned } from './packed.ts';
import { readWords, Slab } from './slab.ts';

/** Units of what a small group keeps in 16 bits, below zero where the number may be. Gauges: weight, weighted deviation, weighted share of deviating members. */
const GAUGE_UNITS = [0.02, -0.005, 0.02];
/** Rates: weight, errors, expected errors, weighted share of members that are up, members newly up. */
const RATE_UNITS = [0.02, 0.1, 0.02, 0.02, 0.02];
/** Weight from which a group keeps floats: one member's share of the sums is then too small for 16 bits. */
const LARGE = 400;
/** Units from which it does so too: no number may come near the end of its code. */
const MUCH = 40_000;
/** Buckets by which what is late may be late; 16 bits of a bucket's number tell the rest. */
const LATE = 1000;

interface Cell {
  /** Index of its first number among all of a block, and units of them; its last bucket comes after. */
  readonly at: number;
  readonly units: readonly number[];
}

/**
 * Fading sums over the members of groups, by channel: 16 bits a number while a group is small, as sites and cells are, and floats once it
 * is a large one. One cell at a time is read into `numbers`, and written back from there.
 */
export class GroupSums {
  readonly numbers = new Float64Array(RATE_UNITS.length);
  /** Cells of gauges (those that have shared causes only) and of rates. */
  readonly gauges: readonly Cell[];
  readonly rates: readonly Cell[];
  /** What members are hotter than in their hottest hours by, as a gauge's; empty where the detector tells none. */
  readonly heat: Cell;
  readonly #small: Slab;
  readonly #large: Slab;
  /** Block by group: twice its number, and one more where it is a large one. */
  readonly #refs = new GroupRefs();

  constructor(detector: Detector) {
    let at = 0;
    const place = (units: readonly number[]): Cell => {
      const cell = { at, units };
      at += units.length + 1;
      return cell;
    };
    const none = { at: 0, units: [] };
    this.gauges = detector.gauges.map((gauge) => (gauge.common ? place(GAUGE_UNITS) : none));
    this.rates = detector.rates.map(() => place(RATE_UNITS));
    this.heat = detector.heat ? place(GAUGE_UNITS) : none;
    this.#small = new Slab(Math.max(1, Math.ceil(at / 2)));
    this.#large = new Slab(Math.max(1, at));
  }

  /** Reads a cell of a group; answers the buckets that have passed since it was last added to, below zero where `bucket` is late. */
  read(group: number, { at, units }: Cell, bucket: number): number {
    const ref = this.#refOf(group);
    const id = ref >>> 1;
    if (ref & 1) {
      const f = this.#large.floats(id);
      const o = this.#large.offset(id) + at;
      for (let i = 0; i < units.length; i++) this.numbers[i] = f[o + i]!;
      return bucket - f[o + units.length]!;
    }
    const h = this.#small.halves(id);
    const o = 2 * this.#small.offset(id) + at;
    for (let i = 0; i < units.length; i++) {
      const unit = units[i]!;
      this.numbers[i] = unit < 0 ? unpackSigned(h[o + i]!, -unit) : unpack(h[o + i]!, unit);
    }
    return this.numbers[0] === 0 ? 0 : since(h[o + units.length]!, bucket);
  }

  write(group: number, cell: Cell, bucket: number): void {
    const { at, units } = cell;
    const ref = this.#refOf(group);
    const id = ref >>> 1;
    if (ref & 1) {
      const f = this.#large.floats(id);
      const o = this.#large.offset(id) + at;
      for (let i = 0; i < units.length; i++) f[o + i] = this.numbers[i]!;
      f[o + units.length] = Math.max(f[o + units.length]!, bucket);
      return;
    }
    if (this.#outgrows(units)) {
      this.#enlarge(group, id, bucket);
      this.write(group, cell, bucket);
      return;
    }
    const h = this.#small.halves(id);
    const o = 2 * this.#small.offset(id) + at;
    const isNew = h[o] === 0;
    for (let i = 0; i < units.length; i++) {
      const unit = units[i]!;
      h[o + i] = unit < 0 ? packSigned(this.numbers[i]!, -unit) : pack(this.numbers[i]!, unit);
    }
    if (isNew || since(h[o + units.length]!, bucket) > 0) h[o + units.length] = bucket & 0xffff;
  }

  /** Whether one of the numbers has become too large for 16 bits. */
  #outgrows(units: readonly number[]): boolean {
    if (this.numbers[0]! > LARGE) return true;
    for (let i = 0; i < units.length; i++) if (Math.abs(this.numbers[i]!) > MUCH * Math.abs(units[i]!)) return true;
    return false;
  }

  #enlarge(group: number, small: number, bucket: number): void {
    const kept = this.numbers.slice();
    const id = this.#large.allocate();
    const f = this.#large.floats(id);
    const o = this.#large.offset(id);
    for (const { at, units } of [...this.gauges, ...this.rates, this.heat]) {
      if (units.length === 0) continue;
      const passed = this.read(group, { at, units }, bucket);
      for (let i = 0; i < units.length; i++) f[o + at + i] = this.numbers[i]!;
      f[o + at + units.length] = bucket - passed;
    }
    this.#small.release(small);
    this.#refs.set(group, id * 2 + 1);
    this.numbers.set(kept);
  }

  #refOf(group: number): number {
    const known = this.#refs.get(group);
    if (known !== 0) return known;
    const ref = this.#small.allocate() * 2;
    this.#refs.set(group, ref);
    return ref;
  }

  get bytes(): number {
    return this.#small.bytes + this.#large.bytes + this.#refs.bytes;
  }

  save(): Uint8Array[] {
    return [...this.#refs.save(), ...this.#small.save(), ...this.#large.save()];
  }

  load(bytes: Uint8Array, at: number): number {
    return this.#large.load(bytes, this.#small.load(bytes, this.#refs.load(bytes, at)));
  }
}

/** Buckets from the one whose last 16 bits are given to `bucket`. */
function since(last: number, bucket: number): number {
  const passed = (bucket - last) & 0xffff;
  return passed > 0xffff - LATE ? passed - 0x1_0000 : passed;
}

/** A number for each group, 0 where none has been set. */
export class GroupRefs {
  #refs = new Uint32Array(16);

  get(group: number): number {
    return this.#refs[group] ?? 0;
  }

  set(group: number, ref: number): void {
    if (group >= this.#refs.length) {
      const grown = new Uint32Array(group + 1 + (group >> 3));
      grown.set(this.#refs);
      this.#refs = grown;
    }
    this.#refs[group] = ref;
  }

  /** Groups that have one. */
  groups(): number[] {
    const groups: number[] = [];
    for (let group = 0; group < this.#refs.length; group++) if (this.#refs[group] !== 0) groups.push(group);
    return groups;
  }

  get bytes(): number {
    return this.#refs.byteLength;
  }

  save(): Uint8Array[] {
    const length = Uint32Array.of(this.#refs.length);
    return [new Uint8Array(length.buffer), new Uint8Array(this.#refs.buffer)];
  }

  load(bytes: Uint8Array, at: number): number {
    const [length = 0] = readWords(bytes, at, 1);
    this.#refs = readWords(bytes, at + 4, length);
    return at + 4 + length * 4;
  }
}

/** A row of words for each group, set aside when it is first asked for. */
export class GroupRows {
  readonly slab: Slab;
  readonly #refs = new GroupRefs();

  constructor(words: number) {
    this.slab = new Slab(words);
  }

  /** Number of the group's row; 0 where it has none. */
  find(group: number): number {
    return this.#refs.get(group);
  }

  rowOf(group: number): number {
    const known = this.find(group);
    if (known !== 0) return known;
    const id = this.slab.allocate();
    this.#refs.set(group, id);
    return id;
  }

  get bytes(): number {
    return this.slab.bytes + this.#refs.bytes;
  }

  save(): Uint8Array[] {
    return [...this.#refs.save(), ...this.slab.save()];
  }

  load(bytes: Uint8Array, at: number): number {
    return this.slab.load(bytes, this.#refs.load(bytes, at));
  }
}
