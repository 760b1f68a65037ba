import type { GroupShift } from './block.ts';
import type { Detector } from './detector.ts';
import { Slab } from './slab.ts';

/** Numbers a channel keeps in a group: weight, weighted deviation, weighted share of deviating members, last day. */
const G = 4;
/** Rates: weight, errors, expected errors, weighted share of members that are up, last day. */
const R = 5;
/** Members that must have contributed lately before a group may excuse one of them, and the share of them that must deviate. */
const QUORUM = 3.5;
const MAJORITY = 0.6;
/** What one member may add: its own failure must not become everybody's excuse. */
const CLIP = 0.5;

/** What terminals of one site, cell or tenant share, by detector and channel: weather, holidays and carriers move all of them at once. */
export class Groups {
  readonly #ids = new Map<string, number>();
  readonly #names: string[] = [''];
  readonly #slabs: readonly Slab[];
  readonly #detectors: readonly Detector[];

  constructor(detectors: readonly Detector[]) {
    this.#detectors = detectors;
    this.#slabs = detectors.map((d) => new Slab(Math.max(1, d.gauges.length * G + d.rates.length * R)));
  }

  /** Number of a group, from 1, made where it is new. */
  idOf(name: string): number {
    let id = this.#ids.get(name);
    if (id === undefined) {
      id = this.#ids.size + 1;
      this.#ids.set(name, id);
      this.#names.push(name);
      for (const slab of this.#slabs) slab.allocate();
    }
    return id;
  }

  nameOf(id: number): string {
    return this.#names[id] ?? '';
  }

  get bytes(): number {
    return this.#slabs.reduce((sum, slab) => sum + slab.bytes, 0);
  }

  /** A view of several groups at once for one detector: the strongest shared shift is what a member is excused. */
  shift(detector: number): GroupView {
    const spec = this.#detectors[detector]!;
    return new GroupView(this.#slabs[detector]!, spec, spec.bucketMs / 86_400_000);
  }

  save(): { names: string[]; parts: Uint8Array[] } {
    return { names: [...this.#ids.keys()], parts: this.#slabs.flatMap((slab) => slab.save()) };
  }

  load(names: readonly string[], bytes: Uint8Array, at: number): number {
    this.#ids.clear();
    this.#names.length = 1;
    this.#names.push(...names);
    names.forEach((name, i) => {
      this.#ids.set(name, i + 1);
    });
    return this.#slabs.reduce((cursor, slab) => slab.load(bytes, cursor), at);
  }
}

export class GroupView implements GroupShift {
  readonly #slab: Slab;
  readonly #gauges: number;
  readonly #bucketDays: number;
  groups: readonly number[] = [];

  constructor(slab: Slab, detector: Detector, bucketDays: number) {
    this.#slab = slab;
    this.#gauges = detector.gauges.length;
    this.#bucketDays = bucketDays;
  }

  gauge(channel: number, deviation: number, day: number): number {
    let shift = 0;
    for (const id of this.groups) {
      const f = this.#slab.floats(id);
      const at = this.#slab.offset(id) + channel * G;
      const keep = this.#keep(day - f[at + 3]!);
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

  rate(channel: number, observed: number, expected: number, day: number): number {
    let factor = 1;
    for (const id of this.groups) {
      const f = this.#slab.floats(id);
      const at = this.#slab.offset(id) + this.#gauges * G + channel * R;
      const keep = this.#keep(day - f[at + 4]!);
      const weight = f[at]! * keep;
      const errors = f[at + 1]! * keep;
      const usual = f[at + 2]! * keep;
      const share = f[at + 3]! * keep;
      if (weight * 0.39 >= QUORUM && share >= MAJORITY * weight) {
        factor = Math.max(factor, Math.min(20, (errors + 1) / (usual + 1)));
      }
      f[at] = weight + 1;
      f[at + 1] = errors + Math.min(observed, expected * 5 + 3);
      f[at + 2] = usual + expected;
      f[at + 3] = share + (observed > expected * 1.7 + 0.5 ? 1 : 0);
      if (day > f[at + 4]!) f[at + 4] = day;
    }
    return factor;
  }

  /** What is left of earlier contributions after `days`: two buckets' memory. */
  #keep(days: number): number {
    return days <= 0 ? 1 : Math.exp(-days / (2 * this.#bucketDays));
  }
}

/** The last part of a group's name: `tenant/kind/NAME`. */
export function nameOf(group: string): string {
  return group.slice(group.indexOf('/', group.indexOf('/') + 1) + 1);
}
