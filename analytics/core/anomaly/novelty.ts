import { Tail } from './tail.ts';
import { dayShare, Mean, Spread, type Witness } from './witness.ts';

const PROTOTYPES = 256;
const ENOUGH = 3;
/** Growth of the distance at which a situation is a new one, when there are too many. */
const COARSER = 1.3;

type Features = (value: number, at: number) => number[];

/**
 * Situations never met: each sample becomes a point of features, and its distance to the nearest prototype says how new it is. What is
 * far becomes a prototype (leader clustering, Hartigan 1975); when there are too many, near ones are merged. Rare situations of long ago
 * are so remembered as well as frequent ones.
 */
export class Novelty implements Witness {
  readonly #features: Features;
  readonly #tail = new Tail();
  #prototypes: Float64Array[] = [];
  #apart: number;
  #scale = new Float64Array(0);
  #mean = new Float64Array(0);
  #seen = 0;

  /** `apart`: distance, in mean absolute deviations, at which a situation is a new one. */
  constructor(features: Features, apart: number) {
    this.#features = features;
    this.#apart = apart;
  }

  next(value: number, at: number): number {
    const point = Float64Array.from(this.#features(value, at));
    this.#measure(point);
    let nearest = Number.POSITIVE_INFINITY;
    for (const prototype of this.#prototypes) nearest = Math.min(nearest, this.#square(prototype, point, nearest));
    const distance = Math.sqrt(nearest);
    const known = this.#prototypes.length >= ENOUGH;
    if (!known || distance > this.#apart) this.#keep(point);
    return known ? this.#tail.next(distance) : 0;
  }

  #measure(point: Float64Array): void {
    if (this.#seen === 0) {
      this.#mean = point.slice();
      this.#scale = new Float64Array(point.length);
    }
    const rate = Math.max(1 / ++this.#seen, 0.001);
    for (let k = 0; k < point.length; k++) {
      this.#mean[k]! += rate * (point[k]! - this.#mean[k]!);
      this.#scale[k]! += rate * (Math.abs(point[k]! - this.#mean[k]!) - this.#scale[k]!);
    }
  }

  /** Squared distance, given up once over `limit`. */
  #square(a: Float64Array, b: Float64Array, limit: number): number {
    let sum = 0;
    for (let k = 0; k < b.length && sum <= limit; k++) {
      const difference = (a[k]! - b[k]!) / (this.#scale[k]! + 1e-9);
      sum += difference * difference;
    }
    return sum;
  }

  #keep(point: Float64Array): void {
    this.#prototypes.push(point);
    if (this.#prototypes.length <= PROTOTYPES) return;
    this.#apart *= COARSER;
    const limit = this.#apart * this.#apart;
    const kept: Float64Array[] = [];
    for (const one of this.#prototypes) {
      if (kept.every((other) => this.#square(other, one, limit) >= limit)) kept.push(one);
    }
    this.#prototypes = kept;
  }
}

function clock(at: number): [number, number] {
  const angle = dayShare(at) * 2 * Math.PI;
  return [Math.cos(angle), Math.sin(angle)];
}

/** Short and longer level, spread, and time of day. */
export function situation(): Features {
  const short = new Mean(3);
  const long = new Spread(12);
  return (value, at) => {
    long.next(value);
    return [short.next(value), long.mean, long.deviation, ...clock(at)];
  };
}

/** Level and time of day. */
export function levelByClock(): Features {
  const level = new Mean(5);
  return (value, at) => [level.next(value), ...clock(at)];
}

/** Level and the last step. */
export function levelAndStep(): Features {
  const level = new Mean(5);
  let last = Number.NaN;
  return (value) => {
    const step = Number.isNaN(last) ? 0 : value - last;
    last = value;
    return [level.next(value), step];
  };
}
