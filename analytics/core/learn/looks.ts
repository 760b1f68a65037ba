import { DeviceFeatures, type FeatureSpec, type ReadingRow } from './features.ts';

/** One look at one device, and what is known now of what came of it. */
export interface Look<T> {
  readonly device: string;
  readonly at: number;
  readonly seen: T;
  /** Whether it failed within the horizon. */
  readonly failed: boolean;
}

export interface LooksOptions<T> {
  readonly spec: FeatureSpec;
  /** Times of failures by device, rising. */
  readonly failures: ReadonlyMap<string, readonly number[]>;
  /** Least time between two looks, ms. */
  readonly everyMs: number;
  /** Which times are looked at. */
  readonly wanted: (at: number) => boolean;
  readonly see: (features: DeviceFeatures) => T;
  readonly take: (look: Look<T>) => void;
}

/**
 * Looks at devices as their readings go by, device after device and in time. A look whose device fell silent before its horizon was over,
 * without a failure that anybody knows of, is left out: it did not stay well, it was lost sight of.
 */
export class Looks<T> {
  readonly #options: LooksOptions<T>;
  readonly #open: Look<T>[] = [];
  #device: string | undefined;
  #features: DeviceFeatures;
  #nextFailure = 0;
  #looked = Number.NEGATIVE_INFINITY;
  #readings = 0;
  #first = 0;

  constructor(options: LooksOptions<T>) {
    this.#options = options;
    this.#features = new DeviceFeatures(options.spec);
  }

  take(device: string, row: ReadingRow): void {
    const { spec, everyMs, wanted, see } = this.#options;
    if (device !== this.#device) {
      this.end();
      this.#device = device;
      this.#features = new DeviceFeatures(spec);
      this.#nextFailure = 0;
      this.#looked = Number.NEGATIVE_INFINITY;
      this.#readings = 0;
      this.#first = row.at;
    }
    this.#readings++;
    const failures = this.#options.failures.get(device) ?? [];
    while (this.#nextFailure < failures.length && failures[this.#nextFailure]! <= row.at) {
      this.#features.failed(failures[this.#nextFailure++]!);
    }
    this.#features.take(row);
    this.#settle(row.at);
    if (row.at - this.#looked < everyMs) return;
    this.#looked = row.at;
    if (!wanted(row.at)) return;
    const next = failures[this.#nextFailure];
    const look = { device, at: row.at, seen: see(this.#features) };
    if (next === undefined) this.#open.push({ ...look, failed: false });
    else this.#options.take({ ...look, failed: next - row.at <= spec.horizonMs });
  }

  /** No reading of the device comes any more. */
  end(): void {
    // A reading may be out by as much as they usually are apart.
    const last = this.#features.at;
    const apart = (last - this.#first) / Math.max(1, this.#readings - 1);
    this.#settle(last + Math.max(this.#options.everyMs, apart));
    this.#open.length = 0;
  }

  #settle(seenUntil: number): void {
    const { spec, take } = this.#options;
    let done = 0;
    while (done < this.#open.length && this.#open[done]!.at + spec.horizonMs <= seenUntil) take(this.#open[done++]!);
    if (done > 0) this.#open.splice(0, done);
  }
}
