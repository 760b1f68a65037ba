import type { GroupShift } from './channel.ts';
import type { Detector } from './detector.ts';
import { Slab } from './slab.ts';
import { DAY } from './time.ts';

/** Numbers a channel keeps in a group: weight, weighted deviation, weighted share of deviating members, last day. */
const G = 4;
/** Rates: weight, errors, expected errors, weighted share of members that are up, members newly up, last day; then errors and units ever. */
const R = 8;
/** Errors that the wider group's rate is worth against the narrower's, and units after which half is forgotten (floats hold no more). */
const WIDER = 3;
const MUCH = 1 << 22;
/** Members that must have contributed lately before a group may excuse one of them, and the share of them that must deviate. */
const QUORUM = 2.4;
const MAJORITY = 0.6;
/** What one member may add: its own failure must not become everybody's excuse. */
const CLIP = 0.5;
/** Members newly up in the window, as a share of all and as a multiple of chance, that speak for a common cause of rare errors. */
const FRESH = 2.5;
const FRESH_SHARE = 0.2;
const FRESH_TIMES = 3;
/** Buckets that a group remembers of its members' rates. */
const WINDOW = 6;

/** What terminals of one site, cell or tenant share, by detector and channel: weather, holidays and carriers move all of them at once. */
export class Groups {
  readonly #ids = new Map<string, number>();
  readonly #names: string[] = [''];
  readonly #slabs: readonly Slab[];
  /** Block of a group in a detector's slab, 0 while none of its members has told anything: a cell knows nothing of printers. */
  readonly #blocks: Uint32Array[];
  readonly #detectors: readonly Detector[];

  constructor(detectors: readonly Detector[]) {
    this.#detectors = detectors;
    this.#slabs = detectors.map((d) => new Slab(Math.max(1, d.gauges.length * G + d.rates.length * R)));
    this.#blocks = detectors.map(() => new Uint32Array(64));
  }

  /** Number of a group, from 1, made where it is new. */
  idOf(name: string): number {
    let id = this.#ids.get(name);
    if (id === undefined) {
      id = this.#ids.size + 1;
      this.#ids.set(name, id);
      this.#names.push(name);
      for (let d = 0; d < this.#blocks.length; d++) this.#blocks[d] = roomFor(this.#blocks[d]!, id);
    }
    return id;
  }

  nameOf(id: number): string {
    return this.#names[id] ?? '';
  }

  get bytes(): number {
    return this.#slabs.reduce((sum, slab, d) => sum + slab.bytes + this.#blocks[d]!.byteLength, 0);
  }

  /** A view of several groups at once for one detector: the strongest shared shift is what a member is excused. */
  shift(detector: number): GroupView {
    const spec = this.#detectors[detector]!;
    return new GroupView(this.#slabs[detector]!, (id) => this.#blockOf(detector, id), spec);
  }

  #blockOf(detector: number, id: number): number {
    const blocks = this.#blocks[detector]!;
    return (blocks[id] ||= this.#slabs[detector]!.allocate());
  }

  save(): { names: string[]; parts: Uint8Array[] } {
    const parts = this.#slabs.flatMap((slab, d) => {
      const blocks = this.#blocks[d]!.slice(0, this.#names.length);
      return [new Uint8Array(blocks.buffer), ...slab.save()];
    });
    return { names: [...this.#ids.keys()], parts };
  }

  load(names: readonly string[], bytes: Uint8Array, at: number): number {
    this.#ids.clear();
    this.#names.length = 1;
    this.#names.push(...names);
    names.forEach((name, i) => {
      this.#ids.set(name, i + 1);
    });
    const length = (names.length + 1) * 4;
    return this.#slabs.reduce((cursor, slab, d) => {
      const blocks = roomFor(new Uint32Array(64), names.length);
      blocks.set(new Uint32Array(bytes.slice(cursor, cursor + length).buffer));
      this.#blocks[d] = blocks;
      return slab.load(bytes, cursor + length);
    }, at);
  }
}

/** The array, doubled until it holds `index`. */
function roomFor(array: Uint32Array, index: number): Uint32Array {
  if (index < array.length) return array;
  const grown = new Uint32Array(Math.max(array.length * 2, index + 1));
  grown.set(array);
  return grown;
}

