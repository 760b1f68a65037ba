import type { GroupShift } from './channel.ts';
import type { Detector } from './detector.ts';
import { GroupSums } from './group-sums.ts';
import { DAY } from './time.ts';
import { UsualRates } from './usual-rates.ts';

/** Errors that the wider group's rate is worth against the narrower's. */
const WIDER = 3;
/** Members that must have contributed lately before a group may excuse one of them, and the share of them that must deviate. */
const QUORUM = 2.4;
const MAJORITY = 0.6;
/** What one member may add: its own failure must not become everybody's excuse. */
const CLIP = 0.5;
/** K by which a part must be hotter than in its hottest hours to be one of those that are, and the most that it may add. */
const HOTTER_K = 3;
const MOST_K = 12;
/** Share of members that must be hotter for it to be the weather: three packs of four may be of one batch, and swell together. */
const NEARLY_ALL = 0.8;
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
  readonly #usual: UsualRates;
  readonly #views: readonly GroupView[];

  constructor(detectors: readonly Detector[]) {
    const usual = new UsualRates(detectors);
    this.#usual = usual;
    this.#views = detectors.map((detector, d) => new GroupView(detector, d, usual));
  }

  /** Number of a group, from 1, made where it is new. */
  idOf(name: string): number {
    let id = this.#ids.get(name);
    if (id === undefined) {
      id = this.#ids.size + 1;
      this.#ids.set(name, id);
      this.#names.push(name);
    }
    return id;
  }

  /** Whether `tenant/kind/name` is what a group is called whose tenant and kind are known to be those: asked for each message, so no text is put together. */
  isCalled(id: number, tenant: string, kind: string, name: string): boolean {
    const full = this.#names[id];
    return full !== undefined && full.length === tenant.length + kind.length + name.length + 2 && full.endsWith(name);
  }

  nameOf(id: number): string {
    return this.#names[id] ?? '';
  }

  get bytes(): number {
    return this.#views.reduce((sum, view) => sum + view.bytes, this.#usual.bytes);
  }

  /** A view of several groups at once for one detector: the strongest shared shift is what a member is excused. */
  shift(detector: number): GroupView {
    return this.#views[detector]!;
  }

  save(): { names: string[]; parts: Uint8Array[] } {
    return {
      names: [...this.#ids.keys()],
      parts: [...this.#usual.save(), ...this.#views.flatMap((view) => view.save())],
    };
  }

  load(names: readonly string[], bytes: Uint8Array, at: number): number {
    this.#ids.clear();
    this.#names.length = 1;
    this.#names.push(...names);
    names.forEach((name, i) => {
      this.#ids.set(name, i + 1);
    });
    return this.#views.reduce((cursor, view) => view.load(bytes, cursor), this.#usual.load(bytes, at));
  }
}

export class GroupView implements GroupShift {
  readonly groups: number[] = [];
  /** Who is of the same kind, narrowest first: model, fleet. */
  readonly kinds: number[] = [];
  isAlone = false;
  readonly #detector: Detector;
  readonly #bucketDays: number;
  readonly #sums: GroupSums;
  readonly #usual: UsualRates;
  /** Position of its detector. */
  readonly #index: number;

  constructor(detector: Detector, index: number, usual: UsualRates) {
    this.#detector = detector;
    this.#index = index;
    this.#usual = usual;
    this.#bucketDays = detector.bucketMs / DAY;
    this.#sums = new GroupSums(detector);
  }

  /** Points it to a terminal's groups, by what it shares with others and by its kind; 0 for those it has none of. */
  at(local: number, site: number, model: number, fleet: number): void {
    const { groups, kinds } = this;
    groups.length = 0;
    if (local !== 0) groups.push(local);
    if (local !== 0 && site !== 0 && site !== local) groups.push(site);
    groups.push(fleet);
    kinds.length = 0;
    if (model !== 0) kinds.push(model);
    kinds.push(fleet);
  }

  gauge(channel: number, deviation: number, day: number, part: number): number {
    const bucket = Math.floor(day / this.#bucketDays);
    const sums = this.#sums;
    const { numbers } = sums;
    let shift = 0;
    const cell = sums.gauges[channel]!;
    for (let i = 0; i < this.groups.length; i++) {
      const group = this.groups[i]!;
      const keep = keepOf(sums.read(group, cell, bucket), 2);
      const weight = numbers[0]! * keep;
      const sum = numbers[1]! * keep;
      const share = numbers[2]! * keep;
      if (weight * 0.39 >= QUORUM && share >= MAJORITY * weight) shift = Math.max(shift, sum / weight);
      numbers[0] = weight + part;
      numbers[1] = sum + part * Math.max(-CLIP, Math.min(CLIP, deviation));
      numbers[2] = share + (deviation > 0.06 ? part : 0);
      sums.write(group, cell, bucket);
    }
    return shift;
  }

  heat(beyond: number, day: number, part: number): void {
    const bucket = Math.floor(day / this.#bucketDays);
    const sums = this.#sums;
    const { numbers, heat } = sums;
    for (const group of this.groups) {
      const keep = keepOf(sums.read(group, heat, bucket), 2);
      numbers[0] = numbers[0]! * keep + part;
      numbers[1] = numbers[1]! * keep + part * Math.max(0, Math.min(MOST_K, beyond));
      numbers[2] = numbers[2]! * keep + (beyond > HOTTER_K ? part : 0);
      sums.write(group, heat, bucket);
    }
  }

  weather(day: number): number {
    const bucket = Math.floor(day / this.#bucketDays);
    const { numbers, heat } = this.#sums;
    let most = 0;
    for (const group of this.groups) {
      const keep = keepOf(this.#sums.read(group, heat, bucket), 2);
      const weight = numbers[0]!;
      if (weight * keep * 0.39 >= QUORUM && numbers[2]! >= NEARLY_ALL * weight)
        most = Math.max(most, numbers[1]! / weight);
    }
    return most;
  }

  rate(channel: number, observed: number, expected: number, first: boolean, day: number, part: number): number {
    const bucket = Math.floor(day / this.#bucketDays);
    const sums = this.#sums;
    const { numbers } = sums;
    let factor = 1;
    const cell = sums.rates[channel]!;
    for (let i = 0; i < this.groups.length; i++) {
      const group = this.groups[i]!;
      const keep = keepOf(sums.read(group, cell, bucket), WINDOW);
      const weight = numbers[0]! * keep;
      const errors = numbers[1]! * keep;
      const usual = numbers[2]! * keep;
      const up = numbers[3]! * keep;
      const fresh = numbers[4]! * keep;
      // Plentiful errors: most members are up. Rare ones: several members, each for the first time, within a few buckets.
      const many = weight / WINDOW >= QUORUM;
      const most = many && up >= MAJORITY * weight;
      const several =
        many &&
        fresh >= FRESH &&
        fresh >= (FRESH_SHARE * weight) / WINDOW &&
        fresh >= FRESH_TIMES * Math.min(usual, weight);
      if (most || several) factor = Math.max(factor, Math.min(50, (errors + 1) / (usual + 1)), several ? 3 : 1);
      // What is judged in pieces is one member's bucket all the same: a dead one must not make up most of its place.
      numbers[0] = weight + part;
      numbers[1] = errors + Math.min(observed, expected * 5 + 3 * part);
      numbers[2] = usual + expected;
      numbers[3] = up + (observed > expected * 1.7 + 0.5 ? part : 0);
      numbers[4] = fresh + (first && observed > expected * 1.7 + 0.5 ? 1 : 0);
      sums.write(group, cell, bucket);
    }
    return factor;
  }

  usual(channel: number): number {
    const { prior, priorUnits } = this.#detector.rates[channel]!;
    let rate = prior;
    let worth = prior * priorUnits;
    for (let i = this.kinds.length - 1; i >= 0; i--) {
      rate = this.#usual.of(this.kinds[i]!, this.#index, channel, rate, worth);
      worth = WIDER;
    }
    return rate;
  }

  learnUsual(channel: number, errors: number, units: number): void {
    for (const kind of this.kinds) this.#usual.add(kind, this.#index, channel, errors, units);
  }

  get bytes(): number {
    return this.#sums.bytes;
  }

  save(): Uint8Array[] {
    return this.#sums.save();
  }

  load(bytes: Uint8Array, at: number): number {
    return this.#sums.load(bytes, at);
  }
}

/** What is left of earlier contributions after some buckets, where `remembered` of them are. */
function keepOf(buckets: number, remembered: number): number {
  return buckets <= 0 ? 1 : Math.exp(-buckets / remembered);
}

/** The last part of a group's name: `tenant/kind/NAME`. */
export function nameOf(group: string): string {
  return group.slice(group.indexOf('/', group.indexOf('/') + 1) + 1);
}