export class GroupView implements GroupShift {
  readonly #slab: Slab;
  readonly #blockOf: (group: number) => number;
  readonly #gauges: number;
  readonly #bucketDays: number;
  groups: readonly number[] = [];
  /** Who is of the same kind, narrowest first: model, fleet. */
  kinds: readonly number[] = [];
  readonly #detector: Detector;

  constructor(slab: Slab, blockOf: (group: number) => number, detector: Detector) {
    this.#slab = slab;
    this.#blockOf = blockOf;
    this.#detector = detector;
    this.#gauges = detector.gauges.length;
    this.#bucketDays = detector.bucketMs / DAY;
  }

  gauge(channel: number, deviation: number, day: number): number {
    let shift = 0;
    for (const group of this.groups) {
      const id = this.#blockOf(group);
      const f = this.#slab.floats(id);
      const at = this.#slab.offset(id) + channel * G;
      const keep = this.#keep(day - f[at + 3]!, 2);
      const weight = f[at]! * keep;
      const sum = f[at + 1]! * keep;
      const share = f[at + 2]! * keep;
      if (weight * 0.39 >= QUORUM && share >= MAJORITY * weight) shift = Math.max(shift, sum / weight);
      f[at] = weight + 1;
      f[at + 1] = sum + Math.max(-CLIP, Math.min(CLIP, deviation));
      f[at + 2] = share + (deviation > 0.06 ? 1 : 0);
      if (day > f[at + 3]!) f[at + 3] = day;
    }
    return shift;
  }

  rate(channel: number, observed: number, expected: number, first: boolean, day: number): number {
    let factor = 1;
    for (const group of this.groups) {
      const id = this.#blockOf(group);
      const f = this.#slab.floats(id);
      const at = this.#slab.offset(id) + this.#gauges * G + channel * R;
      const keep = this.#keep(day - f[at + 5]!, WINDOW);
      const weight = f[at]! * keep;
      const errors = f[at + 1]! * keep;
      const usual = f[at + 2]! * keep;
      const up = f[at + 3]! * keep;
      const fresh = f[at + 4]! * keep;
      // Plentiful errors: most members are up. Rare ones: several members, each for the first time, within a few buckets.
      const many = weight / WINDOW >= QUORUM;
      const most = many && up >= MAJORITY * weight;
      const several =
        many &&
        fresh >= FRESH &&
        fresh >= (FRESH_SHARE * weight) / WINDOW &&
        fresh >= FRESH_TIMES * Math.min(usual, weight);
      if (most || several) factor = Math.max(factor, Math.min(50, (errors + 1) / (usual + 1)), several ? 3 : 1);
      f[at] = weight + 1;
      f[at + 1] = errors + Math.min(observed, expected * 5 + 3);
      f[at + 2] = usual + expected;
      f[at + 3] = up + (observed > expected * 1.7 + 0.5 ? 1 : 0);
      f[at + 4] = fresh + (first && observed > expected * 1.7 + 0.5 ? 1 : 0);
      if (day > f[at + 5]!) f[at + 5] = day;
    }
    return factor;
  }

  usual(channel: number): number {
    const { prior, priorUnits } = this.#detector.rates[channel]!;
    let rate = prior;
    let worth = prior * priorUnits;
    for (let i = this.kinds.length - 1; i >= 0; i--) {
      const id = this.#blockOf(this.kinds[i]!);
      const f = this.#slab.floats(id);
      const at = this.#slab.offset(id) + this.#gauges * G + channel * R;
      rate = (f[at + 6]! + worth) / (f[at + 7]! + worth / rate);
      worth = WIDER;
    }
    return rate;
  }

  learnUsual(channel: number, errors: number, units: number): void {
    for (const kind of this.kinds) {
      const id = this.#blockOf(kind);
      const f = this.#slab.floats(id);
      const at = this.#slab.offset(id) + this.#gauges * G + channel * R;
      f[at + 6]! += errors;
      f[at + 7]! += units;
      if (f[at + 7]! < MUCH) continue;
      f[at + 6]! /= 2;
      f[at + 7]! /= 2;
    }
  }

  /** What is left of earlier contributions after `days`, where `buckets` are remembered. */
  #keep(days: number, buckets: number): number {
    return days <= 0 ? 1 : Math.exp(-days / (buckets * this.#bucketDays));
  }
}

/** The last part of a group's name: `tenant/kind/NAME`. */
export function nameOf(group: string): string {
  return group.slice(group.indexOf('/', group.indexOf('/') + 1) + 1);
}
